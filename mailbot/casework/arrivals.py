"""What follows from a message on a case: where it goes, what it starts, and when a person must decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mailbot.casework import matters
from mailbot.casework.asking import ask
from mailbot.casework.case import (
    Case,
    CaseState,
    Deadline,
    DeadlineState,
    StageInstance,
    StageState,
    Window,
)
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Received
from mailbot.casework.labels import Label
from mailbot.casework.opening import add, ask_what_it_is, confirm_added, ended, open_desk, open_stage
from mailbot.casework.rules import UNSORTED, Rules

WORKING = (
    StageState.TRIAGE,
    StageState.INVESTIGATING,
    StageState.HOLDING,
    StageState.AWAITING_JOBCENTRE,
)
"""The states in which an answer is owed, by us or by whoever leads."""

_OVER = (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.RESOLVED_INFORMALLY)


def current(case: Case, rules: Rules) -> StageInstance | None:
    """Where the complaint stands on the ladder; work at a desk is beside it, and so is what nobody has sorted yet."""
    ladder = [instance for instance in case.stages if instance.stage not in rules.procedure.desks]
    open_ = [instance for instance in ladder if instance.state is not StageState.ENDED]
    sorted_ = [instance for instance in open_ if instance.stage != UNSORTED]
    return next(reversed(sorted_ or open_), None)


def arrived(case: Case, fact: Received, rules: Rules) -> Changes:
    """Dispatch on what the message is; a label of None is a question for a person."""
    follows = _RECEIVED[fact.label](case, fact, rules)
    if fact.to_check and fact.label is not None:
        reason = "one of the few sure answers that people check: if it is something else, say so, and it becomes that"
        follows += ask(case, fact, "check_label", reason, proposal=fact.label.value)
    return follows


def _unclear(case: Case, fact: Received, rules: Rules) -> Changes:
    proposal = fact.proposed.value if fact.proposed else ""
    instance = current(case, rules)
    if case.state in _OVER:
        return _after_the_end(case, fact, rules)
    if instance is not None and instance.state in WORKING:
        question = ask(case, fact, "what_is_this", fact.because, proposal=proposal, instance=instance.id)
        return confirm_added(case, fact, rules) + question
    return ask_what_it_is(case, fact, rules, "what_is_this", fact.because, proposal)


def _complaint(case: Case, fact: Received, rules: Rules) -> Changes:
    instance = current(case, rules)
    if case.state in _OVER:
        return _after_the_end(case, fact, rules)
    if instance is None:
        return open_stage(case, fact, rules, rules.procedure.first_stage.id)
    if instance.state in WORKING:
        return confirm_added(case, fact, rules)
    reason = "a complaint on a case that has been answered: a new matter, or a wish to go further?"
    return ask_what_it_is(case, fact, rules, "what_is_this", reason, Label.ESCALATION)


def _escalation(case: Case, fact: Received, rules: Rules) -> Changes:
    instance = current(case, rules)
    if case.state in _OVER and (instance is None or instance.state is StageState.LAPSED):
        return _after_the_end(case, fact, rules)
    if instance is None:
        reason = "asks to go further, and no earlier answer is on record here: which stage is it?"
        return ask_what_it_is(case, fact, rules, "what_is_this", reason, Label.ESCALATION)
    if instance.state in WORKING:
        return _early(case, fact, rules, instance)
    following = rules.procedure.stage_after(instance.stage)
    if following is None:
        reason = "wants to go further, and our own stages have ended: tell them of the body that comes next"
        return ask_what_it_is(case, fact, rules, "after_the_last_stage", reason, Label.OTHER)
    if _too_late(case.window_of(instance.id), fact.at):
        reason = "the time to go further is over: a person decides whether it is still taken"
        letter = "ack_late_escalation"
        return ask_what_it_is(case, fact, rules, "late_escalation", reason, Label.ESCALATION, letter)
    return _go_up(case, fact, rules, instance, following.id)


def _go_up(case: Case, fact: Received, rules: Rules, instance: StageInstance, to: str) -> Changes:
    moved = Changes(stages=(replace(instance, state=StageState.ESCALATED),))
    return moved + open_stage(case, fact, rules, to)


def _early(case: Case, fact: Received, rules: Rules, instance: StageInstance) -> Changes:
    """Asked before the answer: it joins the open stage, unless the procedure lets it pass up."""
    settings = rules.procedure.settings
    response = case.deadline(f"{instance.id}/respond")
    overdue = response is not None and _unanswered_at(response, fact.at, settings["no_response_limit"])
    following = rules.procedure.stage_after(instance.stage) if instance.stage != UNSORTED else None
    may_pass = settings["no_response"] if overdue else settings["premature_escalation"]
    if following and may_pass == "next_stage":
        over = ended(case, instance, fact.at, StageState.ESCALATED)
        return over + open_stage(case, fact, rules, following.id)
    when = "after the answer was due" if overdue else "before the answer is due"
    reason = f"asks to go further {when}, and no answer has been sent"
    if settings["no_response"] == "outside_body" and _waited_long_enough(case):
        reason += "; without one they may choose to go to the outside body now: tell them so"
    question = ask(
        case,
        fact,
        "early_escalation",
        reason,
        proposal=Label.ESCALATION if following else "",
        instance=instance.id,
        urgent=overdue,
    )
    return confirm_added(case, fact, rules) + question


def _unanswered_at(response: Deadline, at: datetime, limit: object) -> bool:
    """Whether the answer is owed past its time: past the date of a holding letter, or past the first one."""
    due = response.original_due if limit == "original" else response.due
    return response.state is DeadlineState.RUNNING and at > due


def _waited_long_enough(case: Case) -> bool:
    return any(
        window.over and not window.stopped_by for window in case.windows if window.id.endswith("/eight_weeks")
    )


def _after_the_end(case: Case, fact: Received, rules: Rules) -> Changes:
    """A case that has ended is opened again by a person only, and never refused by a program."""
    ending = case.state.value.replace("_", " ")
    reason = f"this case is {ending}: take it up again, or is it a new matter?"
    return ask_what_it_is(case, fact, rules, "ended_case", reason, "")


def _official(case: Case, fact: Received, rules: Rules) -> Changes:
    desk = matters.DESKS[fact.label]
    if desk in rules.procedure.desks:
        opened = open_desk(case, fact, rules, desk)
        return opened + matters.letter_came(case, desk, opened.stages[0].request, fact.at)
    reason = "official correspondence for which this procedure has no clock"
    return ask_what_it_is(case, fact, rules, "what_is_this", reason, Label.OTHER)


def _other(case: Case, fact: Received, rules: Rules) -> Changes:
    return add(case, fact, rules)


def _too_late(window: Window | None, at: datetime) -> bool:
    return window is not None and window.ends is not None and at > window.ends


_RECEIVED: dict[Label | None, Callable[[Case, Received, Rules], Changes]] = {
    None: _unclear,
    Label.NEW_COMPLAINT: _complaint,
    Label.ESCALATION: _escalation,
    **dict.fromkeys(matters.DESKS, _official),
    Label.OTHER: _other,
}
