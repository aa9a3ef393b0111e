"""Messages to numbers: words, word pairs, parts of words and the envelope, each block weighed on its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.envelope import outside
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import Words, words_of

# A block is the first letter of a feature's name; the figure is its share of a message's length.
BLOCKS = {"w": 1.0, "c": 0.7, "s": 0.6, "q": 0.5, "o": 0.5, "f": 0.4, "l": 0.4}
_RARE = 3  # a feature must occur in this many examples
_KEPT = 50_000  # words whose columns are remembered; any stranger can send new ones
_FEW = 10  # words that a message is taken to have besides, so that one odd word in three means little
_FIRST, _LAST = 15, 25  # words at either end, where people say what they want


def parts_of(word: str) -> tuple[str, ...]:
    """The word's pieces of three to five characters, ends marked, so that misspellings still meet."""
    marked = f"<{word[:30]}>"
    return tuple(f"c{marked[at : at + size]}" for size in (3, 4, 5) for at in range(len(marked) - size + 1))


def names_of(evidence: Evidence, words: Words) -> list[str]:
    """Every feature that a message with these words has besides pieces of words, repeats included."""
    names = ["o" + fact for fact in outside(evidence)]
    names += _ends(words)
    for block, part in (("w", words.live), ("s", words.subject), ("q", words.quoted)):
        names += [block + word for word in part]
        names += [f"{block}{first} {second}" for first, second in pairwise(part)]
    return names


def _ends(words: Words) -> list[str]:
    return ["f" + word for word in words.live[:_FIRST]] + ["l" + word for word in words.live[-_LAST:]]


@dataclass
class Features:
    """The vocabulary learnt from examples, and what makes a matrix of messages with it."""

    columns: dict[str, int] = field(default_factory=dict)
    rarity: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # inverse document frequency

    def __post_init__(self) -> None:
        letters = list(BLOCKS)
        self._block = np.array([letters.index(name[0]) for name in self.columns], dtype=np.int64)
        self._known: dict[str, tuple[int, ...]] = {}
        self._share = np.array(list(BLOCKS.values()))

    @classmethod
    def learn(cls, messages: Sequence[Evidence]) -> "Features":
        """Keep what several messages share."""
        counts: Counter[str] = Counter()
        for message in messages:
            words = words_of(message)
            pieces = (piece for word in (*words.live, *words.subject) for piece in parts_of(word))
            counts.update({*names_of(message, words), *pieces})
        kept = sorted(name for name, count in counts.items() if count >= _RARE)
        rarity = np.array([np.log((1 + len(messages)) / (1 + counts[name])) + 1 for name in kept])
        return cls({name: column for column, name in enumerate(kept)}, rarity)

    def matrix(self, messages: Sequence[Evidence], words: Sequence[Words]) -> csr_matrix:
        """One row a message: damped counts times rarity, each block scaled to its share."""
        indices: list[int] = []
        ends = [0]
        find = self.columns.get
        for message, own in zip(messages, words, strict=True):
            for word in (*own.live, *own.subject):
                indices += self._pieces(word)
            indices += [column for name in names_of(message, own) if (column := find(name)) is not None]
            ends.append(len(indices))
        counts = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(ends) - 1, len(self.columns)))
        counts.sum_duplicates()
        counts.data = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        return self._scaled(counts)

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The columns of a word's pieces; words come back, so the answer is kept."""
        if word not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            find = self.columns.get
            self._known[word] = tuple(
                column for piece in parts_of(word) if (column := find(piece)) is not None
            )
        return self._known[word]

    def strangeness(self, words: Words) -> float:
        """The share of a message's own words that no few examples have, 0 to 1; nearly 0 for the shortest messages."""
        unknown = sum("w" + word not in self.columns for word in words.live)
        return unknown / (len(words.live) + _FEW)

    def _scaled(self, matrix: csr_matrix) -> csr_matrix:
        block = self._block[matrix.indices]
        place = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * len(self._share) + block
        length = np.sqrt(np.bincount(place, weights=matrix.data**2, minlength=1))
        matrix.data *= self._share[block] / length[place]
        return matrix
