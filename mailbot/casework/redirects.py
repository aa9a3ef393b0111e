"""What somebody else answers: proposed by the rules, approved by a person, and then told to the complainant."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import (
    Case,
    CaseState,
    Deadline,
    DeadlineState,
    Issue,
    StageInstance,
    StageState,
    Task,
)
from mailbot.casework.changes import Changes, Letter
from mailbot.casework.facts import Decided, Received
from mailbot.casework.opening import ended, open_desk
from mailbot.casework.procedure import Redirect
from mailbot.casework.promises import end_pauses
from mailbot.casework.rules import Rules
from mailbot.casework.told import Redirected

INFORMATION_RIGHTS = "data_protection"
"""The desk of the information rights team; its clocks run beside the complaint's own."""

_NOT_TAKEN = "other"


def redirect_decided(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    if answer == _NOT_TAKEN or not task.instance:
        return Changes()
    return redirected(case, Redirected(answer, task.instance, fact.at), rules)


def redirected(case: Case, fact: Redirected, rules: Rules) -> Changes:
    """The complainant is told who answers; what remains ours stays here, with its clock."""
    redirect = next((one for one in rules.procedure.redirects if one.id == fact.redirect), None)
    if redirect is None:
        return Changes()
    if redirect.id in rules.procedure.desks:
        return _to_a_desk(case, fact, redirect.id, rules)
    instance = case.stage(fact.instance)
    letter = Letter(
        redirect.letter,
        f"redirect/{redirect.id}/{instance.id}",
        instance.id,
        instance.sender,
        instance.message,
    )
    told = Changes(letters=(letter,), issues=_points(case, fact))
    return told + _what_stays(case, instance, redirect, fact.at, rules)


def rights_decided(case: Case, task: Task, answer: str, _fact: Decided, rules: Rules) -> Changes:
    """The information rights team has it: the clock that the law sets runs from the day it came."""
    if answer == _NOT_TAKEN:
        return Changes()
    sender = case.party(task.sender)
    if INFORMATION_RIGHTS not in rules.procedure.desks or sender is None:
        return Changes()
    received = Received(task.message, task.opened, sender, label=None, request=answer)
    return open_desk(case, received, rules, INFORMATION_RIGHTS)


def _to_a_desk(case: Case, fact: Redirected, desk: str, rules: Rules) -> Changes:
    instance = case.stage(fact.instance)
    sender = case.party(instance.sender)
    if sender is None:
        return Changes()
    return open_desk(case, Received(instance.message, instance.received, sender, label=None), rules, desk)


def _points(case: Case, fact: Redirected) -> tuple[Issue, ...]:
    return tuple(
        replace(issue, answered_by=fact.redirect) for issue in case.issues if issue.id in fact.issues
    )


def _what_stays(
    case: Case, instance: StageInstance, redirect: Redirect, at: datetime, rules: Rules
) -> Changes:
    if redirect.split:
        return Changes()
    if redirect.keep != StageState.AWAITING_JOBCENTRE:
        return ended(case, instance, at) + Changes(state=CaseState.REDIRECTED)
    if rules.procedure.settings["mixed_complaint"] == "await_lead_and_answer_ours":
        return Changes()
    waits = replace(instance, state=StageState.AWAITING_JOBCENTRE)
    stopped = tuple(_stopped(row) for row in case.deadlines_of(instance.id) if _is_ours(row))
    over = Changes(state=CaseState.REDIRECTED, stages=(waits,), deadlines=stopped)
    return over + end_pauses(case, instance.id, at)


def _is_ours(deadline: Deadline) -> bool:
    """No answer of ours is owed while another body leads; that we have the complaint is still to be said."""
    return deadline.name != "acknowledge" and deadline.state in (DeadlineState.RUNNING, DeadlineState.PAUSED)


def _stopped(deadline: Deadline) -> Deadline:
    return replace(deadline, state=DeadlineState.STOPPED)
