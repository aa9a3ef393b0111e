"""Keeping a promise: its deadline is met, and what asked for it is done."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import Case, Changes, DeadlineState


def met(case: Case, instance: str, name: str, at: datetime, by: str) -> Changes:
    promise = case.deadline(f"{instance}/{name}")
    if promise is None or promise.state is not DeadlineState.RUNNING:
        return Changes()
    kept = replace(promise, state=DeadlineState.MET, met_at=at, met_by=by, late=at > promise.due)
    return Changes(deadlines=(kept,))


def close_tasks(case: Case, instance: str, kind: str, at: datetime) -> Changes:
    done = (
        replace(task, done_at=at, answer="done")
        for task in case.tasks
        if task.instance == instance and task.kind == kind and task.done_at is None
    )
    return Changes(tasks=tuple(done))
