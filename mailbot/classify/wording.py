"""What somebody wrote as sentences of mended words, and what the small classifier of harm sees in a word and a sentence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mailbot.classify.phrases import PhraseTable, plain_words
from mailbot.classify.spelling import Speller

STOPS = frozenset(".!?;\n")
_LONGEST = 20_000  # characters that are read; what matters is said before
_SENTENCE = 35  # words; who writes without stops is read in pieces
_CRUMB = 3  # words; a shorter sentence belongs to the one before
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile("[aeiouyh]")
_SAME_SOUND = (("ph", "f"), ("ck", "k"), ("kn", "n"), ("wr", "r"), ("gh", ""), ("c", "k"), ("z", "s"))

Sentence = Sequence[str]


@dataclass(frozen=True)
class Reader:
    """Mends hurried spellings and slips."""

    heard_as: Mapping[str, str]
    speller: Speller

    def words(self, text: str) -> list[str]:
        """Lower-case words with stops between sentences; amounts of money and numbers are masked."""
        words = plain_words(text[:_LONGEST].replace("£", " zmoney "))
        return ["0" if word.isdigit() else self._mended(word) for word in words]

    def _mended(self, word: str) -> str:
        return self.speller.right(self.heard_as.get(word, word))


def sentences(words: Sequence[str]) -> list[Sentence]:
    """The words between stops, in pieces where there are none; crumbs join the sentence before them."""
    found: list[list[str]] = []
    part: list[str] = []
    for word in (*words, "."):
        if word not in STOPS:
            part.append(word)
        if part and (word in STOPS or len(part) == _SENTENCE):
            if found and len(part) < _CRUMB:
                found[-1] += part
            else:
                found.append(part)
            part = []
    return list(found)


class KindTable:
    """The kinds of word that a table names, one word may be of several."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._kinds: dict[str, list[str]] = {}
        for kind, lines in table.items():
            for line in lines:
                self._kinds.setdefault(line, []).append("k" + kind)
        self._phrases = PhraseTable(self._kinds)

    def names(self, sentence: Sentence) -> list[str]:
        """The kinds in a sentence, repeats included, as features."""
        return [kind for phrase, _, _ in self._phrases.found(sentence) for kind in self._kinds[phrase.text]]


def names_of_word(word: str) -> list[str]:
    """The word, how it sounds, and its pieces of three to five letters, so that misspellings still meet.

    The kept weights follow from these names, so they are this room's own and not those of features.py.
    """
    marked = f"<{word[:30]}>"
    pieces = [f"c{marked[at : at + size]}" for size in (3, 4, 5) for at in range(len(marked) - size + 1)]
    return ["w" + word, "x" + _sound(word[:30]), *pieces]


def names_of_pairs(sentence: Sentence) -> list[str]:
    """Neighbours, with the beginning and the end of the sentence as neighbours too."""
    return [f"b{first} {second}" for first, second in pairwise(("^", *sentence, "$"))]


@lru_cache(maxsize=50_000)
def _sound(word: str) -> str:
    """Consonants by sound: "wen" and "when", "tryed" and "tried" are the same."""
    for written, heard in _SAME_SOUND:
        word = word.replace(written, heard)
    word = _DOUBLED.sub(r"\1", word)
    return word[:1] + _SILENT.sub("", word[1:])
