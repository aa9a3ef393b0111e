"""A small linear classifier of sentences: how much one, or two together, sound like somebody who may come to harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.wording import KindTable, Sentence, names_of_pairs, names_of_word

_KEPT = 50_000  # words whose sums are remembered; any stranger can send new ones
_WINDOW = 2  # sentences that are weighed together
Floats = NDArray[np.float64]


def windows(count: int) -> list[tuple[int, int]]:
    """First and behind the last of each sentence alone and of each two neighbours."""
    return [(at, at + size) for size in range(1, _WINDOW + 1) for at in range(count - size + 1)]


@dataclass(frozen=True)
class Heard:
    """The window that weighed most."""

    strength: float
    first: int
    behind: int
    likeness: Floats  # to each category, in the order in which they were learnt


@dataclass(frozen=True)
class Hunch:
    """Weights of features; the first column is harm itself, the others tell its categories apart.

    The last column of `table` is the square of a feature's rarity, so that a sentence is only sums of rows.
    """

    columns: Mapping[str, int]
    table: Floats  # features x (1 + categories + 1)
    bias: Floats  # 1 + categories
    kinds: KindTable
    _known: dict[str, Floats] = field(default_factory=dict)

    def weigh(self, parts: Sequence[Sentence]) -> Heard | None:
        """The strongest window of a message's sentences; None where there are no words."""
        if not parts:
            return None
        sums = np.array([self._sum_of(sentence) for sentence in parts])
        places = windows(len(parts))
        upto = np.vstack([np.zeros(sums.shape[1]), np.cumsum(sums, axis=0)])
        first, behind = np.array(places).T
        totals = upto[behind] - upto[first]
        scores = totals[:, :-1] / np.sqrt(np.maximum(totals[:, -1:], 1e-9)) + self.bias
        best = int(np.argmax(scores[:, 0]))
        return Heard(float(scores[best, 0]), *places[best], scores[best, 1:])

    def _sum_of(self, sentence: Sentence) -> Floats:
        total = self._sum((*names_of_pairs(sentence), *self.kinds.names(sentence)))
        for word in sentence:
            total += self._word(word)
        return total

    def _word(self, word: str) -> Floats:
        if word not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[word] = self._sum(names_of_word(word))
        return self._known[word]

    def _sum(self, names: Sequence[str]) -> Floats:
        find = self.columns.get
        found = [column for name in names if (column := find(name)) is not None]
        return np.asarray(self.table[found].sum(axis=0))
