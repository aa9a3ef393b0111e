"""Three sets of wordings, written apart from the tables: the floors are what was reached, not what is wished for.

How each set was made, and how it fared when it was first measured, is in docs/safeguarding.md.
"""

import json
from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.classify.safeguarding import Detector, load_detector

_ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("safeguarding_unseen.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(shipped.folder("classifiers") / "safeguarding")


@pytest.mark.parametrize(("name", "floor"), [("sealed", 37), ("second", 24), ("third", 7)])
def test_no_fewer_cries_for_help_are_heard_than_the_page_says(
    detector: Detector, name: str, floor: int
) -> None:
    harm = [row["text"] for row in _ROWS if row["set"] == name and row["harm"]]
    missed = [text for text in harm if detector.concern(text) is None]
    assert len(harm) - len(missed) >= floor, missed


@pytest.mark.parametrize(("name", "most"), [("sealed", 2), ("second", 2), ("third", 0)])
def test_no_more_harmless_words_wake_somebody_than_the_page_says(
    detector: Detector, name: str, most: int
) -> None:
    harmless = [row["text"] for row in _ROWS if row["set"] == name and not row["harm"]]
    woken = [text for text in harmless if detector.concern(text) is not None]
    assert len(woken) <= most, woken


def test_dying_rather_than_ringing_is_a_figure_but_dying_rather_than_living_so_is_not(
    detector: Detector,
) -> None:
    assert detector.concern("I'd rather die than ring that number again.") is None
    assert detector.concern("I'd honestly rather be dead than go on like this.") is not None
