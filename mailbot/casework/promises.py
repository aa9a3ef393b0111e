"""Keeping a promise: its deadline is met, and what asked for it is done."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import Case, DeadlineState, Task
from mailbot.casework.changes import Changes


def met(case: Case, instance: str, name: str, at: datetime, by: str) -> Changes:
    promise = case.deadline(f"{instance}/{name}")
    if promise is None or promise.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        return Changes()
    late = at > promise.due and promise.state is DeadlineState.RUNNING
    kept = replace(promise, state=DeadlineState.MET, met_at=at, met_by=by, late=late)
    return Changes(deadlines=(kept,))


def end_pauses(case: Case, instance: str, at: datetime) -> Changes:
    """Nothing is waited for any more."""
    over = (replace(pause, ended=at) for pause in case.pauses_of(instance) if pause.ended is None)
    return Changes(pauses=tuple(over))


def close_tasks(case: Case, instance: str, kind: str, at: datetime) -> Changes:
    """What was asked about one instance has been done."""
    return Changes(tasks=_done((task for task in case.tasks if task.instance == instance), (kind,), at))


def close_tasks_of(case: Case, kinds: Collection[str], at: datetime) -> Changes:
    """What was asked anywhere on the case has been done."""
    return Changes(tasks=_done(case.tasks, kinds, at))


def _done(tasks: Iterable[Task], kinds: Collection[str], at: datetime) -> tuple[Task, ...]:
    return tuple(
        replace(task, done_at=at, answer="done")
        for task in tasks
        if task.kind in kinds and task.done_at is None
    )
