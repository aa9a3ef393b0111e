"""The clocks of a stage instance: started, made to stand still, and counted again when what they stand on has changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import Case, Deadline, DeadlineState, Pause, StageInstance
from mailbot.casework.changes import Changes
from mailbot.casework.counting import Due, due
from mailbot.casework.counting import Pause as Halt
from mailbot.casework.procedure import ClockRule
from mailbot.casework.rules import Rules


def start(case: Case, instance: StageInstance, rules: Rules) -> tuple[Deadline, ...]:
    """One deadline for each clock that has begun and has a date, counted and explained."""
    begun = (_started(case, instance, rule, rules) for rule in rules.clocks_of(instance))
    return tuple(deadline for deadline in begun if deadline is not None)


def start_after_acknowledgement(
    case: Case, instance: StageInstance, at: datetime, rules: Rules
) -> tuple[Deadline, ...]:
    """The clocks that are counted from the acknowledgement, once there is one."""
    waiting = [rule for rule in rules.clocks_of(instance) if rule.counted_from == "acknowledged"]
    begun = (_started(case, instance, rule, rules, at) for rule in waiting if not _has(case, instance, rule))
    return tuple(deadline for deadline in begun if deadline is not None)


def stand_still(case: Case, instance: StageInstance, state: str, at: datetime, rules: Rules) -> Changes:
    """A side state begins: the clocks that name it stand still, the others run on."""
    if any(pause.state == state and pause.ended is None for pause in case.pauses_of(instance.id)):
        return Changes()
    number = len(case.pauses_of(instance.id)) + 1
    pause = Pause(f"{instance.id}/{state}/{number}", instance.id, state, at)
    halted = tuple(
        replace(deadline, state=DeadlineState.PAUSED)
        for deadline, rule in _counted(case, instance, rules)
        if state in rule.pauses_for and deadline.state is DeadlineState.RUNNING
    )
    return Changes(pauses=(pause,), deadlines=halted) if halted else Changes()


def go_on(case: Case, instance: StageInstance, state: str, at: datetime, rules: Rules) -> Changes:
    """The side state is over: what stood still is counted again, and the date without the pause is kept beside it."""
    over = tuple(
        replace(pause, ended=at)
        for pause in case.pauses_of(instance.id)
        if pause.state == state and pause.ended is None
    )
    pauses = tuple({pause.id: pause for pause in (*case.pauses_of(instance.id), *over)}.values())
    resumed = []
    for deadline, rule in _counted(case, instance, rules):
        if deadline.state is not DeadlineState.PAUSED:
            continue
        end = _due(rule, deadline.started, instance, rules, pauses)
        if end is not None:
            gross = deadline.gross_due or deadline.original_due
            moved = _moved(replace(deadline, state=DeadlineState.RUNNING), end, rules)
            resumed.append(replace(moved, gross_due=gross))
    return Changes(pauses=over, deadlines=tuple(resumed))


def recount(case: Case, rules: Rules) -> tuple[Deadline, ...]:
    """Every open deadline by the calendar of today; what has been met or is over stays as it was."""
    recounted = []
    for instance in case.stages:
        for deadline, rule in _counted(case, instance, rules):
            if deadline.state is DeadlineState.RUNNING and deadline.calendar != rules.counted_by:
                end = _due(rule, deadline.started, instance, rules, case.pauses_of(instance.id))
                recounted.append(_moved(deadline, end, rules) if end else deadline)
    return tuple(recounted)


def begin_earlier(case: Case, instance: StageInstance, rules: Rules) -> tuple[Deadline, ...]:
    """The open deadlines of an instance whose receipt turned out to be earlier; none ever moves later."""
    earlier = []
    for deadline, rule in _counted(case, instance, rules):
        starts = _starts(case, instance, rule)
        if deadline.state is not DeadlineState.RUNNING or starts is None or starts >= deadline.started:
            continue
        end = _due(rule, starts, instance, rules, case.pauses_of(instance.id))
        if end is not None:
            earlier.append(_moved(replace(deadline, started=starts), end, rules))
    return tuple(earlier)


def _counted(case: Case, instance: StageInstance, rules: Rules) -> Iterable[tuple[Deadline, ClockRule]]:
    """The deadlines of an instance, each with its rule."""
    by_name = {rule.name: rule for rule in rules.clocks_of(instance)}
    return ((row, by_name[row.name]) for row in case.deadlines_of(instance.id) if row.name in by_name)


def _starts(case: Case, instance: StageInstance, rule: ClockRule) -> datetime | None:
    """The moment that the rule counts from; None while it has not come."""
    told = case.deadline(f"{instance.id}/acknowledge")
    moments = {
        "received": instance.received,
        "case_received": case.received,
        "acknowledged": told.met_at if told else None,
    }
    return moments[rule.counted_from]


def _started(
    case: Case, instance: StageInstance, rule: ClockRule, rules: Rules, at: datetime | None = None
) -> Deadline | None:
    starts = at or _starts(case, instance, rule)
    end = _due(rule, starts, instance, rules, ()) if starts else None
    if starts is None or end is None:
        return None
    return Deadline(
        id=f"{instance.id}/{rule.name}",
        instance=instance.id,
        name=rule.name,
        kind=end.kind.value,
        state=DeadlineState.RUNNING,
        started=starts,
        due=end.at,
        original_due=end.at,
        source=end.source,
        count=end.count,
        target=end.target.at if end.target else None,
        remind_before=rule.remind_before,
        calendar=rules.counted_by,
    )


def _due(
    rule: ClockRule, starts: datetime, instance: StageInstance, rules: Rules, pauses: tuple[Pause, ...]
) -> Due | None:
    halts = [Halt(pause.state, pause.started, pause.ended) for pause in pauses]
    zone = rules.procedure.timezone
    return due(rule, starts, rules.calendar, zone, stated=instance.stated, pauses=halts)


def _moved(deadline: Deadline, end: Due, rules: Rules) -> Deadline:
    """The deadline at its new date; a later date that a holding letter gave stays."""
    held = deadline.due != deadline.original_due
    return replace(
        deadline,
        due=max(deadline.due, end.at) if held else end.at,
        original_due=end.at,
        target=end.target.at if end.target else None,
        count=end.count,
        calendar=rules.counted_by,
    )


def _has(case: Case, instance: StageInstance, rule: ClockRule) -> bool:
    return case.deadline(f"{instance.id}/{rule.name}") is not None
