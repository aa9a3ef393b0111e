"""The model of text: features of the message to a probability for each label, calibrated across authors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from mailbot.casework.labels import Label
from mailbot.classify.corpus import Example
from mailbot.classify.features import Features
from mailbot.classify.verdict import Evidence

LABELS = tuple(Label)
SEED = 20261121
_STRENGTH = 10.0  # inverse of the penalty on weights
_FOLDS = 3  # of whole author files, to calibrate on hands that were not learnt from


@dataclass(frozen=True)
class TextModel:
    """Weights per feature and label; `temperature` above 1 means that the raw scores are too sure."""

    features: Features
    weights: NDArray[np.float64]  # features x labels
    bias: NDArray[np.float64]
    temperature: float

    def scores(self, messages: Sequence[Evidence]) -> NDArray[np.float64]:
        """Log-odds up to a constant, one row a message, one column a label in the order of LABELS."""
        raw = self.features.matrix(messages) @ self.weights + self.bias
        return np.asarray(raw / self.temperature)

    def probabilities(self, messages: Sequence[Evidence]) -> NDArray[np.float64]:
        """Calibrated probabilities, rows adding up to 1."""
        return np.asarray(softmax(self.scores(messages), axis=1))


def train(examples: Sequence[Example]) -> TextModel:
    """Learn from the examples; the same examples always give the same model."""
    scores = np.zeros((len(examples), len(LABELS)))
    authors = [example.author for example in examples]
    for known, held in GroupKFold(min(_FOLDS, len(set(authors)))).split(authors, groups=authors):
        scores[held] = _fit([examples[row] for row in known], 1.0).scores(
            [examples[row].evidence for row in held]
        )
    truth = np.array([LABELS.index(example.label) for example in examples])
    return _fit(examples, _best_temperature(scores, truth))


def _fit(examples: Sequence[Example], temperature: float) -> TextModel:
    messages = [example.evidence for example in examples]
    features = Features.learn(messages)
    truth = np.array([LABELS.index(example.label) for example in examples])
    model = LogisticRegression(C=_STRENGTH, max_iter=400, class_weight="balanced", random_state=SEED)
    model.fit(features.matrix(messages), truth)
    return TextModel(features, model.coef_.T, model.intercept_, temperature)


def _best_temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature under which the held-out truth is likeliest."""

    def loss(log_temperature: float) -> float:
        return -float(
            log_softmax(scores / np.exp(log_temperature), axis=1)[np.arange(len(truth)), truth].mean()
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))
