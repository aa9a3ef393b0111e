"""What holds for every case of every procedure, whatever happens and in whatever order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.casework.case import Case, DeadlineState
from mailbot.casework.changes import follow
from mailbot.casework.facts import HoldingLetterSent, Received, Responded
from mailbot.casework.record import Event
from mailbot.casework.rules import Rules
from mailbot.casework.told import Recounted
from mailbot.casework.windows import is_last
from tests.casework.alphabet import WORKING, possible
from tests.casework.life import Life, at, life, rulebook


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A case of some procedure to which up to twelve things have happened."""
    case = life(draw(st.sampled_from(rulebook().names())), "2026-01-05 09:00")
    now = at("2026-01-05 09:00")
    for _ in range(draw(st.integers(1, 12))):
        facts = [fact for fact in possible(case, now) if case.events or isinstance(fact, Received)]
        case.happens(draw(st.sampled_from(facts)))
        now += timedelta(hours=draw(st.integers(0, 900)))
    return case


def one_open_stage(_event: Event, _before: Case, after: Case, rules: Rules) -> bool:
    return sum(rules.is_ladder(row) and row.state in WORKING for row in after.stages) <= 1


def nothing_is_met_before_it_began(_event: Event, _before: Case, after: Case, _rules: Rules) -> bool:
    return all(row.met_at is None or row.met_at >= row.started for row in after.deadlines)


def a_way_further_only_after_an_answer(_event: Event, _before: Case, after: Case, _rules: Rules) -> bool:
    ways = [window for window in after.windows if window.id.endswith("/escalate")]
    return all(after.stage(window.instance).responded for window in ways)


def a_holding_letter_only_moves_a_date_later(event: Event, before: Case, _after: Case, _rules: Rules) -> bool:
    if not isinstance(event.fact, HoldingLetterSent):
        return True
    moved = [(row, before.deadline(row.id)) for row in event.changes.deadlines]
    return all(was is not None and row.due > was.due for row, was in moved)


def nobody_is_written_to_who_may_not_be(event: Event, _before: Case, _after: Case, _rules: Rules) -> bool:
    barred = isinstance(event.fact, Received) and not event.fact.may_acknowledge
    return not (barred and event.changes.letters)


def the_last_answer_names_the_next_body(event: Event, _before: Case, after: Case, rules: Rules) -> bool:
    if not isinstance(event.fact, Responded) or event.fact.names_next_body:
        return True
    instance = after.stage(event.fact.instance)
    if not rules.is_ladder(instance) or not is_last(rules.procedure.stage(instance.stage)):
        return True
    return not event.changes.stages and [task.kind for task in event.changes.tasks] == ["next_body_missing"]


def a_recount_leaves_met_promises_alone(event: Event, before: Case, _after: Case, _rules: Rules) -> bool:
    if not isinstance(event.fact, Recounted):
        return True
    was = {row.id: row.state for row in before.deadlines}
    return all(was[row.id] is DeadlineState.RUNNING for row in event.changes.deadlines)


def lateness_is_never_taken_back(_event: Event, before: Case, after: Case, _rules: Rules) -> bool:
    return all(row.late for was in before.deadlines if was.late and (row := after.deadline(was.id)))


def nothing_but_acknowledgement_and_redirect_while_another_leads(
    event: Event, before: Case, _after: Case, _rules: Rules
) -> bool:
    led = any(row.state.value == "awaiting_jobcentre" for row in before.stages)
    if not led or not isinstance(event.fact, Received):
        return True
    return all(letter.purpose.startswith("acknowledge/") for letter in event.changes.letters)


def a_timer_decides_nothing(event: Event, before: Case, after: Case, _rules: Rules) -> bool:
    if event.kind not in ("due_passed", "window_ended", "recounted"):
        return True
    return after.state is before.state and not event.changes.letters


_LAWS: tuple[Callable[[Event, Case, Case, Rules], bool], ...] = (
    one_open_stage,
    nothing_is_met_before_it_began,
    a_way_further_only_after_an_answer,
    a_holding_letter_only_moves_a_date_later,
    nobody_is_written_to_who_may_not_be,
    the_last_answer_names_the_next_body,
    a_recount_leaves_met_promises_alone,
    lateness_is_never_taken_back,
    nothing_but_acknowledgement_and_redirect_while_another_leads,
    a_timer_decides_nothing,
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(lives())
def test_the_laws_hold_after_every_event(case: Life) -> None:
    before = case.unbegun
    for event in case.events:
        after = follow(before, event.changes)
        broken = [law.__name__ for law in _LAWS if not law(event, before, after, case.rules)]
        assert not broken, (event.fact, broken)
        before = after
    assert before == case.case == case.rebuilt()
