"""How good answers are: the figures behind `mailbot evaluate` and the model card."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from mailbot.casework.labels import Label
from mailbot.classify.classifier import Classifier
from mailbot.classify.corpus import Example
from mailbot.classify.verdict import Verdict

_BINS = 10  # of confidence, for the expected calibration error
_DRAWS = 400  # for intervals by drawing the messages again
_SEED = 5
_THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_COMPLAINTS = (Label.NEW_COMPLAINT, Label.ESCALATION)

Report = dict[str, Any]


def evaluate(classifier: Classifier, examples: Sequence[Example]) -> Report:
    """Classify the examples and compare with their labels."""
    return compare(classifier.classify([one.evidence for one in examples]), [one.label for one in examples])


def compare(verdicts: Sequence[Verdict], truth: Sequence[Label]) -> Report:
    """Every figure, as data that encodes as JSON; intervals are at 95 in 100."""
    if not verdicts:
        return {"messages": 0}
    said = np.array([verdict.label.value for verdict in verdicts])
    true = np.array([label.value for label in truth])
    sure = np.array([not verdict.abstained for verdict in verdicts])
    confidence = np.array([verdict.confidence for verdict in verdicts])
    right = said == true
    return {
        "messages": len(verdicts),
        "accuracy": _share(right),
        "macro_f1": _macro(true, said),
        "labels": _per_label(true, said),
        "confusion": _confusion(true, said),
        "ece": calibration_error(confidence, right),
        "brier": _brier(verdicts, truth),
        "answered": _share(sure),
        "right_when_answered": _share(right[sure]),
        "complaints_surely_called_other": _lost(true, said, sure),
        "coverage": [_above(limit, confidence, right) for limit in _THRESHOLDS],
    }


def _share(hits: NDArray[np.bool_]) -> Report:
    """A share with Wilson's interval."""
    total, count = len(hits), int(hits.sum())
    if not total:
        return {"of": 0, "count": 0, "value": None, "low": None, "high": None}
    z2 = 1.96**2
    share = count / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = 1.96 * np.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return {
        "of": total,
        "count": count,
        "value": share,
        "low": float(middle - half),
        "high": float(middle + half),
    }


def _macro(true: NDArray[np.str_], said: NDArray[np.str_]) -> Report:
    """Macro F1 over the labels that occur, with an interval from drawing the messages again."""
    labels = sorted(set(true.tolist()))

    def score(rows: NDArray[np.int64]) -> float:
        return float(f1_score(true[rows], said[rows], labels=labels, average="macro", zero_division=0.0))

    rows = np.random.default_rng(_SEED)
    drawn = [score(rows.integers(0, len(true), len(true))) for _ in range(_DRAWS)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return {"value": score(np.arange(len(true))), "low": float(low), "high": float(high)}


def _per_label(true: NDArray[np.str_], said: NDArray[np.str_]) -> Mapping[str, Report]:
    names = [label.value for label in Label]
    columns = precision_recall_fscore_support(true, said, labels=names, zero_division=0.0)
    return {
        name: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(n)}
        for name, p, r, f, n in zip(names, *columns, strict=True)
    }


def _confusion(true: NDArray[np.str_], said: NDArray[np.str_]) -> Mapping[str, Mapping[str, int]]:
    """Rows are the truth, columns what was said."""
    names = [label.value for label in Label]
    table = confusion_matrix(true, said, labels=names)
    return {
        name: dict(zip(names, map(int, row), strict=True)) for name, row in zip(names, table, strict=True)
    }


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error: how far confidence and the share of right answers lie apart, bin by bin."""
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    parts = (place == number for number in range(_BINS))
    gaps = (abs(confidence[part].mean() - right[part].mean()) * part.sum() for part in parts if part.any())
    return float(sum(gaps) / len(confidence))


def _brier(verdicts: Sequence[Verdict], truth: Sequence[Label]) -> float:
    """Mean squared distance of the probabilities from the truth, over all labels: 0 is perfect, 2 the worst."""
    gaps = (
        (verdict.probabilities[one] - (one is label)) ** 2
        for verdict, label in zip(verdicts, truth, strict=True)
        for one in Label
    )
    return float(sum(gaps) / len(verdicts))


def _lost(true: NDArray[np.str_], said: NDArray[np.str_], sure: NDArray[np.bool_]) -> Report:
    complaints = np.isin(true, [label.value for label in _COMPLAINTS])
    return _share((sure & (said == Label.OTHER.value))[complaints])


def _above(limit: float, confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Report:
    chosen = confidence >= limit
    return {"confidence": limit, "answered": _share(chosen)["value"], "right": _share(right[chosen])["value"]}
