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
    ],
)
def test_figures_of_speech_and_denials_wake_nobody(detector: Detector, text: str) -> None:
    assert detector.concern(text) is None
