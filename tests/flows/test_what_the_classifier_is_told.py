"""Whether a reply is a thank-you or an escalation often hangs on how its case stands: the classifier is told."""

from collections.abc import Sequence

import pytest

from mailbot.classify.verdict import CaseFacts, Evidence, Verdict
from tests.flows.world import COMPLAINT, FORMAL, PAT, Scripted, World


class Listening(Scripted):
    """Keeps what it was told of every message."""

    def __init__(self) -> None:
        self.told: list[Evidence] = []

    def classify(self, evidence: Sequence[Evidence]) -> list[Verdict]:
        self.told += evidence
        return super().classify(evidence)


@pytest.fixture
def ears() -> Listening:
    return Listening()


@pytest.fixture
def open_case(world: World, ears: Listening) -> World:
    """A complaint, acknowledged."""
    world = world.with_classifier(ears)
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    return world


def told_of(world: World, ears: Listening, sender: str = PAT) -> CaseFacts | None:
    """What the classifier is told of the case with a reply to its acknowledgement."""
    acknowledgement = world.letters_to(PAT)[0]
    subject = f"Re: {acknowledgement.subject}"
    world.receive("No.", "2026-05-12 10:00", sender, subject=subject, answers=acknowledgement)
    world.pass_at("2026-05-12 10:01")
    return ears.told[-1].case


def test_the_answer_is_not_due(open_case: World, ears: Listening) -> None:
    assert told_of(open_case, ears) == CaseFacts(
        answered=False, overdue=False, window_open=False, sender_is_party=True
    )


def test_the_case_has_its_answer_and_may_go_up(open_case: World, ears: Listening) -> None:
    open_case.team_sends(
        FORMAL,
        PAT,
        "2026-05-11 10:00",
        subject="Our response to your complaint",
        answers=open_case.letters_to(PAT)[0],
    )
    open_case.pass_at("2026-05-11 10:01")
    assert told_of(open_case, ears) == CaseFacts(
        answered=True, overdue=False, window_open=True, sender_is_party=True
    )


def test_a_stranger_who_names_the_case_is_judged_by_the_words_alone(
    open_case: World, ears: Listening
) -> None:
    assert told_of(open_case, ears, "stranger@elsewhere.example") is None
