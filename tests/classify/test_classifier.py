"""The classifier as its callers see it."""

import os
from pathlib import Path

import numpy as np
import pytest

from mailbot.casework.labels import Label
from mailbot.classify import keep
from mailbot.classify.classifier import Classifier
from mailbot.classify.features import Features
from mailbot.classify.text_model import TextModel
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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We found that your message could not be delivered: mailbox full.", "reports mail that was not"),
        ("I have decided to withdraw my complaint. Please stop looking into it.", "takes a complaint back"),
        ("Your reply leaves out my main point. That is simply not what happened.", "answer is not right"),
        ("It is four weeks now and I still have no answer to my complaint.", "answer has not come"),
    ],
)
def test_the_first_reason_says_what_the_message_does_in_its_own_sentence(
    classifier: Classifier, text: str, reason: str
) -> None:
    (verdict,) = classifier.classify([message(text)])
    assert reason in verdict.reasons[0]
    assert verdict.reasons[0].partition(": “")[2].rstrip("”") in text


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I am the Member of Parliament for Eastmoor and write for my constituent, Mrs Hale.", "mp"),
        ("Please withdraw my complaint, I do not wish to go on with it.", "withdrawal"),
        ("My landlord will not mend the boiler and the letting agent is rude.", "wrong_address"),
        (
            "I write on behalf of my mother, who cannot use a computer. Her carer never came.",
            "representative",
        ),
        ("We took on one of your people at our bakery and nobody from you has rung us since.", "employer"),
        ("Please send me a copy of all the personal data that you hold on me.", "subject_access"),
        ("Hoffwn wneud cwyn am fy nghynghorydd, roedd hi'n anghwrtais iawn wrth fy ngwraig.", "welsh"),
    ],
)
def test_what_a_person_must_know_of_a_message_is_flagged(
    classifier: Classifier, text: str, flag: str
) -> None:
    (verdict,) = classifier.classify([message(text)])
    assert flag in verdict.flags


def test_an_ordinary_complaint_raises_no_flag(classifier: Classifier) -> None:
    (verdict,) = classifier.classify(
        [message("My adviser was rude to me on Tuesday and hung up. I am not happy.")]
    )
    assert verdict.flags == ()


def test_every_kind_that_is_learnt_has_words_for_a_person(classifier: Classifier) -> None:
    unnamed = {
        kind for label, kind in classifier.model.kinds if kind and kind not in classifier.kind_words[label]
    }
    assert unnamed == set()


def test_what_was_kept_is_read_back_the_same(classifier: Classifier, tmp_path: Path) -> None:
    keep.save(classifier.model, tmp_path / "model.npz")
    model = keep.read(tmp_path / "model.npz")
    assert model is not None
    asked = [message("You never answered my second point.")]
    assert model.kinds == classifier.model.kinds
    assert model.read(asked).labels == pytest.approx(classifier.model.read(asked).labels, abs=1e-4)


def test_a_cache_keeps_only_the_newest_models(tmp_path: Path) -> None:
    small = TextModel(Features(), ((Label.OTHER, ""),), (), np.zeros((0, 6)), np.zeros(6))
    places = [keep.place_for(f"version-{number:02}", tmp_path) for number in range(8)]
    for age, place in enumerate(places):
        keep.save(small, place)
        os.utime(place, (age, age))
    keep.save(small, keep.place_for("newest", tmp_path))
    assert sorted(tmp_path.iterdir()) == sorted([*places[-5:], keep.place_for("newest", tmp_path)])
