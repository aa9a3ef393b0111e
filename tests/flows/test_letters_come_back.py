"""Delivery reports on our letters: what came back was not acknowledged."""

import pytest

from mailbot.casework.case import DeadlineState
from mailbot.mail.message import Message
from tests.flows.world import BOX, CHAT, COMPLAINT, PAT, RUTH, World

REPORT = """From: Mail Delivery System <mailer-daemon@mx.serco.example>
To: {box}
Subject: {subject}
Return-Path: <>
Date: Fri, 1 May 2026 10:05:00 +0100
Message-ID: <report{action}@mx.serco.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

About your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.serco.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: We have your complaint
--b--
"""


def report(letter: Message, action: str, status: str, message_id: str | None = None) -> bytes:
    filled = REPORT.format(
        box=BOX,
        subject="Undelivered Mail Returned to Sender" if action == "failed" else "Delayed Mail",
        recipient=letter.to[0].address,
        action=action,
        status=status,
        diagnostic="550 no such user" if action == "failed" else "450 busy",
        message_id=message_id or letter.message_id,
    )
    return filled.replace("\n", "\r\n").encode()


@pytest.fixture
def letter(world: World) -> Message:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    return world.letters_to(PAT)[0]


def test_an_acknowledgement_that_came_back_is_none(world: World, letter: Message) -> None:
    world.deliver(report(letter, "failed", "5.1.1"), "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    case = world.case()
    assert case.deadline("1/acknowledge").state is DeadlineState.RUNNING
    assert case.deadline("1/acknowledge").met_at is None
    (task,) = case.tasks
    assert "550 no such user" in task.reason
    assert len(world.letters_to(RUTH)) == 1
    assert world.letters_to("mailer-daemon@mx.serco.example") == []
    assert len(world.letters_to(PAT)) == 1  # nothing is sent again by itself


def test_the_same_report_twice_changes_nothing_more(world: World, letter: Message) -> None:
    for minute in ("05", "07"):
        world.deliver(report(letter, "failed", "5.1.1"), f"2026-05-01 10:{minute}")
    world.pass_at("2026-05-01 10:08")
    assert len(world.case().tasks) == 1


def test_a_person_who_rings_meets_the_promise_after_all(world: World, letter: Message) -> None:
    world.deliver(report(letter, "failed", "5.1.1"), "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    world.staff_replies(world.letters_to(RUTH)[0], "Contacted", "2026-05-01 15:00")
    world.pass_at("2026-05-01 15:01")
    case = world.case()
    assert case.deadline("1/acknowledge").met_by == "person"
    assert case.tasks[0].done_at is not None


def test_a_delay_is_no_failure(world: World, letter: Message) -> None:
    world.deliver(report(letter, "delayed", "4.4.7"), "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    assert world.case().deadline("1/acknowledge").state is DeadlineState.MET
    assert world.case().tasks == ()


def test_a_report_without_our_id_is_known_by_recipient_and_time(world: World, letter: Message) -> None:
    world.deliver(report(letter, "failed", "5.1.1", "<rewritten@relay.example>"), "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    assert world.case().deadline("1/acknowledge").state is DeadlineState.RUNNING


def test_a_report_on_a_letter_of_somebody_else_changes_nothing(world: World, letter: Message) -> None:
    raw = report(letter, "failed", "5.1.1", "<x@relay.example>").replace(PAT.encode(), b"kim@far.example")
    world.deliver(raw, "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    assert world.case().tasks == ()
    assert "not ours" in world.mail()[-1]["reason"]


def test_an_out_of_office_on_the_acknowledgement_stays_on_the_case_and_starts_nothing(
    world: World, letter: Message
) -> None:
    before = world.case()
    world.receive(
        CHAT,
        "2026-05-01 10:02",
        answers=letter,
        subject="Automatic reply: We have your complaint",
        headers={"Auto-Submitted": "auto-replied"},
    )
    world.pass_at("2026-05-01 10:03")
    assert world.case() == before
    assert world.mail()[-1]["case_ref"] == before.ref
    assert len(world.letters_to(PAT)) == 1
