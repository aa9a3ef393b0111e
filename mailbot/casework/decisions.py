"""What follows when a person answers a question that mailbot asked."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework.arrivals import WORKING, arrived, current
from mailbot.casework.case import Case, Changes, Deadline, DeadlineState, StageInstance, StageState, Task
from mailbot.casework.facts import Decided, Received
from mailbot.casework.labels import Label
from mailbot.casework.opening import UNSORTED, Rules, ended, open_stage
from mailbot.casework.promises import close_tasks, met

_SORTING = frozenset({"what_is_this", "late_escalation", "after_the_last_stage"})
"""The questions whose answer says what an unsorted message is."""


def decided(case: Case, fact: Decided, rules: Rules) -> Changes:
    task = case.task(fact.task)
    if task is None or task.done_at is not None:
        return Changes()
    answer = task.proposal if fact.answer == "accept" and task.proposal else fact.answer
    done = Changes(tasks=(replace(task, done_at=fact.at, done_by=fact.by, answer=answer),))
    if task.kind in _SORTING and case.stage(task.instance).stage == UNSORTED:
        return done + _sorted(case, task, answer, fact.at, rules)
    if task.kind in ("early_escalation", "what_is_this") and answer == Label.ESCALATION:
        return done + _lifted(case, task, rules)
    if task.kind == "what_is_this" and answer in (Label.ICE_CORRESPONDENCE, Label.CONTRIBUTION_REQUEST):
        return done + arrived(case, _raised_by(case, task, Label(answer)), rules)
    if answer == "contacted":
        return done + met(case, task.instance, "acknowledge", fact.at, "person")
    return done


def _sorted(case: Case, task: Task, answer: str, at: datetime, rules: Rules) -> Changes:
    """A person has said what the message is: it becomes that, from the moment at which it came."""
    unsorted = case.stage(task.instance)
    over = ended(unsorted, case.deadlines_of(unsorted.id))
    over += close_tasks(case, unsorted.id, "acknowledge_by_hand", at)
    without = replace(case, stages=tuple(stage for stage in case.stages if stage.id != unsorted.id))
    fact = _as_received(case, unsorted, Label(answer) if answer in set(Label) else Label.OTHER)
    opened = _placed(without, fact, rules)
    return over + replace(
        opened, deadlines=tuple(_told_already(case, unsorted, row) for row in opened.deadlines)
    )


def _placed(case: Case, fact: Received, rules: Rules) -> Changes:
    """As `_received`, but a person has weighed what a program may not: lateness and missing history."""
    instance = current(case, rules)
    if fact.label is Label.ESCALATION:
        following = rules.procedure.stage_after(
            instance.stage if instance else rules.procedure.first_stage.id
        )
        if following is not None:
            up = Changes(stages=(replace(instance, state=StageState.ESCALATED),)) if instance else Changes()
            return up + open_stage(case, fact, rules, following.id)
    if fact.label is Label.NEW_COMPLAINT and (instance is None or instance.state not in WORKING):
        return open_stage(case, fact, rules, rules.procedure.first_stage.id)
    if fact.label in (Label.ICE_CORRESPONDENCE, Label.CONTRIBUTION_REQUEST):
        return arrived(case, fact, rules)
    return Changes()


def _told_already(case: Case, unsorted: StageInstance, row: Deadline) -> Deadline:
    """An acknowledgement that was met while the message was unsorted stays met."""
    told = case.deadline(f"{unsorted.id}/acknowledge")
    if row.name != "acknowledge" or told is None or told.met_at is None:
        return row
    return replace(row, state=DeadlineState.MET, met_at=told.met_at, met_by=told.met_by)


def _lifted(case: Case, task: Task, rules: Rules) -> Changes:
    """A person lets an early escalation pass up to the next stage, answered meanwhile or not."""
    instance = case.stage(task.instance)
    following = rules.procedure.stage_after(instance.stage)
    if following is None or instance.state not in (*WORKING, StageState.WINDOW_OPEN):
        return Changes()
    fact = _raised_by(case, task, Label.ESCALATION)
    over = ended(instance, case.deadlines_of(instance.id), StageState.ESCALATED)
    return over + open_stage(case, fact, rules, following.id)


def _raised_by(case: Case, task: Task, label: Label) -> Received:
    """The message that raised a question, as what a person says it is."""
    sender = case.party(task.sender) or case.parties[0]
    return Received(message=task.message, at=task.opened, sender=sender, label=label)


def _as_received(case: Case, instance: StageInstance, label: Label) -> Received:
    sender = case.party(instance.sender)
    assert sender is not None, "whoever opened an instance is a party"
    return Received(
        message=instance.message,
        at=instance.received,
        sender=sender,
        label=label,
        may_acknowledge=instance.answerable,
    )
