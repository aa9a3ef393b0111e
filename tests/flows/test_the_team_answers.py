"""The team answers mailbot by replying to it: one word, from one of the staff, to a notice that mailbot wrote."""

from collections.abc import Callable
from typing import Any

import pytest

from mailbot.casework.case import CaseState
from mailbot.casework.labels import Label
from mailbot.flows.commands import known_for, read
from mailbot.mail.message import Message
from tests.flows.world import ANIL, COMPLAINT, PAT, RUTH, UNCLEAR, World

BORDER = "mx.serco.example"
Make = Callable[..., World]


def verdict(dmarc: str, domain: str = "serco.example") -> dict[str, str]:
    """The headers of a border that says what it thinks of a sender."""
    return {
        "Authentication-Results": f"{BORDER}; dmarc={dmarc} header.from={domain}",
        "Received": f"from out.example ([203.0.113.9]) by {BORDER}; Fri, 1 May 2026 10:00:00 +0100",
    }


@pytest.fixture
def world(make: Make) -> World:
    return make(organisation={"border": BORDER})


@pytest.fixture
def question(world: World) -> Message:
    """What mailbot asks about an unclear message."""
    world.receive(UNCLEAR, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    return world.letters_to(RUTH)[0]


def answer(world: World, question: Message, text: str, **options: Any) -> None:
    world.staff_replies(question, text, "2026-05-01 11:00", **options)
    world.pass_at("2026-05-01 11:01")


def is_sorted(world: World) -> bool:
    return [stage.id for stage in world.case().stages] == ["unsorted", "1"]


@pytest.mark.parametrize(
    "text", ["complaint", "Complaint.", "COMPLAINT\n\nRuth Hanley\nTeam lead", "\n\n complaint, please"]
)
def test_one_word_on_the_first_line_is_enough(world: World, question: Message, text: str) -> None:
    answer(world, question, text)
    assert is_sorted(world)


def test_a_supervisor_may_answer_too(world: World, question: Message) -> None:
    answer(world, question, "complaint", sender=ANIL)
    assert is_sorted(world)
    assert world.case().tasks[0].done_by == ANIL


def test_other_words_change_nothing_and_the_question_comes_again(world: World, question: Message) -> None:
    before = world.case()
    answer(world, question, "I think this one is rather difficult.")
    assert world.case() == before
    again = world.letters_to(RUTH)[-1]
    assert again.message_id != question.message_id
    answer_later = world.staff_replies(again, "complaint", "2026-05-01 12:00")
    world.pass_at("2026-05-01 12:01")
    assert is_sorted(world), answer_later.subject


def test_somebody_who_is_not_of_the_staff_is_not_obeyed(world: World, question: Message) -> None:
    answer(world, question, "close", sender=PAT)
    assert world.case().state is CaseState.OPEN


def test_a_forged_sender_is_not_obeyed(world: World, question: Message) -> None:
    answer(world, question, "close", headers=verdict("fail"))
    assert world.case().state is CaseState.OPEN


def test_a_reply_to_of_the_staff_makes_nobody_staff(world: World, question: Message) -> None:
    headers = {"Reply-To": RUTH, **verdict("pass", "elsewhere.example")}
    answer(world, question, "close", sender="eve@elsewhere.example", headers=headers)
    assert world.case().state is CaseState.OPEN


def test_a_verified_colleague_is_obeyed(world: World, question: Message) -> None:
    answer(world, question, "complaint", headers=verdict("pass"))
    assert is_sorted(world)


def test_staff_who_do_not_cite_a_notice_command_nothing(world: World, question: Message) -> None:
    ref = world.case().ref
    world.receive("close", "2026-05-01 11:00", RUTH, subject=question.subject)
    world.pass_at("2026-05-01 11:01")
    assert world.case().state is CaseState.OPEN
    assert ref in question.subject


def test_an_out_of_office_of_the_staff_is_no_answer(world: World, question: Message) -> None:
    answer(world, question, "complaint", headers={"Auto-Submitted": "auto-replied"})
    assert not is_sorted(world)


def test_the_second_answer_to_a_question_changes_nothing(world: World, question: Message) -> None:
    answer(world, question, "complaint")
    before = world.case().stages
    world.staff_replies(question, "escalation", "2026-05-01 12:00", sender=ANIL)
    world.pass_at("2026-05-01 12:01")
    assert world.case().stages == before


def test_closing_ends_what_is_owed(world: World, question: Message) -> None:
    answer(world, question, "close duplicate of an older matter")
    case = world.case()
    assert case.state is CaseState.CLOSED
    assert case.running == ()


def test_a_colleague_who_forwards_a_complaint_gets_no_acknowledgement(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00", RUTH, subject="Fwd: from the counter")
    world.pass_at("2026-05-01 10:01")
    (task,) = world.case().tasks
    assert task.kind == "acknowledge_by_hand"
    assert [letter.subject for letter in world.letters_to(RUTH) if "We have" in letter.subject] == []


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("no reply needed", ("no reply needed", "")),
        ("Holding: 12 June 2026", ("holding", "12 june 2026")),
        ("responded yesterday", ("responded", "yesterday")),
        ("accepted", None),
        ("the complaint is silly", None),
        ("", None),
    ],
)
def test_a_line_is_read_as_a_command_or_not_at_all(line: str, understood: tuple[str, str] | None) -> None:
    found = read(line)
    assert (found and (found[0].value, found[1].lower())) == understood


@pytest.mark.parametrize("kind", ["what_is_this", "late_escalation", "early_escalation", "unheard-of"])
def test_a_proposal_can_be_accepted_and_every_question_answered(kind: str) -> None:
    assert known_for(kind)
    assert known_for(kind, Label.ESCALATION)[0].command.value == "accept"
