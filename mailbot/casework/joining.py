"""Cases that turn out to be one matter, matters that turn out to be two, and stages that are taken up again."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework import clocks, windows
from mailbot.casework.arrivals import WORKING, current
from mailbot.casework.case import (
    Case,
    CaseState,
    Deadline,
    DeadlineState,
    Issue,
    Party,
    Role,
    StageInstance,
)
from mailbot.casework.changes import Changes, Letter, follow
from mailbot.casework.facts import Received
from mailbot.casework.labels import Label
from mailbot.casework.opening import ended, open_stage
from mailbot.casework.rules import Rules
from mailbot.casework.told import Absorbed, MergedInto, ReceivedEarlier, Reopened, SplitFrom, SplitOff


def merged_into(case: Case, fact: MergedInto, rules: Rules) -> Changes:
    """The survivor owes the answer now; what a partner asked for under this reference is still owed here."""
    over = Changes(state=CaseState.MERGED, merged_into=fact.survivor)
    for instance in case.stages:
        if instance.stage not in rules.procedure.desks:
            over += ended(case, instance, fact.at)
    done = (
        replace(task, done_at=fact.at, answer="merged")
        for task in case.tasks
        if task.done_at is None and task.kind != "safeguarding"
    )
    return over + Changes(tasks=tuple(done))


def absorbed(case: Case, fact: Absorbed, rules: Rules) -> Changes:
    """The survivor counts from the earliest receipt and keeps the strictest date; its people are told both references."""
    newcomers = tuple(party for party in fact.parties if case.party(party.id) is None)
    joined = Changes(parties=newcomers)
    instance = current(case, rules)
    if instance is not None and instance.state in WORKING:
        joined += _from(case, instance, fact.received, rules)
        joined += _no_later(follow(case, joined), instance, fact.due)
    else:
        joined += Changes(received=min(case.received, fact.received))
    return joined + _both_references(case, instance, fact.ref)


def received_earlier(case: Case, fact: ReceivedEarlier, rules: Rules) -> Changes:
    return _from(case, case.stage(fact.instance), fact.received, rules)


def split_off(_case: Case, _fact: SplitOff, _rules: Rules) -> Changes:
    """The other matter has gone to a case of its own; here everything stays as it is."""
    return Changes()


def split_from(case: Case, fact: SplitFrom, rules: Rules) -> Changes:
    """A case of its own that came when the other one came; who has been told of that one has been told of this."""
    received = Received(fact.message, fact.received, fact.sender, Label.NEW_COMPLAINT)
    opened = open_stage(case, received, rules, rules.procedure.first_stage.id, f"split from {fact.parent}")
    told = tuple(_told(row, fact.acknowledged) for row in opened.deadlines)
    instance = opened.stages[0]
    letters = _both_references(case, instance, fact.parent, fact.sender).letters
    issue = Issue("1", fact.point, fact.received)
    return replace(
        opened,
        split_from=fact.parent,
        deadlines=told,
        issues=(issue,),
        letters=letters if fact.acknowledged else opened.letters + letters,
    )


def reopened(case: Case, fact: Reopened, rules: Rules) -> Changes:
    """One more pass through a stage; the earlier one stays as it was. While a stage is open there is nothing to reopen."""
    instance = current(case, rules)
    person = case.complainant
    known = any(stage.id == fact.stage for stage in rules.procedure.stages)
    if person is None or not known or (instance is not None and instance.state in WORKING):
        return Changes()
    obstacle = f"taken up again ({fact.reason}): tell the complainant, and by when they have our answer"
    received = Received("", fact.at, person, Label.NEW_COMPLAINT, may_acknowledge=False, obstacle=obstacle)
    return open_stage(case, received, rules, fact.stage, f"reopened: {fact.reason}")


def _from(case: Case, instance: StageInstance, received: datetime, rules: Rules) -> Changes:
    """Everything that is still owed, counted from an earlier receipt."""
    if received >= instance.received:
        return Changes(received=min(case.received, received))
    row = replace(instance, received=received)
    earliest = min(case.received, received)
    moved = replace(case, received=earliest)
    return Changes(
        received=earliest,
        stages=(row,),
        deadlines=clocks.begin_earlier(moved, row, rules),
        windows=windows.opened(moved, row, rules),
    )


def _no_later(case: Case, instance: StageInstance, due: datetime | None) -> Changes:
    """The answer is owed by the earlier of both dates."""
    promise = case.deadline(f"{instance.id}/respond")
    if due is None or promise is None or promise.state is not DeadlineState.RUNNING or due >= promise.due:
        return Changes()
    count = f"{promise.count}; the case that was joined to this one had an earlier date"
    strict = replace(promise, due=due, original_due=min(due, promise.original_due), count=count)
    return Changes(deadlines=(strict,))


def _told(deadline: Deadline, acknowledged: datetime | None) -> Deadline:
    if deadline.name != "acknowledge" or acknowledged is None:
        return deadline
    return replace(deadline, state=DeadlineState.MET, met_at=acknowledged, met_by="on the case it came from")


def _both_references(
    case: Case, instance: StageInstance | None, other: str, to: Party | None = None
) -> Changes:
    person = to or case.complainant
    if instance is None or person is None or person.role is not Role.COMPLAINANT:
        return Changes()
    return Changes(letters=(Letter("merged_split", f"references/{other}", instance.id, person.id, ""),))
