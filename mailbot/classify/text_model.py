"""The model of text: features of the message to a probability for each label, calibrated across authors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, logsumexp, softmax

from mailbot.casework.labels import Label
from mailbot.classify.corpus import Example
from mailbot.classify.features import Features
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import tokens, words_of

LABELS = tuple(Label)
SEED = 20261121
_STRENGTH = 0.5  # inverse of the penalty on the weights of a label
_KIND_STRENGTH = 0.8  # the same for a kind
_NEAR_ENOUGH = 0.01  # where learning the kinds may stop; closer takes longer and is no better
_ENOUGH = 20  # examples of a kind that it is learnt from; rarer ones go together
_SHARPNESS, _KINDS_SAY = (
    6.0,
    1.5,
)  # how much the likeliest kind of a label outweighs its others, and all of them the label
_USUAL = 0.06  # the share of unknown words that complaints from new writers commonly have
_DOUBT = 12.0  # how fast a message of stranger words loses confidence: at 0.14 twice as unsure
_PARTS = 3  # of whole author files: calibrated on one whose hands were not learnt from


@dataclass(frozen=True)
class TextModel:
    """Weights per feature and label, then per feature and kind; `temperature` above 1 means that raw scores are too sure.

    A label such as "other" is many things that share no words: thanks, bounces, questions. So each kind of message has
    a line of its own, and a label is as likely as its likeliest kinds say, besides its own line.
    """

    features: Features
    weights: NDArray[np.float64]  # features x (labels, then kinds)
    bias: NDArray[np.float64]
    owners: NDArray[np.int64]  # the label of each kind, as its place in LABELS
    temperature: float

    def scores(self, messages: Sequence[Evidence]) -> NDArray[np.float64]:
        """Margins over the temperature, to serve as log-odds: one row a message, a column for each of LABELS."""
        words = [words_of(message) for message in messages]
        margins = self.features.matrix(messages, words) @ self.weights + self.bias
        raw = margins[:, : len(LABELS)] + _KINDS_SAY * self._by_kind(margins[:, len(LABELS) :])
        strange = np.array([self.features.strangeness(one) for one in words])
        doubt = 1 + _DOUBT * np.maximum(0, strange - _USUAL)
        return np.asarray(raw / (self.temperature * doubt[:, None]))

    def _by_kind(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """The margin of each label as its kinds give it: nearly that of the best of them."""
        sharp = margins * _SHARPNESS
        own = [logsumexp(sharp[:, self.owners == number], axis=1) for number in range(len(LABELS))]
        return np.stack(own, axis=1) / _SHARPNESS

    def words_for(self, sentences: Sequence[str], label: Label, rival: Label) -> list[float]:
        """How much the words of each sentence speak for `label` against `rival`; zero where they speak for neither."""
        found = [(column, place) for place, one in enumerate(sentences) for column in self._columns(one)]
        if not found:
            return [0.0] * len(sentences)
        columns, places = np.array(found).T
        margin = self.weights[columns, LABELS.index(label)] - self.weights[columns, LABELS.index(rival)]
        weighed = np.bincount(places, margin * self.features.rarity[columns], len(sentences))
        return [float(value) for value in weighed]

    def _columns(self, sentence: str) -> list[int]:
        words, find = tokens(sentence), self.features.columns.get
        names = ["w" + word for word in words] + [f"w{first} {second}" for first, second in pairwise(words)]
        return [column for name in names if (column := find(name)) is not None]

    def probabilities(self, messages: Sequence[Evidence]) -> NDArray[np.float64]:
        """Calibrated probabilities, rows adding up to 1."""
        return np.asarray(softmax(self.scores(messages), axis=1))


def train(examples: Sequence[Example]) -> TextModel:
    """Learn from the examples; the same examples always give the same model."""
    from sklearn.model_selection import (
        GroupKFold,
    )  # here: importing it takes a second, and most commands never train

    authors = [example.hand for example in examples]
    known, held = next(GroupKFold(min(_PARTS, len(set(authors)))).split(authors, groups=authors))
    others = [examples[row] for row in held]
    scores = fit([examples[row] for row in known]).scores([example.evidence for example in others])
    truth = np.array([LABELS.index(example.label) for example in others])
    return fit(examples, best_temperature(scores, truth))


def fit(examples: Sequence[Example], temperature: float = 1.0) -> TextModel:
    """The model that the examples teach, with a temperature found elsewhere; 1 leaves the margins as they are."""
    messages = [example.evidence for example in examples]
    features = Features.learn(messages)
    matrix = features.matrix(messages, [words_of(message) for message in messages])
    labels = [LABELS.index(example.label) for example in examples]
    kinds = _kinds(examples)
    names = sorted(set(kinds))
    of_labels = _lines(matrix, labels, C=_STRENGTH, class_weight="balanced")
    truth = [names.index(kind) for kind in kinds]
    of_kinds = _lines(matrix, truth, C=_KIND_STRENGTH, loss="hinge", tol=_NEAR_ENOUGH)
    weights, bias = (np.concatenate(both, axis=-1) for both in zip(of_labels, of_kinds, strict=True))
    owners = np.array([LABELS.index(label) for label, _ in names])
    return TextModel(features, weights, bias, owners, temperature)


def _kinds(examples: Sequence[Example]) -> list[tuple[Label, str]]:
    """The kind of each example within its label; "" where the kind is unknown or rare."""
    counts = Counter((example.label, example.kind) for example in examples)
    return [
        (example.label, example.kind if counts[example.label, example.kind] >= _ENOUGH else "")
        for example in examples
    ]


def _lines(
    matrix: csr_matrix, truth: Sequence[int], **options: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (features x classes) and biases that part each class from all the others."""
    from sklearn.svm import LinearSVC  # here: importing it takes a second, and most commands never train

    model = LinearSVC(random_state=SEED, **options).fit(matrix, truth)
    return model.coef_.T, model.intercept_


def best_temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature under which the held-out truth is likeliest."""

    def loss(log_temperature: float) -> float:
        return -float(
            log_softmax(scores / np.exp(log_temperature), axis=1)[np.arange(len(truth)), truth].mean()
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 2), method="bounded").x))
