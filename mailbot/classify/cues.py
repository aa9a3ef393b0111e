"""Cues: what a careful officer would say that a sentence does, as the examples' folder lists them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailbot.casework.labels import Label
from mailbot.classify.phrases import PhraseTable, plain_words
from mailbot.errors import RuleError

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True)
class Cue:
    """A kind of thing that messages say; `says` completes "the message ..."."""

    says: str
    label: Label  # the label that it speaks for
    phrases: PhraseTable

    def stands_in(self, sentence: str) -> bool:
        """True when one of the cue's phrases stands in the sentence."""
        words = ["0" if word.isdigit() and word not in "123" else word for word in plain_words(sentence)]
        return any(True for _ in self.phrases.found(words))


def read_cues(path: Path) -> tuple[Cue, ...]:
    """The cues of a table, in its order; RuleError when it is missing or wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return tuple(
            Cue(one["says"], Label(one["label"]), PhraseTable(one["phrases"])) for one in table.values()
        )
    except (OSError, ValueError, KeyError) as error:
        raise RuleError(f"{path.name}: {error}", "compare it with the file that mailbot ships") from error


def sentences(text: str) -> Iterator[str]:
    """The text's sentences and lines, without empty ones."""
    return (part.strip() for part in _SENTENCE.split(text) if part.strip())
