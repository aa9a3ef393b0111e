"""The model of text: features of the message to a probability for each label, calibrated across authors."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from mailbot.casework.labels import Label
from mailbot.classify.corpus import Example
from mailbot.classify.features import Features
from mailbot.classify.verdict import Evidence
from mailbot.classify.words import tokens, words_of

LABELS = tuple(Label)
SEED = 20261121
_STRENGTH = 0.5  # inverse of the penalty on weights
_USUAL = 0.06  # the share of unknown words that complaints from new writers commonly have
_DOUBT = 12.0  # how fast a message of stranger words loses confidence: at 0.14 twice as unsure
_FOLDS = 3  # of whole author files, to calibrate on hands that were not learnt from


@dataclass(frozen=True)
class TextModel:
    """Weights per feature and label; `temperature` above 1 means that the raw scores are too sure."""

    features: Features
    weights: NDArray[np.float64]  # features x labels
    bias: NDArray[np.float64]
    temperature: float

    def scores(self, messages: Sequence[Evidence]) -> NDArray[np.float64]:
        """Margins over the temperature, to serve as log-odds: one row a message, a column for each of LABELS."""
        words = [words_of(message) for message in messages]
        raw = self.features.matrix(messages, words) @ self.weights + self.bias
        strange = np.array([self.features.strangeness(one) for one in words])
        doubt = 1 + _DOUBT * np.maximum(0, strange - _USUAL)
        return np.asarray(raw / (self.temperature * doubt[:, None]))

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
        GroupKFold,  # here: importing it takes a second, and most commands never train
    )

    scores = np.zeros((len(examples), len(LABELS)))
    authors = [example.hand for example in examples]
    for known, held in GroupKFold(min(_FOLDS, len(set(authors)))).split(authors, groups=authors):
        scores[held] = fit([examples[row] for row in known]).scores([examples[row].evidence for row in held])
    truth = np.array([LABELS.index(example.label) for example in examples])
    return fit(examples, best_temperature(scores, truth))


def fit(examples: Sequence[Example], temperature: float = 1.0) -> TextModel:
    """The model that the examples teach, with a temperature found elsewhere; 1 leaves the margins as they are."""
    from sklearn.svm import LinearSVC  # here, as above

    messages = [example.evidence for example in examples]
    features = Features.learn(messages)
    truth = np.array([LABELS.index(example.label) for example in examples])
    model = LinearSVC(C=_STRENGTH, class_weight="balanced", random_state=SEED)
    model.fit(features.matrix(messages, [words_of(message) for message in messages]), truth)
    return TextModel(features, model.coef_.T, model.intercept_, temperature)


def best_temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature under which the held-out truth is likeliest."""

    def loss(log_temperature: float) -> float:
        return -float(
            log_softmax(scores / np.exp(log_temperature), axis=1)[np.arange(len(truth)), truth].mean()
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 2), method="bounded").x))
