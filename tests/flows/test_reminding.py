"""People hear of a promise before it breaks and when it has, once for each occasion."""

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from mailbot.mail.message import Message
from mailbot.store import case_tables
from tests.flows.world import ANIL, COMPLAINT, FROM_ICE, ICE, PAT, RUTH, World, at

RECEIVED = "2026-05-01 17:40"  # Friday; Monday is a bank holiday: the answer is due on Monday 11 May


@pytest.fixture(name="complaint")
def a_complaint(world: World) -> Message:
    return taken_up(world, RECEIVED)


def taken_up(world: World, when: str) -> Message:
    """A complaint that the team has taken up: somebody has been in touch, and the answer is still owed."""
    mail = world.receive(COMPLAINT, when)
    world.pass_at(when)
    world.team_sends("I will ring you tomorrow.", PAT, when, subject="Re: My adviser", answers=mail)
    world.pass_at(when)
    return mail


def reminders(world: World, moments: Sequence[str], person: str = RUTH) -> list[tuple[str, str]]:
    """(moment, subject) of each reminder that `person` got, with a pass of all jobs at each of `moments`."""
    heard = []
    for moment in moments:
        before = len(_to(world, person))
        world.pass_at(moment)
        heard += [(moment, letter.subject) for letter in _to(world, person)[before:]]
    return heard


def _to(world: World, person: str) -> list[Message]:
    """Letters about promises to somebody outside: no digest, no question, and not our own wish to be in touch."""
    ours = ("Complaints ", "be in touch by", "needs your decision")
    return [
        letter for letter in world.letters_to(person) if not any(words in letter.subject for words in ours)
    ]


def words_of(heard: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same with the occasion in one word."""
    kinds = ("OVERDUE", "TODAY", "due")
    return [(moment, next(kind for kind in kinds if kind in subject)) for moment, subject in heard]


@pytest.mark.usefixtures("complaint")
def test_two_days_one_day_the_day_and_each_working_day_after(world: World) -> None:
    moments = [f"2026-05-{day:02} {time}" for day in range(2, 15) for time in ("07:59", "08:00", "09:00")]
    assert words_of(reminders(world, moments)) == [
        ("2026-05-07 09:00", "due"),  # Thursday: two working days left
        ("2026-05-08 09:00", "due"),  # Friday
        ("2026-05-11 08:00", "TODAY"),
        ("2026-05-12 08:00", "OVERDUE"),
        ("2026-05-13 08:00", "OVERDUE"),
        ("2026-05-14 08:00", "OVERDUE"),
    ]


@pytest.mark.usefixtures("complaint")
def test_supervisors_hear_from_the_due_day_on(world: World) -> None:
    moments = [f"2026-05-{day:02} 09:00" for day in (7, 8, 11, 12)]
    assert words_of(reminders(world, moments, ANIL)) == [
        ("2026-05-11 09:00", "TODAY"),
        ("2026-05-12 09:00", "OVERDUE"),
    ]


@pytest.mark.usefixtures("complaint")
def test_an_answer_ends_them(world: World) -> None:
    world.staff_replies(_question(world), "responded", "2026-05-07 10:00")
    assert reminders(world, [f"2026-05-{day:02} 09:30" for day in (8, 11, 12, 13)]) == []


def _question(world: World) -> Message:
    """The reminder of two days before, to reply to."""
    world.pass_at("2026-05-07 09:00")
    return _to(world, RUTH)[-1]


def test_after_four_days_away_over_easter_only_the_latest_is_told(world: World) -> None:
    taken_up(world, "2026-03-27 10:00")  # Friday; due on Tuesday 7 April
    assert words_of(reminders(world, ["2026-04-07 09:00", "2026-04-07 12:00"])) == [
        ("2026-04-07 09:00", "TODAY")
    ]
    states = {
        row["occasion"]: row["state"]
        for row in world.rows(case_tables.reminder)
        if "respond" in row["deadline"]
    }
    assert states == {"2_days": "void", "1_day": "void", "due_day": "queued", "overdue/2026-04-08": "planned"}


def test_nobody_is_reminded_on_a_day_off(world: World) -> None:
    taken_up(world, "2026-03-27 10:00")
    world.pass_at("2026-04-01 09:00")  # Wednesday: two days left
    assert reminders(world, ["2026-04-03 12:00", "2026-04-05 12:00", "2026-04-06 12:00"]) == []
    assert words_of(reminders(world, ["2026-04-07 07:00"])) == [("2026-04-07 07:00", "due")]
    assert words_of(reminders(world, ["2026-04-07 08:00"])) == [("2026-04-07 08:00", "TODAY")]


def test_over_christmas(world: World) -> None:
    world.receive(
        COMPLAINT, "2026-12-21 10:00"
    )  # Monday; 25 and 28 December are holidays: due on Wednesday 30
    moments = [f"2026-12-{day} 09:00" for day in range(22, 32)]
    assert words_of(reminders(world, moments)) == [
        ("2026-12-24 09:00", "due"),
        ("2026-12-29 09:00", "due"),
        ("2026-12-30 09:00", "TODAY"),
        ("2026-12-31 09:00", "OVERDUE"),
    ]


def test_a_holding_letter_moves_the_dates_and_the_first_one_stays_known(
    world: World, complaint: Message
) -> None:
    holding = (
        "An update on your complaint: we need more time. You will have our answer by Monday 18 May 2026."
    )
    world.team_sends(
        holding, PAT, "2026-05-08 12:00", subject="An update on your complaint", answers=complaint
    )
    moments = [f"2026-05-{day:02} 09:00" for day in range(11, 20)]
    assert words_of(reminders(world, moments)) == [
        ("2026-05-14 09:00", "due"),
        ("2026-05-15 09:00", "due"),
        ("2026-05-18 09:00", "TODAY"),
        ("2026-05-19 09:00", "OVERDUE"),
    ]
    promise = world.case().deadline("1/respond")
    assert (promise.due.date(), promise.original_due.date()) == (
        at("2026-05-18 09:00").date(),
        at("2026-05-11 09:00").date(),
    )
    assert world.case().stage("1").state.value == "holding"


@pytest.mark.usefixtures("complaint")
def test_the_team_says_by_reply_that_a_holding_letter_has_gone(world: World) -> None:
    world.staff_replies(_question(world), "holding 18 May 2026", "2026-05-07 10:00")
    world.pass_at("2026-05-07 10:01")
    assert world.case().deadline("1/respond").due.date().isoformat() == "2026-05-18"


def test_a_partner_is_answered_by_its_own_date(world: World) -> None:
    world.receive(f"{FROM_ICE} Please reply by Thursday 7 May 2026.", RECEIVED, ICE)
    heard = reminders(world, [f"2026-05-{day:02} 09:00" for day in range(2, 8)])
    assert [moment for moment, _ in heard] == ["2026-05-05 09:00", "2026-05-06 09:00", "2026-05-07 09:00"]
    assert all("ICE" in subject for _, subject in heard)


def test_an_acknowledgement_that_cannot_be_sent_is_brought_up_at_any_hour(world: World) -> None:
    world.receive(
        COMPLAINT, "2026-05-02 03:00", headers={"List-Unsubscribe": "<mailto:off@platform.example>"}
    )
    world.pass_at("2026-05-02 03:01")  # Saturday: asked at once
    moments = [
        "2026-05-02 22:59",
        "2026-05-02 23:00",
        "2026-05-03 02:59",
        "2026-05-03 03:01",
        "2026-05-03 09:00",
    ]
    assert [moment for moment, _ in reminders(world, moments)] == ["2026-05-02 23:00", "2026-05-03 03:01"]
    assert world.case().deadline("1/acknowledge").late


@pytest.mark.usefixtures("complaint")
def test_running_twice_at_the_same_moment_says_nothing_twice(world: World) -> None:
    world.pass_at("2026-05-07 09:00")
    before = world.dump("heartbeat")
    world.pass_at("2026-05-07 09:00")
    assert world.dump("heartbeat") == before


@pytest.mark.usefixtures("complaint")
def test_reminders_hold_no_name_and_no_word_of_the_complainant(world: World) -> None:
    for letter in (_question(world),):
        assert "adviser" not in letter.subject + letter.text
        assert "Pat" not in letter.subject + letter.text


@pytest.mark.usefixtures("complaint")
def test_a_passed_date_is_a_fact_that_decides_nothing(world: World) -> None:
    before = world.case()
    world.pass_at("2026-05-12 00:00")
    after = world.case()
    assert after.deadline("1/respond").late
    assert (after.state, after.stages, after.tasks) == (before.state, before.stages, before.tasks)


@pytest.mark.usefixtures("complaint")
def test_a_window_that_ends_lapses_and_refuses_nobody(world: World) -> None:
    world.staff_replies(_question(world), "responded", "2026-05-07 10:00")
    world.pass_at("2026-05-07 10:01")
    world.pass_at("2026-11-07 23:59")
    assert world.case().stage("1").state.value == "window_open"
    world.pass_at("2026-11-08 00:01")
    assert world.case().stage("1").state.value == "lapsed"


def test_one_case_that_fails_holds_up_no_other(world: World) -> None:
    for sender in ("a@one.example", "b@two.example"):
        world.receive(COMPLAINT, RECEIVED, sender)
    world.pass_at("2026-05-01 17:41")
    with world.parts.store.write() as connection:
        connection.execute(
            update(case_tables.event).where(case_tables.event.c.case_ref == world.refs()[0]).values(body="{}")
        )
    heard = reminders(world, ["2026-05-07 09:00", "2026-05-11 08:00", "2026-05-12 08:00"])
    assert {subject.split()[0].strip("[]:") for _, subject in heard} == {world.refs()[1]}
    assert world.case(2).deadline("1/respond").late
