"""Two examination papers by writers who taught the detector nothing; nobody who taught it had read them.

Do not teach from them: write new ones. The shares are a floor, a little under what was measured at first.
"""

import json
from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.classify.safeguarding import Detector, load_detector

_PAPERS = Path(__file__).with_name("safeguarding_papers.jsonl")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(shipped.folder("classifiers") / "safeguarding")


def heard(detector: Detector, paper: str, *, harm: bool) -> float:
    """The share of a paper's harmful or harmless texts that page somebody."""
    rows = [json.loads(line) for line in _PAPERS.read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows if row["paper"] == paper and row["harm"] is harm]
    assert len(texts) >= 50
    return sum(detector.concern(text) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("paper", ["first", "second"])
def test_most_harm_is_heard_in_the_words_of_strangers(detector: Detector, paper: str) -> None:
    assert heard(detector, paper, harm=True) >= 0.75


@pytest.mark.parametrize("paper", ["first", "second"])
def test_most_harmless_lookalikes_wake_nobody(detector: Detector, paper: str) -> None:
    assert heard(detector, paper, harm=False) <= 0.2
