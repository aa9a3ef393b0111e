"""What follows when a person answers a question that mailbot asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mailbot.casework import answers, matters, redirects, standing
from mailbot.casework.arrivals import WORKING, arrived, current
from mailbot.casework.case import Case, Deadline, DeadlineState, StageInstance, StageState, Task
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Decided, Received
from mailbot.casework.labels import Label
from mailbot.casework.opening import ended, open_stage
from mailbot.casework.promises import close_tasks, met
from mailbot.casework.rules import UNSORTED, Rules

_SORTING = ("what_is_this", "late_escalation", "after_the_last_stage", "ended_case", "early_escalation")
"""The questions that are settled once a person has said what an unsorted message is."""

_DESK_LABELS = (Label.ICE_CORRESPONDENCE, Label.CONTRIBUTION_REQUEST)


def decided(case: Case, fact: Decided, rules: Rules) -> Changes:
    """The question is answered once, and what its kind makes of the answer follows."""
    task = case.task(fact.task)
    if task is None or task.done_at is not None:
        return Changes()
    answer = task.proposal if fact.answer == "accept" and task.proposal else fact.answer
    done = Changes(tasks=(replace(task, done_at=fact.at, done_by=fact.by, answer=answer),))
    follows = _FOLLOWS.get(task.kind)
    # Last, since what follows may close the other questions about the same message as well.
    return follows(case, task, answer, fact, rules) + done if follows else done


def _what_is_this(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A person has said what a message is, whether it waits by itself or has joined an open stage."""
    if case.stage(task.instance).stage == UNSORTED:
        return _sorted(case, task, answer, fact.at, rules)
    if answer == Label.ESCALATION:
        return _lifted(case, task, answer, fact, rules)
    if answer in _DESK_LABELS:
        return arrived(case, _raised_by(case, task, Label(answer)), rules)
    return Changes()


def _ended_case(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """Taken up again at the stage where it ended, or whatever else the person says that it is."""
    unsorted = case.stage(task.instance)
    if answer != "reopen" or unsorted.state not in WORKING:
        return _what_is_this(case, task, answer, fact, rules)
    passed = [instance.stage for instance in case.stages if rules.is_ladder(instance)]
    stage = passed[-1] if passed else rules.procedure.first_stage.id
    received = _as_received(case, unsorted, Label.NEW_COMPLAINT)
    opened = open_stage(case, received, rules, stage, "reopened")
    over = ended(case, unsorted, fact.at)
    over += close_tasks(case, unsorted.id, "acknowledge_by_hand", fact.at)
    told = tuple(_told_already(case, unsorted, row) for row in opened.deadlines)
    return over + replace(opened, deadlines=told)


def _told_by_hand(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:  # noqa: ARG001 - as all of the table
    if answer not in ("contacted", "accept"):
        return Changes()
    return met(case, task.instance, "acknowledge", fact.at, "person")


def _next_body_is_named(case: Case, task: Task, answer: str, _fact: Decided, rules: Rules) -> Changes:
    """The person has looked: the answer does name it, so it counts from the day that it went."""
    if answer != "accept":
        return Changes()
    return answers.answered(case, case.stage(task.instance), task.opened, (), rules)


def _sorted(case: Case, task: Task, answer: str, at: datetime, rules: Rules) -> Changes:
    """A person has said what the message is: it becomes that, from the moment at which it came."""
    unsorted = case.stage(task.instance)
    if unsorted.state not in WORKING:
        return Changes()  # answered or closed meanwhile
    over = ended(case, unsorted, at)
    for asked in ("acknowledge_by_hand", *_SORTING):
        over += close_tasks(case, unsorted.id, asked, at)
    without = replace(case, stages=tuple(stage for stage in case.stages if stage.id != unsorted.id))
    fact = _as_received(case, unsorted, Label(answer) if answer in set(Label) else Label.OTHER)
    opened = _placed(without, fact, rules)
    return over + replace(
        opened, deadlines=tuple(_told_already(case, unsorted, row) for row in opened.deadlines)
    )


def _placed(case: Case, fact: Received, rules: Rules) -> Changes:
    """As `arrived`, but a person has weighed what a program may not: lateness and missing history."""
    instance = current(case, rules)
    if instance is not None and instance.stage == UNSORTED:
        instance = None
    if fact.label is Label.ESCALATION:
        following = rules.procedure.stage_after(
            instance.stage if instance else rules.procedure.first_stage.id
        )
        if following is not None:
            return _passed_up(case, instance, fact.at) + open_stage(case, fact, rules, following.id)
    if fact.label is Label.NEW_COMPLAINT and (instance is None or instance.state not in WORKING):
        return open_stage(case, fact, rules, rules.procedure.first_stage.id)
    if fact.label in _DESK_LABELS:
        return arrived(case, fact, rules)
    return Changes()


def _passed_up(case: Case, instance: StageInstance | None, at: datetime) -> Changes:
    """The stage below is over; nothing of it is owed any more."""
    if instance is None:
        return Changes()
    return ended(case, instance, at, StageState.ESCALATED)


def _told_already(case: Case, unsorted: StageInstance, row: Deadline) -> Deadline:
    """An acknowledgement that was met while the message was unsorted stays met."""
    told = case.deadline(f"{unsorted.id}/acknowledge")
    if row.name != "acknowledge" or told is None or told.met_at is None:
        return row
    return replace(row, state=DeadlineState.MET, met_at=told.met_at, met_by=told.met_by)


def _lifted(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A person lets an early escalation pass up to the next stage, answered meanwhile or not."""
    if answer != Label.ESCALATION:
        return Changes()
    instance = case.stage(task.instance)
    if instance.stage == UNSORTED:
        return _sorted(case, task, answer, fact.at, rules)
    following = rules.procedure.stage_after(instance.stage)
    if following is None or instance.state not in (*WORKING, StageState.WINDOW_OPEN):
        return Changes()
    message = _raised_by(case, task, Label.ESCALATION)
    return _passed_up(case, instance, fact.at) + open_stage(case, message, rules, following.id)


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


_FOLLOWS: dict[str, Callable[[Case, Task, str, Decided, Rules], Changes]] = {
    "what_is_this": _what_is_this,
    "late_escalation": _what_is_this,
    "after_the_last_stage": _what_is_this,
    "ended_case": _ended_case,
    "early_escalation": _lifted,
    "acknowledge_by_hand": _told_by_hand,
    "next_body_missing": _next_body_is_named,
    "redirect": redirects.redirect_decided,
    "information_rights": redirects.rights_decided,
    "authority": standing.authority_decided,
    "money": matters.money_decided,
}
"""What each kind of question makes of its answer; the kinds left out end with being answered."""
