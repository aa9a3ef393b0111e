"""The figures of an evaluation, checked by hand on a few verdicts."""

import json

import pytest

from mailbot.casework.labels import Label
from mailbot.classify.measure import compare
from mailbot.classify.verdict import Verdict


def verdict(label: Label, confidence: float, abstained: bool = False) -> Verdict:
    rest = (1 - confidence) / (len(Label) - 1)
    return Verdict(label, confidence, {one: confidence if one is label else rest for one in Label}, abstained)


def test_figures_agree_with_a_count_by_hand() -> None:
    verdicts = [
        verdict(Label.NEW_COMPLAINT, 0.9),
        verdict(Label.OTHER, 0.9),
        verdict(Label.OTHER, 0.6, abstained=True),
        verdict(Label.ESCALATION, 1.0),
    ]
    truth = [Label.NEW_COMPLAINT, Label.NEW_COMPLAINT, Label.OTHER, Label.ESCALATION]
    report = compare(verdicts, truth)
    assert report["accuracy"]["count"] == 3
    assert report["answered"]["value"] == pytest.approx(0.75)
    assert report["right_when_answered"]["value"] == pytest.approx(2 / 3)
    assert report["complaints_surely_called_other"]["count"] == 1
    assert report["confusion"]["new_complaint"]["other"] == 1
    assert report["labels"]["new_complaint"]["recall"] == pytest.approx(0.5)
    assert report["ece"] == pytest.approx((2 * abs(0.9 - 0.5) + abs(0.6 - 1) + 0) / 4)
    json.dumps(report)


def test_nothing_to_compare_is_no_error() -> None:
    assert compare([], []) == {"messages": 0}
