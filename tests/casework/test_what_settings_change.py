"""Each setting of a procedure that casework obeys: what its default does, and what the other value does."""

from dataclasses import replace

import pytest

from mailbot.casework.case import Party, Role
from mailbot.casework.facts import Acknowledged, Contacted, HoldingLetterSent, Responded
from mailbot.casework.labels import Label
from mailbot.casework.told import CombinedResponseIssued, DateLearned, StepTaken
from tests.casework.life import ICE, JOBCENTRE, NIA, Life, at, letters, life


def complained(procedure: str, **settings: object) -> Life:
    """A complaint that came on Monday 1 June 2026 at ten."""
    case = life(procedure, "2026-06-01 10:00", **settings)
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00")
    return case


@pytest.mark.parametrize(("counts", "state"), [("automated", "met"), ("human_only", "running")])
def test_what_meets_the_acknowledgement(counts: str, state: str) -> None:
    case = complained("restart", acknowledgement_counts=counts)
    case.happens(Acknowledged("1", at("2026-06-01 10:01")))
    assert case.due("1/acknowledge") == f"Tue 2 Jun 2026 10:00am {state}"
    case.happens(Contacted("1", at("2026-06-01 15:00")))
    assert case.due("1/acknowledge") == "Tue 2 Jun 2026 10:00am met"


@pytest.mark.parametrize(
    ("premature", "stages"), [("contact_on_open_stage", ["1"]), ("next_stage", ["1", "2"])]
)
def test_an_escalation_before_the_answer_is_due(premature: str, stages: list[str]) -> None:
    case = complained("restart", premature_escalation=premature)
    case.receives(Label.ESCALATION, "2026-06-03 10:00")
    assert list(case.stages) == stages


@pytest.mark.parametrize(
    ("no_response", "stages"), [("flag", ["1"]), ("outside_body", ["1"]), ("next_stage", ["1", "2"])]
)
def test_an_escalation_when_the_answer_is_late(no_response: str, stages: list[str]) -> None:
    case = complained("restart", no_response=no_response)
    case.receives(Label.ESCALATION, "2026-06-09 00:01")  # due on Monday 8 June
    assert list(case.stages) == stages
    assert all(task.urgent for task in case.case.tasks if task.kind == "early_escalation")


@pytest.mark.parametrize(("limit", "stages"), [("revised", ["1"]), ("original", ["1", "2"])])
def test_which_date_is_the_limit_after_a_holding_letter(limit: str, stages: list[str]) -> None:
    case = complained("restart", no_response="next_stage", no_response_limit=limit)
    case.happens(HoldingLetterSent("1", at("2026-06-05 10:00"), at("2026-06-12 23:59"), "records"))
    case.receives(Label.ESCALATION, "2026-06-10 10:00")
    assert list(case.stages) == stages


def test_after_a_holding_letter_the_later_date_lets_it_pass_up() -> None:
    case = complained("council")
    case.happens(HoldingLetterSent("1", at("2026-06-26 10:00"), at("2026-07-03 23:59"), "records"))
    case.receives(Label.ESCALATION, "2026-07-02 10:00")
    assert list(case.stages) == ["1"]
    case.receives(Label.ESCALATION, "2026-07-04 10:00")
    assert list(case.stages) == ["1", "2"]


@pytest.mark.parametrize(("stopped_by", "over"), [("final_response", False), ("any_response", True)])
def test_what_ends_the_eight_weeks(stopped_by: str, over: bool) -> None:
    case = complained("ipes", eight_weeks_stopped_by=stopped_by)
    first = case.rules.procedure.stages[0]
    two = (
        replace(first, next="second"),
        replace(first, id="second", windows=()),
    )
    case.rules = replace(case.rules, procedure=replace(case.rules.procedure, stages=two))
    case.happens(Responded("complaint", at("2026-06-05 10:00")))
    window = case.case.window("complaint/eight_weeks")
    assert window is not None
    assert bool(window.stopped_by) is window.over is over


@pytest.mark.parametrize(("covers", "flags"), [("informal", ()), ("informal_and_formal", ("raised_late",))])
def test_what_the_window_for_raising_a_matter_covers(covers: str, flags: tuple[str, ...]) -> None:
    case = complained("fos", raise_window_covers=covers)
    case.happens(DateLearned("event", at("2026-02-02 10:00"), at("2026-06-02 10:00")))
    assert case.until("1/raise") == "1 Sat 2 May 2026 11:59pm"
    assert case.case.flags == flags


@pytest.mark.parametrize(("wanted", "asked"), [(False, False), (True, True)])
def test_whether_an_elected_member_must_show_authority(wanted: bool, asked: bool) -> None:
    case = life("restart", "2026-06-01 10:00", elected_member_authority=wanted)
    member = Party("mp@parliament.example", Role.ELECTED_MEMBER)
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", member, flags=("mp",))
    assert ("authority" in case.questions) is asked


@pytest.mark.parametrize(("counts", "proposal"), [(("upheld",), ""), (("upheld", "partly_upheld"), "record")])
def test_which_outcomes_propose_money(counts: tuple[str, ...], proposal: str) -> None:
    case = complained("restart", recovery_on=counts)
    case.receives(Label.ICE_CORRESPONDENCE, "2026-06-08 10:00", ICE)
    case.happens(StepTaken("ice", "final_report", at("2026-12-01 10:00"), "partly_upheld"))
    assert case.question("money").proposal == proposal


@pytest.mark.parametrize(
    ("mixed", "state", "clock"),
    [
        ("await_lead", "awaiting_jobcentre", "stopped"),
        ("await_lead_and_answer_ours", "investigating", "running"),
    ],
)
def test_what_runs_while_another_body_leads(mixed: str, state: str, clock: str) -> None:
    case = life("restart", "2026-06-01 10:00", mixed_complaint=mixed)
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", flags=("mixed",))
    case.decides("redirect", "accept", "2026-06-01 12:00")
    assert case.stages["1"] == state
    assert case.due("1/respond") == f"Mon 8 Jun 2026 11:59pm {clock}"


@pytest.mark.parametrize(
    ("dated", "until"),
    [("issued", "2 Mon 4 Jan 2027 11:59pm"), ("learned", "2 Fri 8 Jan 2027 11:59pm")],
)
def test_the_date_of_a_combined_response(dated: str, until: str) -> None:
    case = life("restart", "2026-06-01 10:00", combined_response_date=dated)
    case.receives(Label.CONTRIBUTION_REQUEST, "2026-06-01 10:00", JOBCENTRE)
    case.happens(CombinedResponseIssued(at("2026-07-08 10:00"), issued=at("2026-07-04 10:00")))
    assert case.until("1/escalate") == until
    assert case.case.stage("1").reason == "combined response"


@pytest.mark.parametrize(
    ("setting", "authority", "first"),
    [
        ("confirm", "confirmed", "ask the complainant first"),
        ("accept", "confirmed", "only a person can accept"),
        ("accept", "", "ask the complainant first"),
    ],
)
def test_a_withdrawal_by_a_representative(setting: str, authority: str, first: str) -> None:
    case = life("restart", "2026-06-01 10:00", withdrawal_by_representative=setting)
    sender = Party(NIA.id, Role.REPRESENTATIVE, authority=authority)
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", sender)
    case.receives(Label.OTHER, "2026-06-02 10:00", sender, flags=("withdrawal",))
    assert first in case.question("withdrawal").reason


@pytest.mark.parametrize(("chaser", "purposes"), [("link_only", 1), ("always_acknowledge", 2)])
def test_what_a_repeated_message_gets(chaser: str, purposes: int) -> None:
    case = complained("restart", chaser=chaser)
    owed = [
        letter.purpose
        for when in ("2026-06-02 10:00", "2026-06-02 15:00")
        for letter in case.receives(Label.NEW_COMPLAINT, when).letters
    ]
    assert len(set(owed)) == purposes, "a letter with a purpose that is taken is not written again"


def test_whoever_may_not_be_written_to_gets_no_courtesy_letter() -> None:
    case = complained("restart")
    assert letters(case.receives(Label.NEW_COMPLAINT, "2026-06-02 10:00", may_acknowledge=False)) == []
