"""mailbot against machines that answer everything: each conversation ends, and no message of theirs is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy.exc import OperationalError

from mailbot.casework.case import DeadlineState
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.settings import Limits
from mailbot.store import messages, outbox
from tests.flows.world import BOX, COMPLAINT, DUTY, PAT, UNCLEAR, World, at

ROUNDS, STEP = 8, timedelta(minutes=10)
SLOW = timedelta(minutes=4)
START = at("2026-05-01 10:01")


@dataclass(frozen=True)
class Robot:
    """An autoresponder: what it writes to each letter that reaches it; `{n}` counts its answers."""

    text: str
    subject: str = "Re: {subject}"
    headers: Mapping[str, str] = field(default_factory=dict)
    threads: bool = True  # its answers name the letter in In-Reply-To

    def answer(self, letter: Message, number: int) -> bytes:
        made = EmailMessage()
        made["From"], made["To"] = PAT, BOX
        made["Subject"] = self.subject.format(subject=letter.subject, n=number)
        made["Message-ID"] = f"<robot.{number}@home.example>"
        for name, value in self.headers.items():
            made[name] = value.format(n=number)
        if self.threads:
            made["In-Reply-To"] = letter.message_id
        made.set_content(self.text.format(n=number))
        return made.as_bytes()


MARKED = {
    "Exchange out of office": Robot(
        "I am out of the office until Monday 11 May.",
        "Automatic reply: {subject}",
        {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Return-Path": "<>"},
    ),
    "Gmail vacation responder": Robot(
        "I am away and will make a complaint about nothing until I am back.",
        headers={"Auto-Submitted": "auto-replied", "Precedence": "bulk", "X-Autoreply": "yes"},
    ),
    "RFC 3834 sieve vacation": Robot(
        "Gone fishing.", "Auto: {subject}", {"Auto-Submitted": "auto-replied (vacation)"}
    ),
    "Lotus Notes agent": Robot(
        "Nia Pryce is out of the office.",
        "AUTO: Nia Pryce is out of the office (returning 11/05/2026)",
        threads=False,
    ),
    "cPanel autoresponder": Robot(
        "We have got it and I want to make a complaint is what you said.",
        "Got it",
        {"X-Autorespond": "We have your complaint", "Precedence": "auto_reply"},
        threads=False,
    ),
    "FreeScout, which writes no Auto-Submitted": Robot(
        "Please do not answer. I want to make a complaint.", headers={"X-FreeScout-Mail-Type": "auto.reply"}
    ),
    "Request Tracker": Robot(
        "Ticket {n}: I want to make a complaint.",
        "[help #{n}] AutoReply",
        {"RT-Ticket": "help #{n}", "RT-Originator": "x@home.example", "Auto-Submitted": "auto-replied"},
    ),
    "Zammad": Robot(
        "Ticket {n}: I want to make a complaint.",
        "[Ticket#{n}] Ticket {n}",
        {"X-Loop": "yes", "Precedence": "bulk", "X-Auto-Response-Suppress": "All"},
    ),
    "Mailman's replybot": Robot(
        "Your message is held. I want to make a complaint.", headers={"X-Ack": "No", "Precedence": "bulk"}
    ),
    "django-helpdesk": Robot(
        "Ticket {n}: I want to make a complaint.",
        "[H-{n}] Ticket {n}",
        {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"},
    ),
}
# What they say is unclear to the scripted classifier, as such mail is to the trained one.
UNMARKED = {
    "robot that answers in the thread": Robot("Answer {n}: hmm, we shall see.", "Re: {subject} {n}"),
    "help desk that thanks for a ticket": Robot(
        "{n} is the number of your ticket. You told us: hmm.",
        "[#{n}] Ticket {n}",
        threads=False,
    ),
    "web host that thanks for the message": Robot(
        "Thank you for your message {n}. Hmm is what you wrote.",
        "Your message {n}",
        threads=False,
    ),
}


def converse(world: World, robot: Robot, after: timedelta) -> None:
    """Pat complains, and from then on a robot answers every letter to Pat that long after it has left."""
    world.receive(COMPLAINT, "2026-05-01 10:00")
    answered = 0
    for number in range(ROUNDS):
        left = START + number * STEP
        world.pass_at(left)
        for letter in world.letters_to(PAT)[answered:]:
            answered += 1
            world.deliver(robot.answer(letter, answered), f"{left + after:%Y-%m-%d %H:%M:%S}")


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKED)
def test_a_marked_autoresponder_gets_no_answer(world: World, name: str) -> None:
    converse(world, MARKED[name], SLOW)
    assert len(world.letters_to(PAT)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", list(MARKED)[:5])
def test_an_automatic_reply_starts_nothing(world: World, name: str) -> None:
    converse(world, MARKED[name], SLOW)
    assert world.states() == ["filed", "set_aside"]
    assert len(world.refs()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", UNMARKED)
@pytest.mark.parametrize("seconds", [-5, 0, 20, 60])
def test_an_unmarked_one_that_answers_as_machines_do_gets_no_answer(
    world: World, name: str, seconds: int
) -> None:
    """Within a minute nobody has read our letter and typed; the mail server's clock may be a little behind ours."""
    converse(world, UNMARKED[name], timedelta(seconds=seconds))
    assert len(world.letters_to(PAT)) == 1
    assert set(world.states()) == {"filed"}


@pytest.mark.slow
@pytest.mark.parametrize("name", UNMARKED)
def test_a_slow_unmarked_one_is_ended_by_the_limits_for_good(world: World, name: str) -> None:
    converse(world, UNMARKED[name], SLOW)
    letters = len(world.letters_to(PAT))
    assert 1 <= letters <= Limits().per_sender_day
    assert len(world.mail()) == letters + 1  # it has answered each letter once
    assert set(world.states()) == {"filed"}
    for day in ("2026-05-02 12:00", "2026-05-05 12:00"):  # nor does it begin again when the day is over
        world.pass_at(day)
    assert len(world.letters_to(PAT)) == letters


@pytest.mark.slow
def test_a_robot_that_writes_by_itself_gets_few_letters_a_day_and_people_are_asked(world: World) -> None:
    for number in range(10):
        raw = UNMARKED["web host that thanks for the message"]
        letter = parse(b"Message-ID: <none@home.example>\r\n\r\n")
        world.deliver(raw.answer(letter, number), f"2026-05-01 10:{number:02}")
    world.pass_at("2026-05-01 10:30")
    assert len(world.letters_to(PAT)) == Limits().per_sender_day
    asked = [task.kind for number in range(1, 11) for task in world.case(number).tasks]
    assert asked.count("what_is_this") == 10
    assert asked.count("acknowledge_by_hand") == 10 - Limits().per_sender_day


def fails(*_: object, **__: object) -> int:
    raise OperationalError("select count(*)", {}, Exception("disk I/O error"))


@pytest.mark.parametrize("counting", ["written_since", "subjects_of"])
def test_where_letters_cannot_be_counted_none_is_owed_and_mail_is_taken_in(
    world: World, monkeypatch: pytest.MonkeyPatch, counting: str
) -> None:
    monkeypatch.setattr(outbox if counting == "written_since" else messages, counting, fails)
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(UNCLEAR, "2026-05-01 10:01", "sam@other.example")
    world.receive(f"{COMPLAINT} I am going to kill myself.", "2026-05-01 10:02", "jo@far.example")
    world.pass_at("2026-05-01 10:03")
    assert world.states() == ["filed"] * 3
    for number, sender in enumerate((PAT, "sam@other.example", "jo@far.example"), 1):
        assert world.letters_to(sender) == []
        assert "acknowledge_by_hand" in {task.kind for task in world.case(number).tasks}
    assert "cannot be counted" in world.case(1).tasks[0].reason
    assert world.case(1).deadline("1/acknowledge").state is DeadlineState.RUNNING
    assert len(world.letters_to(DUTY)) == 1


def test_where_sent_letters_cannot_be_counted_people_outside_wait_and_staff_do_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.receive(f"{COMPLAINT} I am going to kill myself.", "2026-05-01 10:00")
    with monkeypatch.context() as away:
        away.setattr(outbox, "sent_since", fails)
        world.pass_at("2026-05-01 10:01")
        assert world.letters_to(PAT) == []
        assert len(world.letters_to(DUTY)) == 1
    world.pass_at("2026-05-01 10:03")
    assert len(world.letters_to(PAT)) == 1


def test_a_person_who_surely_complains_is_answered_however_soon(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive(f"Another thing. {COMPLAINT}", "2026-05-01 10:01", subject="The lift")
    world.pass_at("2026-05-01 10:02")
    assert len(world.letters_to(PAT)) == 2
