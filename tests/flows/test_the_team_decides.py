"""What people decide about a case, said by email in a word or two."""

from dataclasses import replace
from datetime import date

import pytest

from mailbot.casework.calendar import WorkingCalendar
from mailbot.flows.recount import recount
from mailbot.flows.rulebook import Rulebook
from mailbot.mail.message import Message
from mailbot.store import cases, tables
from tests.flows.world import ANIL, COMPLAINT, ESCALATION, FROM_ICE, ICE, PAT, RUTH, World, at

MO = "mo.idris@home.example"


@pytest.fixture(name="notice")
def a_notice(world: World) -> Message:
    """The reminder of two days before on a complaint of Friday 1 May, to reply to."""
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.pass_at("2026-05-07 09:00")
    return world.letters_to(RUTH)[-1]


def say(world: World, notice: Message, words: str, when: str = "2026-05-07 10:00") -> None:
    world.staff_replies(notice, words, when)
    world.pass_at(when)


def sound(world: World) -> bool:
    with world.parts.store.read() as connection:
        return list(cases.check(connection)) == []


def test_points_and_what_was_found_on_each(world: World, notice: Message) -> None:
    say(world, notice, "points the missed calls; the refund")
    say(world, notice, "responded 6 May 2026, 1 upheld, 2 not upheld", "2026-05-07 10:05")
    case = world.case()
    assert [(issue.point, issue.outcome) for issue in case.issues] == [
        ("the missed calls", "upheld"),
        ("the refund", "not_upheld"),
    ]
    assert case.stage("1").responded.date() == date(2026, 5, 6)
    assert sound(world)


def test_two_cases_are_joined_and_both_references_thread_to_one(world: World, notice: Message) -> None:
    world.receive(f"{COMPLAINT} It is Mo here, about Pat.", "2026-05-06 10:00", MO, subject="Pat's adviser")
    world.pass_at("2026-05-06 10:01")
    first, second = world.refs()
    say(world, notice, f"merge {second}")
    assert world.case(2).merged_into == first
    assert {party.id for party in world.case(1).parties} == {PAT, MO}
    (told,) = world.letters_to(PAT, "reference numbers")
    assert first in told.text
    assert second in told.text
    later = world.receive("Thank you.", "2026-05-08 10:00", MO, subject=f"Your letter [{second}]")
    world.pass_at("2026-05-08 10:01")
    assert first in {
        row["case_ref"] for row in world.rows(tables.message) if row["message_id"] == later.message_id
    }
    assert sound(world)


def test_one_matter_goes_on_by_itself(world: World, notice: Message) -> None:
    say(world, notice, "split the travel refund")
    parent, child = world.case(1), world.case(2)
    assert child.split_from == parent.ref
    assert child.stage("1").received == parent.stage("1").received
    assert child.deadline("1/acknowledge").state.value == "met"
    assert len(world.letters_to(PAT, "reference numbers")) == 1
    assert sound(world)


def test_a_mistake_is_taken_back(world: World, notice: Message) -> None:
    before = world.case()
    say(world, notice, "responded")
    assert world.case().stage("1").responded
    say(world, notice, "undo", "2026-05-07 10:05")
    after = world.case()
    assert (after.stages, after.deadlines, after.windows) == (before.stages, before.deadlines, before.windows)
    assert sound(world)
    world.pass_at("2026-05-11 09:00")
    assert "TODAY" in world.letters_to(RUTH)[-1].subject, "people are reminded again"


def test_what_led_to_a_letter_that_has_left_is_not_taken_back(world: World, notice: Message) -> None:
    say(world, notice, "responded")
    world.receive(ESCALATION, "2026-05-08 10:00", subject=f"Again [{world.case().ref}]")
    world.pass_at("2026-05-08 10:01")
    before = world.case()
    with world.parts.store.read() as connection:
        events = cases.events_of(connection, before.ref)
    number = next(event.number for event in events if event.changes.letters and event.number > 1)
    say(world, notice, f"undo {number}", "2026-05-08 10:05")
    assert world.case() == before
    assert world.letters_to(RUTH, "has left") or world.letters_to(RUTH, "rests on")


def test_the_examiners_final_report_and_the_money(world: World) -> None:
    world.receive(FROM_ICE, "2026-05-05 09:00", ICE)
    world.pass_at("2026-05-05 09:01")
    world.pass_at("2026-05-08 09:00")
    notice = world.letters_to(RUTH)[-1]
    say(world, notice, "step final report upheld", "2026-05-08 10:00")
    question = world.letters_to(ANIL)[-1]
    assert "£5,000" in question.text, "a supervisor answers it"
    world.staff_replies(question, "accept", "2026-05-08 11:00", ANIL)
    world.pass_at("2026-05-08 11:01")
    assert [money.pounds for money in world.case().sums] == [5000]
    assert sound(world)


@pytest.mark.parametrize(
    ("words", "state"), [("settled, they get the refund", "resolved_informally"), ("withdrawn", "withdrawn")]
)
def test_a_case_ends_and_may_be_taken_up_again(world: World, notice: Message, words: str, state: str) -> None:
    say(world, notice, words)
    assert world.case().state.value == state
    assert bool(world.letters_to(PAT, "asked us to stop")) is (state == "withdrawn")
    say(world, notice, "reopen 1 they have written again", "2026-05-20 10:00")
    case = world.case()
    assert (case.state.value, case.stage("1.2").state.value) == ("open", "investigating")
    assert sound(world)


def test_words_that_do_not_say_enough_change_nothing(world: World, notice: Message) -> None:
    before = world.case()
    for number, words in enumerate(("merge", "reopen 9", "redirect nowhere", "holding", "event")):
        say(world, notice, words, f"2026-05-07 10:1{number}")
    assert world.case() == before
    assert (
        len(world.letters_to(RUTH, "nothing was changed")) + len(world.letters_to(RUTH, "no other case")) >= 5
    )


def test_a_proclaimed_holiday_moves_open_dates_once_and_says_so(world: World, notice: Message) -> None:  # noqa: ARG001 - the case
    calendar = world.parts.procedures.calendar("england-and-wales")
    proclaimed = replace(
        calendar, holidays={**calendar.holidays, date(2026, 5, 8): "Proclaimed"}, version="2026-12"
    )
    rulebook = _Proclaimed(world.parts.procedures, proclaimed)
    later = replace(world.parts, procedures=rulebook)
    met = world.case().deadline("1/acknowledge")
    assert recount(later, at("2026-05-07 12:00")) == 1
    assert recount(later, at("2026-05-07 12:01")) == 0
    case = world.case()
    assert case.deadline("1/respond").due.date() == date(2026, 5, 12)
    assert "Proclaimed" in case.deadline("1/respond").count
    assert case.deadline("1/acknowledge") == met
    assert sound(world)


class _Proclaimed:
    """The rulebook with another calendar."""

    def __init__(self, rulebook: Rulebook, calendar: WorkingCalendar) -> None:
        self._rulebook, self._calendar = rulebook, calendar

    def __getattr__(self, name: str) -> object:
        return getattr(self._rulebook, name)

    def calendar(self, _name: str) -> WorkingCalendar:
        return self._calendar

    def calendar_versions(self) -> list[str]:
        return [self._calendar.known_as]


def test_a_case_goes_by_the_bank_holidays_of_its_nation(world: World) -> None:
    """Friday 12 June 2026 and five working days: Friday 19 June, but Monday 15 June is a holiday in Scotland."""
    world.receive(COMPLAINT, "2026-06-12 10:00")
    world.pass_at("2026-06-12 10:01")
    assert world.case().deadline("1/respond").due.date() == date(2026, 6, 19)
    world.pass_at("2026-06-17 09:00")
    notice = world.letters_to(RUTH)[-1]
    say(world, notice, "calendar scotland", "2026-06-17 10:00")
    case = world.case()
    assert case.calendar == "scotland"
    assert case.deadline("1/respond").due.date() == date(2026, 6, 22)
    assert "World Cup bank holiday" in case.deadline("1/respond").count
    assert sound(world)


def test_a_calendar_that_nobody_knows_changes_nothing_and_the_known_ones_are_named(
    world: World, notice: Message
) -> None:
    say(world, notice, "calendar atlantis")
    assert world.case().calendar == ""
    assert "northern-ireland" in world.letters_to(RUTH)[-1].text


def test_the_reminder_to_be_in_touch_names_the_word_that_answers_it(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.pass_at("2026-05-05 08:00")
    (notice,) = world.letters_to(RUTH, "be in touch")
    assert "contacted: somebody of the team has been in touch" in notice.text
    say(world, notice, "contacted", "2026-05-05 09:00")
    assert world.case().deadline("1/personal_contact").met_by == "person"


def test_the_letter_of_a_withdrawal_names_the_day_on_which_it_was_asked_for(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive("Please withdraw my complaint.", "2026-05-04 19:40", answers=first)
    world.pass_at("2026-05-04 19:41")
    say(world, world.letters_to(RUTH)[-1], "withdrawn", "2026-05-05 09:14")
    (letter,) = world.letters_to(PAT, "asked us to stop")
    assert "On Monday 4 May 2026 you asked us to stop" in letter.text
