"""Everything that may happen to a case next, for walks through all its states."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailbot.casework.case import DeadlineState, Role, StageState
from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Closed,
    Contacted,
    Decided,
    DuePassed,
    Fact,
    HoldingLetterSent,
    NothingOwed,
    Received,
    Responded,
    WindowEnded,
)
from mailbot.casework.labels import Label
from mailbot.casework.told import (
    AuthorityGiven,
    CombinedResponseIssued,
    DateLearned,
    PointsNamed,
    Recounted,
    Redirected,
    Reopened,
    StepTaken,
)
from mailbot.flows import commands, orders
from tests.casework.life import ICE, JOBCENTRE, NIA, SAM, Life

WORKING = (
    StageState.TRIAGE,
    StageState.INVESTIGATING,
    StageState.HOLDING,
    StageState.AWAITING_JOBCENTRE,
)
_SENDERS = {Label.ICE_CORRESPONDENCE: ICE, Label.CONTRIBUTION_REQUEST: JOBCENTRE}


def possible(life: Life, now: datetime) -> list[Fact]:
    """The facts that may come next at `now`."""
    return [*_mail(life, now), *_of_instances(life, now), *_of_time(life, now), *_of_people(life, now)]


def answers(life: Life, now: datetime) -> list[Fact]:
    """Every answer that the commands offer to every open question."""
    return [
        Decided(task.id, now, orders._answer(known.command), by="ruth@team.example")
        for task in life.case.tasks
        if task.done_at is None
        for known in commands.known_for(task.kind, task.proposal)
    ]


def _mail(life: Life, now: datetime) -> Iterator[Fact]:
    number = str(life.case.events + 1)
    for label in (None, *Label):
        yield Received(number, now, _SENDERS.get(label, SAM) if label else SAM, label)
    yield Received(number, now, SAM, Label.NEW_COMPLAINT, may_acknowledge=False)
    yield Received(number, now, SAM, Label.OTHER, flags=("withdrawal", "mixed", "safeguarding"))
    yield Received(number, now, NIA, Label.NEW_COMPLAINT, flags=("policy", "data_protection"))


def _of_instances(life: Life, now: datetime) -> Iterator[Fact]:
    for instance in life.case.stages:
        if instance.state not in WORKING:
            continue
        yield Acknowledged(instance.id, now)
        yield AcknowledgementFailed(instance.id, now, "came back")
        yield Contacted(instance.id, now)
        yield Responded(instance.id, now)
        yield Responded(instance.id, now, names_next_body=False)
        yield HoldingLetterSent(instance.id, now, now + timedelta(days=30), "records")
        yield NothingOwed(instance.id, now)
        for redirect in life.rules.procedure.redirects:
            yield Redirected(redirect.id, instance.id, now)


def _of_time(life: Life, now: datetime) -> Iterator[Fact]:
    for deadline in life.case.deadlines:
        if deadline.state is DeadlineState.RUNNING and deadline.due < now and not deadline.late:
            yield DuePassed(deadline.id, deadline.due)
    for window in life.case.windows:
        if window.ends is not None and window.ends < now and not window.over:
            yield WindowEnded(window.id, window.ends)
    yield Recounted("another 2027-01", now)


def _of_people(life: Life, now: datetime) -> Iterator[Fact]:
    yield from answers(life, now)
    if not life.case.stages:
        return
    for how in ("closed", "withdrawn", "resolved_informally"):
        yield Closed(now, how)
    for stage in life.rules.procedure.stages:
        yield Reopened(stage.id, now, "new evidence")
    for matter in life.case.proceedings:
        yield StepTaken(matter.id, "final_report", now, "upheld")
        yield StepTaken(matter.id, "revisit_steps", now)
        yield CombinedResponseIssued(now, now)
    for party in life.case.parties:
        if party.role is Role.REPRESENTATIVE:
            yield AuthorityGiven(party.id, now)
    yield PointsNamed(now, ("one more point",))
    yield DateLearned("case_closed", now, now)
