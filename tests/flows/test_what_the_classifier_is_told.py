"""Whether a reply is a thank-you or an escalation often hangs on what it answers: the classifier is told."""

from collections.abc import Sequence

import pytest

from mailbot.classify.verdict import CaseFacts, Evidence, OurLetter, Verdict
from mailbot.mail.message import Message
from tests.flows.world import COMPLAINT, FORMAL, PAT, Scripted, World


class Listening(Scripted):
    """Keeps what it was told of the newest message."""

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


def told_of(world: World, ears: Listening, text: str, answers: Message | None, **options: str) -> CaseFacts:
    world.receive(
        text,
        "2026-05-12 10:00",
        subject=f"Re: {world.letters_to(PAT)[0].subject}",
        answers=answers,
        **options,
    )
    world.pass_at("2026-05-12 10:01")
    case = ears.told[-1].case
    assert case is not None
    return case


def test_a_reply_to_the_acknowledgement(open_case: World, ears: Listening) -> None:
    case = told_of(open_case, ears, "Thank you", open_case.letters_to(PAT)[0])
    assert case.answers is OurLetter.ACKNOWLEDGEMENT
    assert not case.answered


def test_a_reply_to_the_formal_response(open_case: World, ears: Listening) -> None:
    acknowledgement = open_case.letters_to(PAT)[0]
    response = open_case.team_sends(
        FORMAL, PAT, "2026-05-11 10:00", subject="Our response to your complaint", answers=acknowledgement
    )
    open_case.pass_at("2026-05-11 10:01")
    case = told_of(open_case, ears, "No.", response)
    assert case.answers is OurLetter.RESPONSE
    assert case.answered
    assert case.window_open


def test_a_reply_to_what_the_team_asked(open_case: World, ears: Listening) -> None:
    question = open_case.team_sends(
        "Which day was it?", PAT, "2026-05-05 10:00", answers=open_case.letters_to(PAT)[0]
    )
    open_case.pass_at("2026-05-05 10:01")
    assert told_of(open_case, ears, "The Tuesday.", question).answers is OurLetter.CONTACT


def test_a_message_that_only_names_the_case_answers_nothing(open_case: World, ears: Listening) -> None:
    assert told_of(open_case, ears, "One more thing", None).answers is None


def test_a_stranger_who_names_the_case_is_judged_by_the_words_alone(
    open_case: World, ears: Listening
) -> None:
    open_case.receive(
        "Me too",
        "2026-05-12 10:00",
        sender="stranger@elsewhere.example",
        subject=open_case.letters_to(PAT)[0].subject,
    )
    open_case.pass_at("2026-05-12 10:01")
    assert ears.told[-1].case is None
