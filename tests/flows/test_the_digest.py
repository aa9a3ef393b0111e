"""One email each working day to the supervisors: complete, punctual, and without a name in it."""

from collections.abc import Callable

import pytest

from mailbot.mail.message import Message
from tests.flows.world import ANIL, COMPLAINT, FORMAL, FROM_ICE, ICE, PAT, UNCLEAR, World


def digests(world: World) -> list[Message]:
    return world.letters_to(ANIL, "Complaints ")


def section(digest: Message, title: str) -> str:
    """The text below one heading, up to the next."""
    heads = [(number, line.strip(" #*").lower()) for number, line in enumerate(digest.text.splitlines())]
    starts = [number for number, line in heads if line.startswith(_TITLES) and line.count(",") < 2]
    start = next(number for number, line in heads if number in starts and line.startswith(title.lower()))
    end = next((number for number in starts if number > start), None)
    return "\n".join(digest.text.splitlines()[start + 1 : end])


_TITLES = (
    "urgent, not accepted",
    "acknowledgements late",
    "overdue",
    "due today",
    "due in the next",
    "ice and contribution",
    "waiting for a person",
    "new since",
    "holding letters out",
    "open for more",
    "this month",
    "health",
)


def test_it_is_sent_when_there_is_nothing_to_say_and_only_once_a_day(world: World) -> None:
    for moment in ("07:29", "07:30", "07:31", "16:00"):
        world.pass_at(f"2026-05-05 {moment}")
    (digest,) = digests(world)
    assert "0 due, 0 overdue, 0 urgent" in digest.subject
    assert "None." in digest.text


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        ("2026-05-01", True),  # Friday
        ("2026-05-02", False),  # Saturday
        ("2026-05-04", False),  # bank holiday
        ("2026-04-03", False),  # Good Friday
        ("2026-12-28", False),  # substitute for Boxing Day
    ],
)
def test_it_keeps_to_working_days(world: World, day: str, sent: bool) -> None:
    world.pass_at(f"{day} 09:00")
    assert len(digests(world)) == sent


def test_it_is_sent_later_the_same_day_when_mailbot_was_off_at_its_hour(world: World) -> None:
    world.pass_at("2026-05-05 15:00")
    assert len(digests(world)) == 1


def test_each_section_holds_what_belongs_there(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(UNCLEAR, "2026-05-05 09:00", "sam@other.example", subject="hmm")
    world.receive(FROM_ICE, "2026-05-05 09:00", ICE, subject="Our reference 991")
    world.receive(
        "I want to make a complaint. I am going to kill myself.", "2026-05-05 09:00", "kim@far.example"
    )
    world.receive(
        COMPLAINT,
        "2026-05-04 11:00",
        "lee@bulk.example",
        headers={"List-Unsubscribe": "<mailto:o@p.example>"},
    )
    world.pass_at("2026-05-05 10:00")
    world.team_sends(
        "An update on your complaint: we need more time. You will have our answer by Friday 15 May 2026.",
        PAT,
        "2026-05-06 10:00",
        subject="An update on your complaint",
        answers=first,
    )
    world.pass_at("2026-05-12 07:30")
    digest = digests(world)[-1]
    refs = {case.complainant.id: case.ref for case in map(world.case, range(1, 6)) if case.complainant}

    assert refs["kim@far.example"] in section(digest, "Urgent, not accepted")
    assert refs["lee@bulk.example"] in section(digest, "Acknowledgements late")
    assert refs["lee@bulk.example"] in section(digest, "Overdue")
    assert refs[ICE] in section(digest, "ICE and contribution")
    assert refs["sam@other.example"] in section(digest, "Waiting for a person")
    assert refs[PAT] in section(digest, "Holding letters out")
    assert f"{refs[PAT]} response" not in section(digest, "Overdue")
    for private in ("pat.morgan", "kim@", "kill", "adviser"):
        assert private not in digest.subject + digest.text


def test_what_is_due_today_and_soon(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")  # due on Monday 11 May
    world.pass_at("2026-05-01 10:01")
    world.team_sends("I will ring you tomorrow.", PAT, "2026-05-01 11:00", subject="Hello", answers=first)
    ref = world.case().ref
    for day, title in ((7, "Due in the next"), (8, "Due in the next"), (11, "Due today"), (12, "Overdue")):
        world.pass_at(f"2026-05-{day:02} 07:30")
        assert ref in section(digests(world)[-1], title), day
    assert "1 overdue" in digests(world)[-1].subject


def test_what_is_new_is_new_since_the_last_digest_over_a_long_weekend(world: World) -> None:
    world.pass_at("2026-04-02 07:30")
    world.receive(COMPLAINT, "2026-04-02 09:00")
    world.pass_at("2026-04-02 09:01")
    ref = world.case().ref
    world.pass_at("2026-04-07 07:30")  # Tuesday after Easter
    assert ref in section(digests(world)[-1], "New since")
    world.pass_at("2026-04-08 07:30")
    assert ref not in section(digests(world)[-1], "New since")


def test_the_month_counts_promises_kept(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.team_sends(FORMAL, PAT, "2026-05-07 10:00", subject="Our response", answers=first)
    world.pass_at("2026-05-07 10:01")
    world.pass_at("2026-05-12 07:30")
    text = digests(world)[-1].text
    assert "1 of 1 (100%)" in text


def test_an_observing_organisation_gets_none(make: Callable[..., World]) -> None:
    world = make(box={"mode": "observe"})
    world.pass_at("2026-05-05 09:00")
    assert world.letters() == []
