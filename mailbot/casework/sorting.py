"""What a person says a message is: waiting unsorted, or taken for something else before."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework.arrivals import WORKING, arrived, current
from mailbot.casework.case import Case, Deadline, DeadlineState, StageInstance, StageState
from mailbot.casework.changes import Changes, follow
from mailbot.casework.facts import Received
from mailbot.casework.labels import Label
from mailbot.casework.matters import DESKS
from mailbot.casework.opening import ended, open_stage
from mailbot.casework.promises import close_tasks
from mailbot.casework.rules import UNSORTED, Rules
from mailbot.casework.told import SortedAnew

_SORTING = ("what_is_this", "late_escalation", "after_the_last_stage", "ended_case", "early_escalation")
"""The questions that are settled once a person has said what a message is."""


def sorted_anew(case: Case, fact: SortedAnew, rules: Rules) -> Changes:
    """A person says, unasked, what a message on the case is."""
    sender = case.party(fact.sender) or case.parties[0]
    message = Received(message=fact.message, at=fact.received, sender=sender, label=fact.label)
    return sort_anew(case, message, fact.at, rules)


def sort_anew(case: Case, message: Received, at: datetime, rules: Rules) -> Changes:
    """What it opened, if anything, is over; what the person says it is begins, from when it came."""
    opened = next((one for one in reversed(case.stages) if one.message == message.message), None)
    label = message.label or Label.OTHER
    if opened is not None:
        return Changes() if _is_already(opened, label, rules) else ends_as(case, opened, label, at, rules)
    instance = current(case, rules)
    if label is Label.ESCALATION and instance is not None and instance.stage != UNSORTED:
        return lifted(case, instance, message, rules)
    return _placed(case, message, rules)


def _is_already(opened: StageInstance, label: Label, rules: Rules) -> bool:
    first = rules.procedure.first_stage.id
    if label is Label.ESCALATION:
        return rules.is_ladder(opened) and opened.stage != first
    return opened.stage == (first if label is Label.NEW_COMPLAINT else DESKS.get(label))


def ends_as(case: Case, opened: StageInstance, label: Label, at: datetime, rules: Rules) -> Changes:
    """The message that opened an instance becomes what a person says that it is, from the moment at which it came.

    Nothing follows once the instance has been answered or closed.
    """
    if opened.state not in WORKING:
        return Changes()
    over = ended(case, opened, at)
    for asked in ("acknowledge_by_hand", *_SORTING):
        over += close_tasks(case, opened.id, asked, at)
    follows = _placed(follow(case, over), as_received(case, opened, label), rules)
    told = tuple(told_already(case, opened, row) for row in follows.deadlines)
    return over + replace(follows, deadlines=told)


def _placed(case: Case, message: Received, rules: Rules) -> Changes:
    """As `arrived`, but a person has weighed what a program may not: lateness and missing history."""
    instance = current(case, rules)
    if instance is not None and instance.stage == UNSORTED:
        instance = None
    if message.label is Label.ESCALATION:
        following = rules.procedure.stage_after(
            instance.stage if instance else rules.procedure.first_stage.id
        )
        if following is not None:
            return _passed_up(case, instance, message.at) + open_stage(case, message, rules, following.id)
    if message.label is Label.NEW_COMPLAINT and (instance is None or instance.state not in WORKING):
        return open_stage(case, message, rules, rules.procedure.first_stage.id)
    if message.label in DESKS:
        return arrived(case, message, rules)
    return Changes()


def lifted(case: Case, instance: StageInstance, message: Received, rules: Rules) -> Changes:
    """The complaint passes up to the next stage by a person's word, answered meanwhile or not."""
    following = rules.procedure.stage_after(instance.stage)
    if following is None or instance.state not in (*WORKING, StageState.WINDOW_OPEN):
        return Changes()
    return _passed_up(case, instance, message.at) + open_stage(case, message, rules, following.id)


def _passed_up(case: Case, instance: StageInstance | None, at: datetime) -> Changes:
    """The stage below is over; nothing of it is owed any more."""
    if instance is None:
        return Changes()
    return ended(case, instance, at, StageState.ESCALATED)


def told_already(case: Case, before: StageInstance, row: Deadline) -> Deadline:
    """An acknowledgement that was met while the message counted as something else stays met."""
    told = case.deadline(f"{before.id}/acknowledge")
    if row.name != "acknowledge" or told is None or told.met_at is None:
        return row
    return replace(row, state=DeadlineState.MET, met_at=told.met_at, met_by=told.met_by)


def as_received(case: Case, instance: StageInstance, label: Label) -> Received:
    """The message that opened an instance, as it came but for its label."""
    sender = case.party(instance.sender)
    assert sender is not None, "whoever opened an instance is a party"
    return Received(
        message=instance.message,
        at=instance.received,
        sender=sender,
        label=label,
        may_acknowledge=instance.answerable,
    )
