"""Flags: what a person must know of a message whatever its label, as a table of phrases says or examples taught."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mailbot.classify.phrases import PhraseTable, plain_words
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import word_set
from mailbot.errors import RuleError

_WELSH = word_set(  # common, and no words of English
    "yn yr ei eich wedi mae roedd gan ddim chi cwyn hyn rwy rwyf dwi nid i'r o'r oedd gyda efo fy chi'n bod neu dim hwn wnes"
)
_BAR = -0.5  # a margin above this raises a learnt flag: one too many costs a look, one too few a right
_BARS = {
    "employer": -0.1,  # this and the next choose the letter that goes out by itself: rather too few than too many
    "mp": -0.3,
    "accessibility": -0.6,  # these are told in so many ways that few are sure
    "discrimination": -0.65,
    "legal_threat": -0.65,
    "media": -0.7,
    "out_of_time": -0.65,
}
_WELSH_SHARE = 0.05  # of the words; a letter in two languages counts
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Flags:
    """The flags that there are, and the phrases that raise them."""

    names: tuple[str, ...]
    phrases: PhraseTable
    flag_of: dict[str, str]  # by the phrase as it is written in the table

    def of(self, evidence: Evidence, margins: Mapping[str, float]) -> tuple[str, ...]:
        """The flags whose phrases stand in what was written now, and those that were learnt; welsh last.

        `margins` says how far the message lies on the side of each learnt flag.
        """
        words = plain_words(f"{evidence.subject}\n{evidence.live_text}")
        raised = {self.flag_of[phrase.text] for phrase, _, _ in self.phrases.found(words)}
        raised |= {name for name, margin in margins.items() if margin > _BARS.get(name, _BAR)}
        found = tuple(name for name in dict.fromkeys((*self.names, *margins)) if name in raised)
        return (*found, "welsh") if _is_welsh(evidence.live_text) else found


def read_flags(path: Path) -> Flags:
    """The table of `path`: lists of phrases by flag; RuleError when it is missing or wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"{path.name}: {error}", "compare it with the file that mailbot ships") from error
    flag_of = {phrase: name for name, phrases in table.items() for phrase in phrases}
    return Flags(tuple(table), PhraseTable(flag_of), flag_of)


def _is_welsh(text: str) -> bool:
    words = _WORD.findall(text.lower().replace("’", "'"))
    known = [word for word in words if word in _WELSH]
    return len(set(known)) > 2 and len(known) / len(words) > _WELSH_SHARE
