"""Plain phrases, as an organisation writes them in a table, found quickly in what people wrote.

A phrase is words in order: `a|b` either word, `*` up to three words of any kind, `word~` any word that begins so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

_GAP = 3  # words that a `*` may stand for
_WORD = re.compile(r"[^\W_]+|[.!?;\n]")
_STEM = 4  # letters of a `word~` that are looked up; a shorter stem is an error of the table


def plain_words(text: str) -> list[str]:
    """Lower-case words without apostrophes, with the stops between sentences as words of their own."""
    plain = text.lower().replace("’", "").replace("'", "")
    return _WORD.findall(plain.replace("can not", "cant").replace("cannot", "cant"))


@dataclass(frozen=True)
class Phrase:
    """One line of the table."""

    text: str
    steps: tuple[frozenset[str] | None, ...]  # None is a gap
    second: (
        frozenset[str] | None
    )  # what must follow the first word, where whole words alone may: most fail here

    def ends(self, words: Sequence[str], start: int) -> int | None:
        """Where the phrase ends when it begins at `start`, else None."""
        return _follow(self.steps, words, start)


class PhraseTable:
    """Phrases by the words that they may begin with, so that most are never tried."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_stem: dict[str, list[Phrase]] = {}
        for line in lines:
            steps = tuple(_step(part) for part in line.split())
            phrase = Phrase(line, steps, _whole_words(steps[1]) if len(steps) > 1 else None)
            for word in phrase.steps[0] or ():
                place = self._by_stem if word.endswith("~") else self._by_word
                place.setdefault(word[:_STEM] if word.endswith("~") else word, []).append(phrase)

    def found(self, words: Sequence[str]) -> Iterator[tuple[Phrase, int, int]]:
        """Every phrase in the words with the place of its first word and the place after its last."""
        for start, (word, following) in enumerate(zip_longest(words, words[1:], fillvalue="")):
            for phrase in (*self._by_word.get(word, ()), *self._by_stem.get(word[:_STEM], ())):
                if phrase.second and following not in phrase.second:
                    continue
                if (end := phrase.ends(words, start)) is not None:
                    yield phrase, start, end


def _step(part: str) -> frozenset[str] | None:
    return None if part == "*" else frozenset(part.split("|"))


def _whole_words(step: frozenset[str] | None) -> frozenset[str] | None:
    return None if step is None or any(one.endswith("~") for one in step) else step


def _fits(step: frozenset[str], word: str) -> bool:
    return word in step or any(one[-1:] == "~" and word.startswith(one[:-1]) for one in step)


def _follow(steps: Sequence[frozenset[str] | None], words: Sequence[str], at: int) -> int | None:
    for number, step in enumerate(steps):
        if step is None:
            rest = steps[number + 1 :]
            tries = (_follow(rest, words, at + skipped) for skipped in range(_GAP + 1))
            return next((end for end in tries if end is not None), None)
        if at >= len(words) or not _fits(step, words[at]):
            return None
        at += 1
    return at
