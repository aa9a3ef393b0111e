"""The detector hears people who may come to harm, and lets figures of speech pass."""

import pytest

from mailbot import shipped
from mailbot.classify.safeguarding import Category, Detector, load_detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(shipped.folder("classifiers") / "safeguarding")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("If my money stops again I will kill myself, I mean it.", Category.SELF_HARM),
        ("i feel sucidal every day since this started", Category.SELF_HARM),
        ("They'd all be better off without me.", Category.SELF_HARM),
        ("I've been saving up my tablets.", Category.SELF_HARM),
        ("Dwi ddim isio byw dim mwy.", Category.SELF_HARM),
        ("I'm not suicidal but I have thought about ending my life.", Category.SELF_HARM),
        ("He threatened to stab me if I go back to that office.", Category.DANGER),
        ("He knows where I live now because of your letter.", Category.DANGER),
        ("My little boy was left on his own in the car park by your staff.", Category.CHILD),
        ("I will come down there and burn the place down.", Category.THREAT),
        ("We have had no food in the house for three days.", Category.NEED),
        ("I'd honestly rather be dead than go on like this.", Category.SELF_HARM),
        ("im gona kil meself if this carrys on", Category.SELF_HARM),
        ("Mae o wedi bygwth lladd fi os a' i adref.", Category.DANGER),
    ],
)
def test_harm_is_heard(detector: Detector, text: str, category: Category) -> None:
    concern = detector.concern(text)
    assert concern is not None
    assert concern.category is category
    assert concern.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "This wait is killing me, can someone please ring.",
        "I'm dying to know what happened to my form.",
        "I would never hurt myself, I just want my travel money.",
        "My phone died so I missed the call.",
        "I was left hanging on the phone for an hour.",
        "Please put an end to this correspondence.",
        "Thank you for your letter, I am happy with it.",
        "I'd rather die than ring that number again.",
    ],
)
def test_figures_of_speech_and_denials_wake_nobody(detector: Detector, text: str) -> None:
    assert detector.concern(text) is None


def test_a_denial_that_a_but_takes_back_is_no_denial(detector: Detector) -> None:
    concern = detector.concern("I don't want to kill myself but I think of it every night.")
    assert concern is not None


def test_what_only_the_classifier_hears_is_said_with_perhaps_and_with_the_sentence(
    detector: Detector,
) -> None:
    concern = detector.concern(
        "The lift was broken. I've sat with the packets in front of me three nights running."
    )
    assert concern is not None
    assert not concern.certain
    assert concern.reason.startswith("perhaps ")
    assert "packets in front of me" in concern.reason
