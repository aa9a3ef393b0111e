"""Two cases made one, or one case made two, in one transaction, because a person said so."""

from datetime import datetime

from mailbot.casework.arrivals import WORKING, current
from mailbot.casework.case import Case, DeadlineState
from mailbot.casework.told import Absorbed, MergedInto, SplitFrom, SplitOff
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.store import cases


def merge(work: Work, case: Case, other_ref: str, at: datetime, cause: str) -> bool:
    """Join both into the one that was received first; False when that cannot be done."""
    living = cases.survivor(work.connection, other_ref)
    if living is None or living == case.ref or case.merged_into:
        return False
    other = casebook.load(work, living)
    if other.procedure != case.procedure:
        return False
    first, second = sorted((case, other), key=lambda one: (one.received, one.ref))
    owed = _answer_owed(work, second)
    casebook.record(work, second, MergedInto(first.ref, at), cause)
    joined = Absorbed(second.ref, at, second.received, second.parties, owed)
    casebook.record(work, first, joined, cause)
    return True


def split(work: Work, case: Case, point: str, at: datetime, cause: str) -> bool:
    """Let one matter go on as a case of its own, received when this one was; False when nothing is open here."""
    instance = current(case, work.parts.rules_of(case))
    sender = case.party(instance.sender) if instance else None
    if instance is None or sender is None or instance.state not in WORKING or not point:
        return False
    child = casebook.begin(work, work.parts.boxes[case.mailbox], instance.received)
    told = case.deadline(f"{instance.id}/acknowledge")
    casebook.record(work, case, SplitOff(child.ref, at, point), cause)
    came = SplitFrom(
        parent=case.ref,
        at=at,
        received=instance.received,
        sender=sender,
        message=instance.message,
        point=point,
        acknowledged=told.met_at if told else None,
    )
    casebook.record(work, child, came, cause)
    return True


def _answer_owed(work: Work, case: Case) -> datetime | None:
    instance = current(case, work.parts.rules_of(case))
    promise = case.deadline(f"{instance.id}/respond") if instance else None
    return promise.due if promise is not None and promise.state is DeadlineState.RUNNING else None
