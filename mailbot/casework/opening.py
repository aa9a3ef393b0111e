"""Opening a piece of work on a case: its instance, its promises, the letter and the questions that go with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.case import (
    Case,
    Changes,
    Deadline,
    DeadlineState,
    Letter,
    Role,
    StageInstance,
    StageState,
    Task,
)
from mailbot.casework.counting import due
from mailbot.casework.facts import Received
from mailbot.casework.procedure import ClockRule, Procedure

UNSORTED = "unsorted"
"""The stage of an instance of which a person must still say what it is."""

NEUTRAL_LETTER = "ack_neutral"
_LETTER_FOR_FLAG = (
    ("safeguarding", "ack_crisis"),
    ("mp", "ack_elected"),
    ("employer", "ack_employer"),
)


@dataclass(frozen=True)
class Rules:
    """What a case is judged by: the version of the procedure that it opened under, and its calendar."""

    procedure: Procedure
    calendar: WorkingCalendar


def open_stage(case: Case, fact: Received, rules: Rules, stage_id: str) -> Changes:
    """A complaint enters a stage of the ladder."""
    stage = rules.procedure.stage(stage_id)
    instance = _instance(case, fact, stage_id, StageState.INVESTIGATING)
    return _opened(case, fact, rules, instance, stage.clocks, stage.acknowledgement)


def open_desk(case: Case, fact: Received, rules: Rules, desk_id: str) -> Changes:
    """A partner wants something: its own instance, its own clock."""
    desk = rules.procedure.desks[desk_id]
    request = fact.request if fact.request in desk.clocks else next(iter(desk.clocks))
    instance = _instance(case, fact, desk_id, StageState.INVESTIGATING, request)
    return _opened(case, fact, rules, instance, desk.clocks[request], desk.acknowledgement)


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
    opened = _opened(case, fact, rules, instance, rules.procedure.first_stage.clocks, letter)
    reasons = "; ".join(filter(None, (reason, fact.linked)))
    return opened + ask(case, fact, kind, reasons, proposal=proposal, instance=instance.id)


def add(case: Case, fact: Received) -> Changes:
    """The message joins the case and changes nothing else, save that a cry for help is always heard."""
    instance = case.stages[-1].id if case.stages else ""
    letters = (_letter(fact, "ack_crisis", "acknowledge/crisis", instance, False),)
    crisis = "safeguarding" in fact.flags
    heard = Changes(letters=letters if crisis and fact.may_acknowledge else ())
    return heard + Changes(flags=fact.flags) + raise_flags(case, fact, instance)


def confirm_added(case: Case, fact: Received) -> Changes:
    """Added to the case, and the sender is told that the date stands (at most once a day)."""
    instance = case.stages[-1].id
    purpose = f"added/{fact.at:%Y-%m-%d}"
    told = fact.may_acknowledge and "safeguarding" not in fact.flags
    letter = _letter(fact, "ack_chaser", purpose, instance, False)
    return add(case, fact) + Changes(letters=(letter,) if told else ())


def ask(
    case: Case,
    fact: Received,
    kind: str,
    reason: str,
    *,
    proposal: str = "",
    instance: str = "",
    urgent: bool = False,
) -> Changes:
    task = Task(
        id=f"{case.events + 1}/{kind}",
        kind=kind,
        opened=fact.at,
        reason=reason,
        instance=instance,
        message=fact.message,
        proposal=proposal,
        sender=fact.sender.id,
        urgent=urgent,
    )
    return Changes(tasks=(task,))


def start(
    rules: Rules, clocks: Iterable[ClockRule], instance: StageInstance, case: Case, fact: Received
) -> tuple[Deadline, ...]:
    """One deadline for each clock that has a date, counted and explained."""
    begun = {"received": instance.received, "case_received": case.received}
    started = []
    for rule in clocks:
        starts = begun[rule.counted_from]
        end = due(rule, starts, rules.calendar, rules.procedure.timezone, stated=fact.stated)
        if end is None:
            continue
        started.append(
            Deadline(
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
            )
        )
    return tuple(started)


def _opened(
    case: Case,
    fact: Received,
    rules: Rules,
    instance: StageInstance,
    clocks: Iterable[ClockRule],
    letter: str,
) -> Changes:
    """What every opening has in common."""
    opened = Changes(
        flags=fact.flags,
        parties=(fact.sender,) if case.party(fact.sender.id) is None else (),
        stages=(instance,),
        deadlines=start(rules, clocks, instance, case, fact),
    )
    return opened + _answer(case, fact, instance, letter) + _raised(case, fact, instance)


def _answer(case: Case, fact: Received, instance: StageInstance, letter: str) -> Changes:
    """The acknowledgement, or the task to give it by hand; either way its clock runs."""
    if not fact.may_acknowledge:
        reason = fact.because or "this sender may not be written to automatically"
        return ask(case, fact, "acknowledge_by_hand", reason, instance=instance.id)
    name = letter
    if fact.sender.role not in (Role.EXAMINER, Role.JOBCENTRE):
        name = next((variant for flag, variant in _LETTER_FOR_FLAG if flag in fact.flags), letter)
    return Changes(letters=(_letter(fact, name, f"acknowledge/{instance.id}", instance.id, True),))


def _raised(case: Case, fact: Received, instance: StageInstance) -> Changes:
    """What a person must see whatever else the message is."""
    raised = raise_flags(case, fact, instance.id)
    if fact.linked and instance.stage != UNSORTED:
        raised += ask(case, fact, "linked_case", fact.linked)
    return raised


_QUESTION_FOR_FLAG = (
    ("safeguarding", "safeguarding", "the message may speak of harm to somebody: read it now"),
    (
        "subject_access",
        "information_rights",
        "asks for the information held about them: the law gives one month",
    ),
    (
        "data_protection",
        "information_rights",
        "complains of how personal data was handled: 30 days to acknowledge",
    ),
    ("withdrawal", "withdrawal", "may wish to withdraw: only a person can accept that"),
)


def raise_flags(case: Case, fact: Received, instance: str) -> Changes:
    """A question for each flag that a person must act on; harm to somebody is urgent."""
    raised = Changes()
    for flag, kind, reason in _QUESTION_FOR_FLAG:
        if flag in fact.flags:
            raised += ask(case, fact, kind, reason, instance=instance, urgent=flag == "safeguarding")
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
    )


def ended(
    instance: StageInstance, deadlines: Iterable[Deadline], state: StageState = StageState.ENDED
) -> Changes:
    """The instance ends and nothing of it is owed any more; what was met or late stays so."""
    stopped = tuple(
        replace(deadline, state=DeadlineState.STOPPED)
        for deadline in deadlines
        if deadline.state is DeadlineState.RUNNING
    )
    return Changes(stages=(replace(instance, state=state),), deadlines=stopped)
