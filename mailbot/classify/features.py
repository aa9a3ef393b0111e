"""Messages to numbers: words, word pairs, parts of words and the envelope, each block weighed on its own."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.envelope import outside
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import Clause, Words, asks, words_of

# A block is the first letter of a feature's name; the figure is its share of a message's length.
BLOCKS = {
    "w": 1.0,  # words and word pairs written now
    "c": 0.7,  # pieces of words
    "p": 0.6,  # words, in what mailbox
    "t": 0.6,  # how clauses begin and end
    "a": 0.5,  # what sentences that ask have in them
    "s": 0.5,  # the subject
    "q": 0.5,  # quoted history
    "o": 0.5,  # the envelope
    "f": 0.4,  # the first words
    "l": 0.4,  # the last words
}
_RARE = 3  # a feature must occur in this many examples
_KEPT = 50_000  # words whose columns are remembered; any stranger can send new ones
_FEW = 10  # words that a message is taken to have besides, so that one odd word in three means little
_OPENING = 3  # words of a clause that show what it sets out to do
_FIRST, _LAST = 15, 25  # words at either end, where people say what they want


def parts_of(word: str) -> tuple[str, ...]:
    """The word's pieces of four and five characters, ends marked, so that misspellings still meet."""
    marked = f"<{word[:30]}>"
    return tuple(f"c{marked[at : at + size]}" for size in (4, 5) for at in range(len(marked) - size + 1))


def names_of(evidence: Evidence, words: Words) -> list[str]:
    """Every feature that a message with these words has besides pieces of words, repeats included."""
    names = ["o" + fact for fact in outside(evidence)]
    names += _ends(words)
    # Which act a sentence is stands in how it begins: "could you", "i have decided", "thank you for".
    names += [name for sentence in words.sentences for clause in sentence for name in _manner(clause)]
    names += [name for sentence in words.sentences for name in _asked(sentence)]
    # The same grievance is ours in one mailbox and somebody else's in another.
    names += [f"p{evidence.procedure} {word}" for word in (*words.live, *words.subject)]
    for block, part in (("w", words.live), ("s", words.subject), ("q", words.quoted)):
        names += [block + word for word in part]
        names += [f"{block}{first} {second}" for first, second in pairwise(part)]
    return names


def _ends(words: Words) -> list[str]:
    return ["f" + word for word in words.live[:_FIRST]] + ["l" + word for word in words.live[-_LAST:]]


def _manner(clause: Clause) -> list[str]:
    """How a clause begins and ends, and about how long it is; a question is told from the rest."""
    mark = "?" if clause[-1] == "?" else "."
    words = [word for word in clause if word not in "?!"]
    starts = [" ".join(words[:count]) for count in range(1, min(_OPENING, len(words)) + 1)]
    return [f"t{mark}{text}" for text in (*starts, "$" + " ".join(words[-2:]), f"len{len(words) // 4}")]


def _asked(sentence: Sequence[Clause]) -> list[str]:
    words = [word for clause in sentence for word in clause]
    if not (how := asks(words)):
        return []
    return [f"a{how} {word}" for word in words] + [f"a{how} {one} {two}" for one, two in pairwise(words)]


@dataclass(frozen=True)
class Counts:
    """How often each feature occurs in each of many messages: what a vocabulary is learnt from, whole or in part."""

    names: tuple[str, ...]
    table: csr_matrix  # messages x names

    @classmethod
    def of(cls, messages: Sequence[Evidence]) -> "Counts":
        """Count everything that the messages hold."""
        columns: dict[str, int] = {}
        table = _table(
            messages,
            [words_of(one) for one in messages],
            lambda name: columns.setdefault(name, len(columns)),
            {},
        )
        table.resize(len(messages), len(columns))
        return cls(tuple(columns), table)

    def rows(self, rows: Sequence[int] | NDArray[np.int64]) -> "Counts":
        """The counts of some of the messages."""
        return Counts(self.names, self.table[rows])


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
    def learn(cls, counts: Counts) -> tuple["Features", csr_matrix]:
        """Keep what several messages share; with the matrix of the messages that were counted."""
        found_in = np.bincount(counts.table.indices, minlength=len(counts.names))
        kept = sorted(np.flatnonzero(found_in >= _RARE).tolist(), key=counts.names.__getitem__)
        rarity = np.log((1 + counts.table.shape[0]) / (1 + found_in[kept])) + 1
        features = cls({counts.names[at]: column for column, at in enumerate(kept)}, rarity)
        return features, features._weighed(counts.table[:, kept])

    def matrix(self, messages: Sequence[Evidence], words: Sequence[Words]) -> csr_matrix:
        """One row a message: damped counts times rarity, each block scaled to its share."""
        if len(self._known) > _KEPT:
            self._known.clear()
        table = _table(messages, words, self.columns.get, self._known)
        table.resize(len(messages), len(self.columns))
        return self._weighed(table)

    def strangeness(self, words: Words) -> float:
        """The share of a message's own words that no few examples have, 0 to 1; nearly 0 for the shortest messages."""
        unknown = sum("w" + word not in self.columns for word in words.live)
        return unknown / (len(words.live) + _FEW)

    def _weighed(self, matrix: csr_matrix) -> csr_matrix:
        matrix.data = (1 + np.log(matrix.data)) * self.rarity[matrix.indices]
        block = self._block[matrix.indices]
        place = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * len(self._share) + block
        length = np.sqrt(np.bincount(place, weights=matrix.data**2, minlength=1))
        matrix.data *= self._share[block] / length[place]
        return matrix


def _table(
    messages: Sequence[Evidence],
    words: Sequence[Words],
    find: Callable[[str], int | None],
    known: dict[str, tuple[int, ...]],
) -> csr_matrix:
    """How often each feature occurs in each message, in the columns that `find` gives; `known` remembers words' pieces."""
    columns, ends = array("i"), array("q", [0])
    for message, own in zip(messages, words, strict=True):
        for word in (*own.live, *own.subject):
            if word not in known:
                known[word] = tuple(at for piece in parts_of(word) if (at := find(piece)) is not None)
            columns.extend(known[word])
        columns.extend(at for name in names_of(message, own) if (at := find(name)) is not None)
        ends.append(len(columns))
    shape = len(messages), max(columns, default=-1) + 1
    table = csr_matrix((np.ones(len(columns)), np.array(columns), np.array(ends)), shape=shape)
    table.sum_duplicates()
    return table
