"""How margins become log-odds, and what is kept of it."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from mailbot.casework.labels import Label
from mailbot.classify.calibration import Calibration, fitted, read
from mailbot.classify.text_model import Opinion
from mailbot.errors import RuleError

_MESSAGES = 6000


def opinion(labels: np.ndarray, by_kind: np.ndarray, doubt: float = 1.0) -> Opinion:
    nothing = np.zeros((len(labels), 0))
    return Opinion(labels, by_kind, np.full(len(labels), doubt), nothing, nothing)


def drawn(true: Calibration) -> tuple[Opinion, list[Label]]:
    """Margins, and labels as likely as `true` says."""
    chance = np.random.default_rng(3)
    margins = opinion(*chance.normal(size=(2, _MESSAGES, len(Label))))
    shares = softmax(true.log_odds(margins), axis=1)
    return margins, [list(Label)[chance.choice(len(Label), p=row)] for row in shares]


def test_the_figures_behind_the_truth_are_found() -> None:
    true = Calibration(
        np.array([1.5, 2.5, 3.0, 3.0, 0.5]),
        np.array([2.0, 3.0, 4.0, 4.0, 4.5]),
        np.array([-0.5, 0, 0.5, 0, 0]),
    )
    margins, truth = drawn(true)
    found = fitted([margins], truth)
    assert found.own == pytest.approx(true.own, abs=0.4)
    assert found.kinds == pytest.approx(true.kinds, abs=0.4)
    assert softmax(found.log_odds(margins), axis=1) == pytest.approx(
        softmax(true.log_odds(margins), axis=1), abs=0.1
    )


def test_opinions_in_parts_are_as_good_as_together() -> None:
    true = Calibration(*(np.ones(len(Label)) for _ in range(3)))
    margins, truth = drawn(true)
    halves = [
        opinion(margins.labels[part], margins.by_kind[part]) for part in (slice(0, 2000), slice(2000, None))
    ]
    assert fitted(halves, truth).own == pytest.approx(fitted([margins], truth).own, abs=1e-6)


def test_strange_words_bring_labels_nearer_to_one_another() -> None:
    sure = Calibration(*(np.ones(len(Label)) for _ in range(3)))
    row = np.array([[3.0, 0, 0, 0, 0]])
    plain, strange = (softmax(sure.log_odds(opinion(row, row, doubt))).max() for doubt in (1.0, 2.0))
    assert strange < plain


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    true = Calibration(*(np.array([1.0, 2.5, -0.125, 3, 4]) for _ in range(3)))
    (tmp_path / "calibration.toml").write_text(true.text(), "utf-8")
    assert read(tmp_path / "calibration.toml").kinds == pytest.approx(true.kinds)


@pytest.mark.parametrize(
    "text", ["", "[own]\nescalation = 1\n", "[own\n", "own = 3\n", "[own]\nother = []\n"]
)
def test_wrong_figures_are_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.toml").write_text(text, "utf-8")
    with pytest.raises(RuleError, match=r"calibration\.toml"):
        read(tmp_path / "calibration.toml")


def test_missing_figures_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"calibration\.toml"):
        read(tmp_path / "calibration.toml")
