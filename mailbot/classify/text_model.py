"""The model of text: a line through the features of a message for each label, each kind of message, and each flag."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

from mailbot.casework.labels import Label
from mailbot.classify.corpus import Example
from mailbot.classify.features import Counts, Features
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import tokens, words_of

LABELS = tuple(Label)
LEARNT_FLAGS = (
    *("mp", "employer", "representative", "mixed", "policy", "data_protection", "outcome", "accessibility"),
    *("subject_access", "withdrawal", "wrong_address", "discrimination", "legal_threat", "media"),
    "out_of_time",
)
_FLAG_KINDS = {"mp_letter": "mp"}  # kinds that are a flag under another name
SEED = 20261121
_STRENGTH = 0.5  # inverse of the penalty on the weights of a label
_SMALL = {
    "C": 0.8,
    "loss": "hinge",
    "tol": 0.01,
}  # for kinds and flags; a closer fit takes longer and is no better
_FOR_THE_RARE = 0.75  # 1 would weigh all kinds the same, 0 all examples
_ENOUGH = 20  # examples of a kind or flag that it is learnt from; rarer kinds go together
_SHARPNESS = 12.0  # how much the likeliest kind of a label outweighs its others
_USUAL = 0.035  # the share of unknown words that complaints from new writers commonly have
_DOUBT = 20.0  # how fast a message of stranger words loses confidence: at 0.085 twice as unsure


@dataclass(frozen=True)
class Opinion:
    """What the model makes of messages, one row each."""

    labels: NDArray[np.float64]  # margins: a column for each of LABELS
    by_kind: NDArray[np.float64]  # what the margins of its kinds give for each of LABELS
    doubt: NDArray[np.float64]  # 1 and more: the stranger the words, the less all margins mean
    kinds: NDArray[np.float64]  # margins: a column for each of the model's kinds
    flags: NDArray[np.float64]  # margins: a column for each of the model's flags


@dataclass(frozen=True)
class TextModel:
    """Weights per feature and label, kind and flag.

    A label such as "other" is many things that share no words: thanks, bounces, questions. So each kind of message has
    a line of its own, and a label is as likely as its likeliest kinds say, besides its own line.
    """

    features: Features
    kinds: tuple[tuple[Label, str], ...]
    flags: tuple[str, ...]
    weights: NDArray[np.float64]  # features x (labels, then kinds, then flags)
    bias: NDArray[np.float64]

    def read(self, messages: Sequence[Evidence]) -> Opinion:
        """Everything that the words and the envelope say."""
        words = [words_of(message) for message in messages]
        margins = self.features.matrix(messages, words) @ self.weights + self.bias
        labels, kinds, flags = np.split(margins, (len(LABELS), len(LABELS) + len(self.kinds)), axis=1)
        strange = np.array([self.features.strangeness(one) for one in words])
        doubt = 1 + _DOUBT * np.maximum(0, strange - _USUAL)
        return Opinion(labels, self._by_kind(kinds), doubt, kinds, flags)

    def _by_kind(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """The margin of each label as its kinds give it: nearly that of the best of them."""
        own = [logsumexp(margins[:, self.of_label(label)] * _SHARPNESS, axis=1) for label in LABELS]
        return np.stack(own, axis=1) / _SHARPNESS

    def of_label(self, label: Label) -> list[int]:
        """The places of a label's kinds among the model's."""
        return [place for place, (one, _) in enumerate(self.kinds) if one is label]

    def words_for(self, sentences: Sequence[str], kind: int, rival: int) -> list[float]:
        """How much the words of each sentence speak for one kind against another, both given by their places."""
        found = [(column, place) for place, one in enumerate(sentences) for column in self._columns(one)]
        if not found:
            return [0.0] * len(sentences)
        columns, places = np.array(found).T
        margin = self.weights[columns, len(LABELS) + kind] - self.weights[columns, len(LABELS) + rival]
        weighed = np.bincount(places, margin * self.features.rarity[columns], len(sentences))
        return [float(value) for value in weighed]

    def _columns(self, sentence: str) -> list[int]:
        words, find = tokens(sentence), self.features.columns.get
        names = ["w" + word for word in words] + [f"w{first} {second}" for first, second in pairwise(words)]
        return [column for name in names if (column := find(name)) is not None]


def train(examples: Sequence[Example]) -> TextModel:
    """Learn from the examples; the same examples always give the same model."""
    return fit(examples, Counts.of([example.evidence for example in examples]))


def fit(examples: Sequence[Example], counts: Counts, flags: Sequence[str] = LEARNT_FLAGS) -> TextModel:
    """The model that the examples, counted before, teach.

    Of `flags`, those are learnt that the examples have often enough.
    """
    features, matrix = Features.learn(counts)
    kinds = _kinds(examples)
    names = tuple(sorted(set(kinds)))
    learnt = _often_enough(examples, flags)
    of_labels = _lines(
        matrix,
        [LABELS.index(example.label) for example in examples],
        C=_STRENGTH,
        class_weight="balanced",
    )
    places = [names.index(kind) for kind in kinds]
    of_kinds = _lines(matrix, places, class_weight=_weights(places), **_SMALL)
    of_flags = (
        _lines(matrix, [name in flagged(example) for example in examples], **_SMALL) for name in learnt
    )
    weights, bias = (np.hstack(parts) for parts in zip(of_labels, of_kinds, *of_flags, strict=True))
    return TextModel(features, names, learnt, weights, bias)


def flagged(example: Example) -> frozenset[str]:
    """The flags of an example; some kinds are flags too."""
    return frozenset((*example.flags, _FLAG_KINDS.get(example.kind, example.kind)))


def _often_enough(examples: Sequence[Example], flags: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(name for example in examples for name in flagged(example))
    return tuple(name for name in flags if counts[name] >= _ENOUGH)


def _kinds(examples: Sequence[Example]) -> list[tuple[Label, str]]:
    """The kind of each example within its label; "" where the kind is unknown or rare."""
    counts = Counter((example.label, example.kind) for example in examples)
    return [
        (example.label, example.kind if counts[example.label, example.kind] >= _ENOUGH else "")
        for example in examples
    ]


def _weights(truth: Sequence[int]) -> dict[int, float]:
    """What a mistake costs in each class: more in the rare ones, else every compliment is taken for a complaint."""
    counts = Counter(truth)
    usual = len(truth) / len(counts)
    return {one: (usual / count) ** _FOR_THE_RARE for one, count in counts.items()}


def _lines(
    matrix: csr_matrix, truth: Sequence[int], **options: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (features x classes) and biases that part each class from all the others."""
    from sklearn.svm import LinearSVC  # here: importing it takes a second, and most commands never train

    model = LinearSVC(random_state=SEED, **options).fit(matrix, truth)
    return model.coef_.T, model.intercept_
