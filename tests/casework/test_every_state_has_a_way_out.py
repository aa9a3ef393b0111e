"""A walk through the states of every procedure: whatever has happened, people can always bring a case to its end."""

from collections import deque
from datetime import timedelta

import pytest

from mailbot.casework.case import DeadlineState, StageState
from mailbot.casework.facts import Closed, Received, Responded
from tests.casework.alphabet import WORKING, answers, possible
from tests.casework.life import Life, at, life, rulebook

_MOST_STATES = 600  # of each procedure, breadth first
_STEP = timedelta(days=9)


@pytest.mark.slow
@pytest.mark.parametrize("procedure", rulebook().names())
def test_every_reachable_state_has_a_way_out(procedure: str) -> None:
    start = life(procedure, "2026-01-05 09:00")
    seen = {_state(start)}
    waiting, reached = deque([start]), [start]
    while waiting and len(seen) < _MOST_STATES:
        here = waiting.popleft()
        now = at("2026-01-05 09:00") + _STEP * here.case.events
        for fact in possible(here, now):
            if not here.events and not isinstance(fact, Received):
                continue
            there = Life(here.rules, here.case, list(here.events))
            there.happens(fact)
            _check(there)
            if _state(there) not in seen:
                seen.add(_state(there))
                waiting.append(there)
                reached.append(there)
    passed = {stage.stage for one in reached for stage in one.case.stages}
    assert passed >= {stage.id for stage in start.rules.procedure.stages}
    for unfinished in reached[1:]:
        _ends(unfinished)


def _state(here: Life) -> tuple[object, ...]:
    """What tells states apart: how the case and its stages stand, what is asked, and what is owed."""
    case = here.case
    return (
        case.state,
        frozenset((stage.stage, stage.state.value) for stage in case.stages),
        frozenset(here.questions),
        frozenset(
            (row.id.partition("/")[2], row.state.value, row.late)
            for row in case.deadlines
            if row.state in (DeadlineState.RUNNING, DeadlineState.PAUSED)
        ),
    )


def _check(here: Life) -> None:
    """What holds in every state."""
    case = here.case
    ladder = [stage.id for stage in case.stages if here.rules.is_ladder(stage) and stage.state in WORKING]
    assert len(ladder) <= 1, "one open stage of the complaint at a time"
    for row in case.deadlines:
        assert row.met_at is None or row.met_at >= row.started, f"{row.id} was met before it began"
    for window in case.windows:
        if window.id.endswith("/escalate"):
            assert case.stage(window.instance).responded, "a way further only after an answer"
    for pause in case.pauses:
        if pause.ended is None:
            assert case.stage(pause.instance).state in WORKING, "nothing is waited for after the end"


def _ends(here: Life) -> None:
    """Answer every partner, every question, and close: then nothing is open, owed or asked."""
    now = at("2026-01-05 09:00") + _STEP * (len(here.events) + 1)
    while asked := here.questions:
        here.happens(answers(here, now)[0])
        assert len(here.events) < 200, f"these questions never end: {asked}"
    for stage in here.case.stages:
        if stage.stage in here.rules.procedure.desks and stage.state in WORKING:
            here.happens(Responded(stage.id, now))
    here.happens(Closed(now, "closed"))
    while here.questions:
        here.happens(answers(here, now)[-1])
    assert not [stage.id for stage in here.case.stages if stage.state in WORKING]
    assert not [row.id for row in here.case.running]
    assert not [row.id for row in here.case.deadlines if row.state is DeadlineState.PAUSED]
    assert all(stage.state is not StageState.TRIAGE for stage in here.case.stages)
