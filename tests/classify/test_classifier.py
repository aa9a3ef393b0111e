"""The classifier as its callers see it."""

import pytest

from mailbot.casework.labels import Label
from mailbot.classify.classifier import Classifier
from mailbot.classify.verdict import Evidence

pytestmark = pytest.mark.slow


def message(text: str, subject: str = "", **more: object) -> Evidence:
    return Evidence(procedure="restart", subject=subject, live_text=text, whole_text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "I want to complain about my adviser, who shouted at me in front of everyone. Please look into it.",
            Label.NEW_COMPLAINT,
        ),
        (
            "Your stage 1 response did not deal with my points. Please escalate this to stage 2.",
            Label.ESCALATION,
        ),
        ("Thank you so much for your help, I am very happy with how it was sorted out.", Label.OTHER),
    ],
)
def test_plain_messages_get_the_label_anyone_would_give(
    classifier: Classifier, text: str, label: Label
) -> None:
    (verdict,) = classifier.classify([message(text)])
    assert verdict.label is label


def test_probabilities_add_up_and_the_label_is_the_likeliest(classifier: Classifier) -> None:
    for verdict in classifier.classify([message(""), message("Hello"), message("?")]):
        assert sum(verdict.probabilities.values()) == pytest.approx(1)
        assert (
            verdict.confidence == max(verdict.probabilities.values()) == verdict.probabilities[verdict.label]
        )


def test_nothing_to_classify_gives_nothing(classifier: Classifier) -> None:
    assert classifier.classify([]) == []
