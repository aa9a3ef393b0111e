"""Cases that become one, a case that becomes two, and events that are taken back."""

from dataclasses import replace

import pytest

from mailbot.casework.case import Case
from mailbot.casework.facts import Acknowledged, HoldingLetterSent, Responded
from mailbot.casework.labels import Label
from mailbot.casework.told import (
    Absorbed,
    MergedInto,
    PartyJoined,
    PartyLeft,
    ReceivedEarlier,
    Reopened,
    SplitFrom,
    Undone,
)
from mailbot.casework.undoing import CannotUndo, undo
from tests.casework.life import NIA, SAM, Life, at, letters, life


def complained(when: str = "2026-06-03 10:00") -> Life:
    case = life("restart", when)
    case.receives(Label.NEW_COMPLAINT, when)
    return case


def taken_back(case: Life, number: int) -> Case:
    changes = undo(case.unbegun, case.events, number)
    case.keeps(Undone(number, at("2026-07-01 10:00"), "ruth@team.example"), changes)
    return case.case


def test_the_survivor_counts_from_the_earliest_receipt_and_tells_both_references() -> None:
    case = complained("2026-06-03 10:00")  # Wednesday, due on Wednesday 10 June
    joined = case.happens(Absorbed("TST-000002-Y", at("2026-06-04 10:00"), at("2026-06-01 09:00"), (NIA,)))
    assert case.case.received == case.case.stage("1").received == at("2026-06-01 09:00")
    assert case.due("1/respond") == "Mon 8 Jun 2026 11:59pm running"
    assert case.case.party(NIA.id) is not None
    assert letters(joined) == ["merged_split"]


def test_the_strictest_date_holds() -> None:
    case = complained("2026-06-01 10:00")
    case.happens(HoldingLetterSent("1", at("2026-06-05 10:00"), at("2026-06-19 23:59"), "records"))
    case.happens(
        Absorbed("TST-000002-Y", at("2026-06-08 10:00"), at("2026-06-05 09:00"), due=at("2026-06-12 23:59"))
    )
    assert case.due("1/respond") == "Fri 12 Jun 2026 11:59pm running"


def test_the_other_case_owes_nothing_any_more_and_points_to_the_survivor() -> None:
    case = complained()
    case.happens(MergedInto("TST-000001-X", at("2026-06-04 10:00")))
    assert (case.case.state.value, case.case.merged_into) == ("merged", "TST-000001-X")
    assert case.case.running == ()


def test_a_split_case_copies_the_time_of_receipt_and_what_was_acknowledged() -> None:
    child = life("restart", "2026-06-03 10:00")
    told = child.happens(
        SplitFrom(
            parent="TST-000002-Y",
            at=at("2026-06-05 10:00"),
            received=at("2026-06-03 10:00"),
            sender=SAM,
            message="1",
            point="the travel refund",
            acknowledged=at("2026-06-03 10:01"),
        )
    )
    assert child.case.split_from == "TST-000002-Y"
    assert child.due("1/respond") == "Wed 10 Jun 2026 11:59pm running"
    assert child.due("1/acknowledge").endswith("met")
    assert [issue.point for issue in child.case.issues] == ["the travel refund"]
    assert letters(told) == ["merged_split"]


def test_one_of_two_complainants_may_leave() -> None:
    case = complained()
    case.happens(PartyJoined(replace(NIA, nominated=True, role=SAM.role), at("2026-06-04 10:00")))
    assert case.case.complainant.id == NIA.id
    case.happens(PartyLeft(NIA.id, at("2026-06-05 10:00")))
    assert case.case.complainant.id == SAM.id
    assert case.stages == {"1": "investigating"}


def test_an_earlier_receipt_moves_dates_earlier_and_never_later() -> None:
    case = complained("2026-06-03 10:00")
    case.happens(ReceivedEarlier("1", at("2026-06-04 10:00"), at("2026-06-04 11:00")))
    assert case.due("1/respond") == "Wed 10 Jun 2026 11:59pm running"
    case.happens(ReceivedEarlier("1", at("2026-06-02 23:59"), at("2026-06-04 11:00")))
    assert case.due("1/respond") == "Tue 9 Jun 2026 11:59pm running"


def test_a_stage_is_taken_up_again_beside_the_old_one() -> None:
    case = complained()
    case.happens(Responded("1", at("2026-06-09 10:00")))
    before = case.case.stage("1")
    case.happens(Reopened("1", at("2026-07-01 10:00"), "new evidence"))
    assert case.case.stage("1") == before
    assert case.case.stage("1.2").reason == "reopened: new evidence"
    assert case.questions == ["acknowledge_by_hand"], "a person tells the complainant"
    assert case.due("1.2/respond") == "Wed 8 Jul 2026 11:59pm running"


def test_an_open_stage_is_not_opened_again() -> None:
    case = complained()
    case.happens(Reopened("1", at("2026-06-04 10:00"), "by mistake"))
    assert list(case.stages) == ["1"]


def test_an_undone_answer_leaves_the_promise_as_it_was() -> None:
    case = complained()
    case.happens(Acknowledged("1", at("2026-06-03 10:01")))
    before = case.case
    case.happens(Responded("1", at("2026-06-05 10:00")))
    after = taken_back(case, 3)
    assert (after.stages, after.deadlines, after.windows) == (
        before.stages,
        before.deadlines,
        before.windows,
    )
    assert case.rebuilt() == after


def test_what_rests_on_an_event_is_taken_back_first() -> None:
    case = complained()
    case.happens(Responded("1", at("2026-06-05 10:00")))
    case.receives(Label.ESCALATION, "2026-06-08 10:00")
    with pytest.raises(CannotUndo, match="rests on event 2"):
        undo(case.unbegun, case.events, 2)
    assert list(case.stages) == ["1", "2"]
    taken_back(case, 3)
    assert case.stages == {"1": "window_open"}
    taken_back(case, 2)
    assert case.stages == {"1": "investigating"}
    with pytest.raises(CannotUndo, match="already"):
        undo(case.unbegun, case.events, 2)


@pytest.mark.parametrize("number", [1, 9])
def test_the_opening_and_what_never_was_stay(number: int) -> None:
    with pytest.raises(CannotUndo, match="there is no event"):
        undo(complained().unbegun, complained().events, number)


def test_two_cases_are_not_undone_together() -> None:
    case = complained()
    case.happens(MergedInto("TST-000002-Y", at("2026-06-04 10:00")))
    with pytest.raises(CannotUndo, match="cannot be taken back"):
        undo(case.unbegun, case.events, 2)
