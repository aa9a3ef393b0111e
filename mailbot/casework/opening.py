"""Opening a piece of work on a case: its instance, its promises, the letter and the questions that go with it."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework import clocks, windows
from mailbot.casework.asking import ask, authority, raise_flags
from mailbot.casework.case import (
    Case,
    CaseState,
    DeadlineState,
    Role,
    StageInstance,
    StageState,
)
from mailbot.casework.changes import Changes, Letter
from mailbot.casework.facts import Received
from mailbot.casework.promises import end_pauses
from mailbot.casework.rules import UNSORTED, Rules

NEUTRAL_LETTER = "ack_neutral"
_LETTER_FOR_FLAG = (
    ("safeguarding", "ack_crisis"),
    ("mp", "ack_elected"),
    ("employer", "ack_employer"),
)


def open_stage(case: Case, fact: Received, rules: Rules, stage_id: str, reason: str = "") -> Changes:
    """A complaint enters a stage of the ladder; a case that had ended is open again."""
    stage = rules.procedure.stage(stage_id)
    instance = replace(_instance(case, fact, stage_id, StageState.INVESTIGATING), reason=reason)
    opened = _opened(case, fact, rules, instance, stage.acknowledgement)
    again = None if case.state is CaseState.OPEN else CaseState.OPEN
    return opened + authority(case, fact, instance.id, rules) + Changes(state=again)


def open_desk(case: Case, fact: Received, rules: Rules, desk_id: str) -> Changes:
    """A partner wants something: its own instance, its own clock."""
    desk = rules.procedure.desks[desk_id]
    request = fact.request if fact.request in desk.clocks else next(iter(desk.clocks))
    instance = _instance(case, fact, desk_id, StageState.INVESTIGATING, request)
    return _opened(case, fact, rules, instance, desk.acknowledgement)


def ask_what_it_is(
    case: Case,
    fact: Received,
    rules: Rules,
    kind: str,
    reason: str,
    proposal: str,
    letter: str = NEUTRAL_LETTER,
) -> Changes:
    """A person must say what this is; meanwhile the sender is answered neutrally and the first stage's clocks run."""
    instance = _instance(case, fact, UNSORTED, StageState.TRIAGE)
    opened = _opened(case, fact, rules, instance, letter)
    reasons = "; ".join(filter(None, (reason, fact.linked)))
    return opened + ask(case, fact, kind, reasons, proposal=proposal, instance=instance.id)


def add(case: Case, fact: Received, rules: Rules) -> Changes:
    """The message joins the case and changes nothing else, save that a cry for help is always heard."""
    instance = case.stages[-1].id if case.stages else ""
    letters = (_letter(fact, "ack_crisis", "acknowledge/crisis", instance, False),)
    crisis = "safeguarding" in fact.flags
    heard = Changes(letters=letters if crisis and fact.may_acknowledge else ())
    return heard + Changes(flags=fact.flags) + raise_flags(case, fact, instance, rules)


def confirm_added(case: Case, fact: Received, rules: Rules) -> Changes:
    """Added to the case, and the sender is told that the date stands.

    Once a day, or each time where the organisation wants it so; not at all while another body leads.
    """
    instance = case.stages[-1].id
    every = rules.procedure.settings["chaser"] == "always_acknowledge"
    purpose = f"added/{fact.message}" if every else f"added/{fact.at:%Y-%m-%d}"
    led_by_another = any(stage.state is StageState.AWAITING_JOBCENTRE for stage in case.stages)
    told = fact.may_acknowledge and "safeguarding" not in fact.flags and not led_by_another
    letter = _letter(fact, "ack_chaser", purpose, instance, False)
    return add(case, fact, rules) + Changes(letters=(letter,) if told else ())


def _opened(case: Case, fact: Received, rules: Rules, instance: StageInstance, letter: str) -> Changes:
    """What every opening has in common."""
    ways = windows.opened(case, instance, rules)
    late = ("raised_late",) if windows.raised_late(case, ways, rules) else ()
    opened = Changes(
        flags=fact.flags + late,
        parties=(fact.sender,) if case.party(fact.sender.id) is None else (),
        stages=(instance,),
        deadlines=clocks.start(case, instance, rules),
        windows=ways,
    )
    return opened + _answer(case, fact, instance, letter) + _raised(case, fact, instance, rules)


def _answer(case: Case, fact: Received, instance: StageInstance, letter: str) -> Changes:
    """The acknowledgement, or the task to give it by hand; either way its clock runs."""
    if not fact.may_acknowledge:
        reason = fact.obstacle or fact.because or "this sender may not be written to automatically"
        return ask(case, fact, "acknowledge_by_hand", reason, instance=instance.id)
    name = letter
    if fact.sender.role not in (Role.EXAMINER, Role.JOBCENTRE):
        name = next((variant for flag, variant in _LETTER_FOR_FLAG if flag in fact.flags), letter)
    return Changes(letters=(_letter(fact, name, f"acknowledge/{instance.id}", instance.id, True),))


def _raised(case: Case, fact: Received, instance: StageInstance, rules: Rules) -> Changes:
    """What a person must see whatever else the message is."""
    raised = raise_flags(case, fact, instance.id, rules)
    if fact.linked and instance.stage != UNSORTED:
        raised += ask(case, fact, "linked_case", fact.linked)
    return raised


def _letter(fact: Received, name: str, purpose: str, instance: str, acknowledges: bool) -> Letter:
    return Letter(name, purpose, instance, fact.sender.id, fact.message, acknowledges)


def _instance(case: Case, fact: Received, stage: str, state: StageState, request: str = "") -> StageInstance:
    return StageInstance(
        id=case.next_id(stage),
        stage=stage,
        state=state,
        received=fact.at,
        message=fact.message,
        sender=fact.sender.id,
        request=request,
        answerable=fact.may_acknowledge,
        stated=fact.stated,
    )


def ended(case: Case, instance: StageInstance, at: datetime, state: StageState = StageState.ENDED) -> Changes:
    """The instance ends and nothing of it is owed or waited for any more; what was met or late stays so."""
    stopped = tuple(
        replace(deadline, state=DeadlineState.STOPPED)
        for deadline in case.deadlines_of(instance.id)
        if deadline.state in (DeadlineState.RUNNING, DeadlineState.PAUSED)
    )
    over = Changes(stages=(replace(instance, state=state),), deadlines=stopped)
    return over + end_pauses(case, instance.id, at)
