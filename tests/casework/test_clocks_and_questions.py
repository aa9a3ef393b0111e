"""Clocks that start late, stand still or move; questions that only people answer."""

from dataclasses import replace
from datetime import date

import pytest

from mailbot import shipped
from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Contacted,
    HoldingLetterSent,
    Responded,
)
from mailbot.casework.labels import Label
from mailbot.casework.reminders import occasions, window_occasions
from mailbot.casework.rules import Rules
from mailbot.casework.told import AuthorityGiven, Recounted, Redirected, StepTaken, Waiting, WaitingOver
from mailbot.flows.rulebook import Rulebook
from tests.casework.life import ICE, LONDON, NIA, SAM, Life, at, letters, life


def complained(procedure: str = "restart", **more: object) -> Life:
    """A complaint that came on Monday 1 June 2026 at ten."""
    case = life(procedure, "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", **more)
    return case


def test_a_clock_that_is_counted_from_the_acknowledgement_starts_with_it() -> None:
    rules = shipped.folder("rules")
    code = Rulebook([rules, rules / "options" / "lgsco-code"])
    procedure = code.on("council", date(2026, 6, 1))
    case = life("council", "2026-06-01 10:00")
    case.rules = Rules(procedure, code.calendar(procedure.calendar))
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00")
    assert case.case.deadline("1/respond") is None
    case.happens(Acknowledged("1", at("2026-06-02 15:00")))
    assert case.due("1/respond") == "Tue 16 Jun 2026 11:59pm running"
    case.happens(Contacted("1", at("2026-06-05 15:00")))
    assert case.due("1/respond") == "Tue 16 Jun 2026 11:59pm running", "it starts once"


def test_an_acknowledgement_that_came_back_runs_again_and_asks_for_a_hand() -> None:
    case = complained()
    case.happens(Acknowledged("1", at("2026-06-01 10:01")))
    case.happens(AcknowledgementFailed("1", at("2026-06-01 10:05"), "no such mailbox"))
    assert case.due("1/acknowledge") == "Tue 2 Jun 2026 10:00am running"
    assert case.question("acknowledge_by_hand").urgent
    case.happens(Contacted("1", at("2026-06-01 16:00")))
    assert case.questions == []


def test_personal_contact_is_brought_up_once_on_its_day() -> None:
    case = complained()
    promise = case.case.deadline("1/personal_contact")
    assert promise.kind == "house"
    assert occasions(promise, case.rules.calendar, LONDON) == (("contact_due_day", at("2026-06-02 08:00")),)


def test_eight_weeks_are_brought_up_ten_and_three_working_days_before() -> None:
    case = complained("ipes")
    window = case.case.window("complaint/eight_weeks")
    assert case.until("complaint/eight_weeks") == "external:ice Mon 27 Jul 2026 11:59pm"
    assert window_occasions(window, case.rules.calendar, LONDON) == (
        ("10_days", at("2026-07-13 09:00")),
        ("3_days", at("2026-07-22 09:00")),
    )


def test_only_clocks_that_name_the_state_stand_still() -> None:
    case = complained()
    case.happens(Waiting("1", at("2026-06-02 10:00"), "awaiting_authority"))
    assert case.due("1/respond") == "Mon 8 Jun 2026 11:59pm running", "this text has no pause"
    assert case.case.pauses == ()


def test_two_pauses_are_both_left_out_and_the_gross_date_is_kept() -> None:
    case = life("charity", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", NIA)
    assert case.due("1/respond") == "Mon 13 Jul 2026 11:59pm running"
    for begun, over in (("2026-06-02 10:00", "2026-06-04 10:00"), ("2026-06-08 10:00", "2026-06-09 10:00")):
        case.happens(Waiting("1", at(begun), "awaiting_authority"))
        assert case.due("1/respond").endswith("paused")
        case.happens(WaitingOver("1", at(over), "awaiting_authority"))
    assert case.due("1/respond") == "Thu 16 Jul 2026 11:59pm running"
    assert case.case.deadline("1/respond").gross_due.date() == date(2026, 7, 13)


def test_an_answer_while_the_clock_stands_still_keeps_the_promise() -> None:
    case = life("charity", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", NIA)
    case.decides("authority", "accept", "2026-06-02 10:00")
    case.happens(Responded("1", at("2026-09-01 10:00")))
    assert case.due("1/respond").endswith("met")
    assert all(pause.ended for pause in case.case.pauses)


def test_whoever_is_refused_may_not_act_and_the_clock_goes_on() -> None:
    case = life("charity", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", NIA)
    case.decides("authority", "accept", "2026-06-02 10:00")
    case.happens(AuthorityGiven(NIA.id, at("2026-06-03 10:00"), given=False))
    assert case.case.party(NIA.id).authority == "refused"
    assert case.due("1/respond") == "Tue 14 Jul 2026 11:59pm running"


def test_the_complainant_is_asked_too_where_we_know_them() -> None:
    case = complained()
    case.happens(Responded("1", at("2026-06-05 10:00")))
    case.receives(Label.ESCALATION, "2026-06-08 10:00", NIA)
    asked = case.decides("authority", "accept", "2026-06-08 11:00")
    assert [(letter.name, letter.to) for letter in asked.letters] == [
        ("request_authority", NIA.id),
        ("confirm_authority", SAM.id),
    ]


def test_a_data_protection_complaint_has_a_clock_of_its_own_beside_the_complaint() -> None:
    case = complained(flags=("data_protection",))
    told = case.decides("information_rights", "accept", "2026-06-02 10:00")
    assert letters(told) == ["redirect_dp"]
    assert case.due("data_protection/acknowledge") == "Wed 1 Jul 2026 11:59pm running"
    assert case.due("1/respond") == "Mon 8 Jun 2026 11:59pm running"


def test_a_request_for_personal_data_has_a_month() -> None:
    case = complained(flags=("subject_access", "data_protection"))
    case.decides("information_rights", "accept", "2026-06-02 10:00")
    assert case.due("data_protection/respond") == "Wed 1 Jul 2026 11:59pm running"


@pytest.mark.parametrize(
    ("holdings", "words"),
    [
        (["2026-06-08 09:00 2026-06-12"], []),
        (["2026-06-09 09:00 2026-06-12"], ["went after the date"]),
        (["2026-06-08 09:00 2026-06-30"], ["16 working days later"]),
        (["2026-06-08 09:00 2026-06-12", "2026-06-12 09:00 2026-06-19"], ["a supervisor must agree"]),
        (["2026-06-05 09:00 2026-06-08"], ["no later than the one we gave"]),
    ],
)
def test_what_a_supervisor_looks_at_in_a_holding_letter(holdings: list[str], words: list[str]) -> None:
    case = complained()  # due on Monday 8 June
    for holding in holdings:
        sent, until = holding.rsplit(" ", 1)
        case.happens(HoldingLetterSent("1", at(sent), at(f"{until} 23:59"), "records"))
    asked = [task.reason for task in case.case.tasks if task.kind == "holding_to_check"]
    assert len(asked) == len(words)
    assert all(word in reason for word, reason in zip(words, asked, strict=True))


def test_a_redirect_to_somebody_else_altogether_ends_the_stage() -> None:
    case = complained("charity", flags=("about_a_charity",))
    told = case.decides("redirect", "accept", "2026-06-02 10:00")
    assert letters(told) == ["redirect_charity"]
    assert (case.case.state.value, case.stages) == ("redirected", {"1": "ended"})
    assert case.case.running == ()


@pytest.mark.parametrize("label", [Label.CONTRIBUTION_REQUEST, Label.ICE_CORRESPONDENCE])
def test_whoever_leads_the_answer_is_not_asked_about_as_a_redirect(label: Label) -> None:
    case = life("restart", "2026-06-01 10:00")
    case.receives(label, "2026-06-01 10:00", ICE, flags=("mixed", "policy"))
    assert "redirect" not in case.questions


def test_a_redirect_that_nobody_approves_changes_nothing() -> None:
    case = complained(flags=("policy",))
    case.decides("redirect", "other", "2026-06-02 10:00")
    assert case.stages == {"1": "investigating"}
    assert letters(case.happens(Redirected("nowhere", "1", at("2026-06-02 11:00")))) == []


def test_the_examiner_sends_a_complaint_back() -> None:
    case = complained()
    case.receives(Label.ICE_CORRESPONDENCE, "2026-06-02 10:00", ICE)
    case.happens(StepTaken("ice", "revisit_steps", at("2026-06-02 11:00")))
    assert case.questions == ["revisit"]
    case.receives(Label.ICE_CORRESPONDENCE, "2026-06-10 10:00", ICE, request="draft_report")
    assert case.case.proceeding("ice").step == "draft_report"
    case.happens(Responded("ice", at("2026-06-08 10:00")))
    assert case.case.proceeding("ice").step == "draft_report", "one letter is still to be answered"
    case.happens(Responded("ice.2", at("2026-06-15 10:00")))
    assert case.case.proceeding("ice").step == "awaiting"


def test_a_recount_keeps_the_later_date_of_a_holding_letter() -> None:
    case = complained()
    case.happens(HoldingLetterSent("1", at("2026-06-05 10:00"), at("2026-06-12 23:59"), "records"))
    calendar = case.rules.calendar
    proclaimed = {**calendar.holidays, date(2026, 6, 4): "Proclaimed"}
    case.rules = replace(case.rules, calendar=replace(calendar, holidays=proclaimed, version="2026-12"))
    case.happens(Recounted("england-and-wales 2026-12", at("2026-06-05 12:00")))
    promise = case.case.deadline("1/respond")
    assert (promise.due.date(), promise.original_due.date()) == (date(2026, 6, 12), date(2026, 6, 9))
    assert promise.calendar == "england-and-wales 2026-12"


def test_a_second_letter_about_an_answer_moves_nothing_and_a_persons_word_corrects_its_date() -> None:
    case = complained()
    case.happens(Responded("1", at("2026-06-05 10:00"), "<first@team.example>"))
    case.happens(Responded("1", at("2026-06-25 10:00"), "<second@team.example>"))
    assert case.until("1/escalate") == "2 Sat 5 Dec 2026 11:59pm"
    case.happens(Responded("1", at("2026-06-04 10:00")))
    assert case.until("1/escalate") == "2 Fri 4 Dec 2026 11:59pm"
