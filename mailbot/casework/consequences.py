"""What follows from an event on a case: clocks to start and stop, letters owed, questions for people.

Nothing here refuses, redirects, closes or upholds by itself: timers record facts, people decide.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from mailbot.casework.arrivals import WORKING, arrived
from mailbot.casework.case import (
    Case,
    CaseState,
    Changes,
    DeadlineState,
    StageInstance,
    StageState,
    Task,
    Window,
)
from mailbot.casework.counting import window_end
from mailbot.casework.decisions import decided
from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Closed,
    Contacted,
    Decided,
    DuePassed,
    Fact,
    HoldingLetterSent,
    NothingOwed,
    Received,
    Responded,
    WindowEnded,
)
from mailbot.casework.opening import UNSORTED, Rules, ended
from mailbot.casework.promises import close_tasks, met


def consequences(case: Case, fact: Fact, rules: Rules) -> Changes:
    """All that follows from `fact` on `case`; same arguments, same answer."""
    return _FOLLOWS[type(fact)](case, fact, rules)


def _acknowledged(case: Case, fact: Acknowledged, _rules: Rules) -> Changes:
    by_hand = close_tasks(case, fact.instance, "acknowledge_by_hand", fact.at)
    return met(case, fact.instance, "acknowledge", fact.at, fact.by) + by_hand


def _contacted(case: Case, fact: Contacted, _rules: Rules) -> Changes:
    by_hand = close_tasks(case, fact.instance, "acknowledge_by_hand", fact.at)
    return met(case, fact.instance, "acknowledge", fact.at, "person") + by_hand


def _failed(case: Case, fact: AcknowledgementFailed, _rules: Rules) -> Changes:
    """The person has not been told, or nobody knows: the promise runs on, and somebody must keep it by hand."""
    task = Task(
        id=f"{case.events + 1}/acknowledge_by_hand",
        kind="acknowledge_by_hand",
        opened=fact.at,
        reason=("it may or may not have arrived: " if fact.uncertain else "") + fact.why,
        instance=fact.instance,
        urgent=True,
    )
    promise = case.deadline(f"{fact.instance}/acknowledge")
    if promise is None or promise.state is DeadlineState.STOPPED:
        return Changes(tasks=(task,))
    unmet = replace(promise, state=DeadlineState.RUNNING, met_at=None, met_by="")
    return Changes(tasks=(task,), deadlines=(unmet,))


def _responded(case: Case, fact: Responded, rules: Rules) -> Changes:
    instance = case.stage(fact.instance)
    answered = met(case, fact.instance, "respond", fact.at, "person")
    answered += met(case, fact.instance, "acknowledge", fact.at, "person")
    answered += close_tasks(case, fact.instance, "acknowledge_by_hand", fact.at)
    windows = _windows(case, instance, fact.at, rules)
    state = StageState.WINDOW_OPEN if windows else StageState.ENDED
    row = replace(instance, state=state, responded=fact.at)
    return answered + Changes(stages=(row,), windows=windows)


def _windows(case: Case, instance: StageInstance, responded: datetime, rules: Rules) -> tuple[Window, ...]:
    """The ways further that an answer opens, each with its last day."""
    if instance.stage == UNSORTED or instance.stage in rules.procedure.desks:
        return ()
    moments = {"responded": responded, "case_received": case.received}
    opened = []
    for rule in rules.procedure.stage(instance.stage).windows:
        if rule.counted_from != "responded":
            continue
        end = window_end(rule, moments, rules.calendar, rules.procedure.timezone)
        opened.append(
            Window(
                id=f"{instance.id}/{rule.name}",
                instance=instance.id,
                to=rule.to,
                opens=responded,
                ends=end.at if end else None,
                kind=rule.kind.value,
                source=rule.source,
                count=end.count if end else "the text gives no end",
            )
        )
    return tuple(opened)


def _held(case: Case, fact: HoldingLetterSent, _rules: Rules) -> Changes:
    """A holding letter moves the date; the original one is kept, since moving it does not keep it."""
    promise = case.deadline(f"{fact.instance}/respond")
    if promise is None or promise.state is not DeadlineState.RUNNING:
        return Changes()
    moved = replace(promise, due=fact.new_due)
    return Changes(stages=(replace(case.stage(fact.instance), state=StageState.HOLDING),), deadlines=(moved,))


def _nothing_owed(case: Case, fact: NothingOwed, _rules: Rules) -> Changes:
    return ended(case.stage(fact.instance), case.deadlines_of(fact.instance))


def _due_passed(case: Case, fact: DuePassed, _rules: Rules) -> Changes:
    promise = case.deadline(fact.deadline)
    return Changes(deadlines=(replace(promise, late=True),)) if promise else Changes()


def _window_ended(case: Case, fact: WindowEnded, _rules: Rules) -> Changes:
    window = next(window for window in case.windows if window.id == fact.window)
    instance = case.stage(window.instance)
    lapsed = (replace(instance, state=StageState.LAPSED),) if instance.state is StageState.WINDOW_OPEN else ()
    return Changes(windows=(replace(window, over=True),), stages=lapsed)


def _closed(case: Case, fact: Closed, _rules: Rules) -> Changes:
    over = Changes(state=CaseState(fact.how))
    for instance in case.stages:
        if instance.state in WORKING:
            over += ended(instance, case.deadlines_of(instance.id))
    return over


_FOLLOWS: dict[type[Fact], Callable[[Case, Any, Rules], Changes]] = {
    Received: arrived,
    Acknowledged: _acknowledged,
    AcknowledgementFailed: _failed,
    Contacted: _contacted,
    Responded: _responded,
    HoldingLetterSent: _held,
    NothingOwed: _nothing_owed,
    Decided: decided,
    DuePassed: _due_passed,
    WindowEnded: _window_ended,
    Closed: _closed,
}
