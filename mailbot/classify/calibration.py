"""From margins to log-odds: how far a label's own line and its kinds are to be believed on writers who taught nothing."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from mailbot.casework.labels import Label
from mailbot.classify.text_model import LABELS, Opinion
from mailbot.errors import RuleError

_PARTS = ("own", "kinds", "start")
_START = 1.0, 2.5, 0.0  # what is expected of each part before anything is measured
_FIRMNESS = 1e-4  # how hard it is to move a figure from there

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What each label's log-odds gain with a margin of one on its own line, on its kinds, and without either.

    Each part has a figure for each of LABELS. Measured by `fitted` on margins that the writers themselves had not
    taught (`scripts/model_card`), and kept with the examples.
    """

    own: Vector
    kinds: Vector
    start: Vector

    def log_odds(self, opinion: Opinion) -> NDArray[np.float64]:
        """The log-odds of each label, a row a message; the stranger its words, the nearer to one another."""
        return _odds(np.stack((self.own, self.kinds, self.start)), _given(opinion))

    def text(self) -> str:
        """The figures as the TOML that `read` reads."""
        tables = (_table(name, getattr(self, name)) for name in _PARTS)
        return "# Written by scripts/model_card: see mailbot/classify/calibration.py.\n\n" + "\n".join(tables)


def fitted(opinions: Sequence[Opinion], truth: Sequence[Label]) -> Calibration:
    """The figures under which the truth about messages of unknown writers, in the opinions' order, is likeliest."""
    right = np.array([LABELS.index(label) for label in truth])
    rows = np.arange(len(right))
    expected = np.repeat(_START, len(LABELS))
    given = np.concatenate([_given(opinion) for opinion in opinions], axis=1)

    def loss(figures: Vector) -> tuple[float, Vector]:
        odds = _odds(figures.reshape(len(_PARTS), -1), given)
        missed = softmax(odds, axis=1)
        missed[rows, right] -= 1
        slope = np.einsum("rl,prl->pl", missed, given).ravel() / len(rows)
        moved = figures - expected
        value = -log_softmax(odds, axis=1)[rows, right].mean() + _FIRMNESS * (moved**2).sum()
        return float(value), slope + 2 * _FIRMNESS * moved

    found = minimize(loss, expected, jac=True, method="L-BFGS-B").x
    return Calibration(*found.reshape(len(_PARTS), -1))


def _odds(figures: NDArray[np.float64], given: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.einsum("pl,prl->rl", figures, given)
    return odds


def _given(opinion: Opinion) -> NDArray[np.float64]:
    """What the figures are multiplied with: parts x messages x labels."""
    parts = np.stack((opinion.labels, opinion.by_kind, np.ones_like(opinion.labels)))
    return parts / opinion.doubt[:, None]


def read(path: Path) -> Calibration:
    """The figures of a file; RuleError when it is missing or wrong."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        return Calibration(*(_figures(tables[name]) for name in _PARTS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuleError(f"{path.name}: {error}", "compare it with the file that mailbot ships") from error


def _figures(table: Mapping[str, float]) -> Vector:
    return np.array([float(table[label.value]) for label in LABELS])


def _table(name: str, figures: Vector) -> str:
    lines = (f"{label.value} = {figure:.3f}\n" for label, figure in zip(LABELS, figures, strict=True))
    return f"[{name}]\n{''.join(lines)}"
