"""The team answers mailbot's questions by replying to them: one word on the first line."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from mailbot.casework.case import Case, CaseState, StageInstance
from mailbot.casework.facts import Closed, Contacted, Decided, Fact, HoldingLetterSent, NothingOwed, Responded
from mailbot.casework.labels import Label
from mailbot.casework.stated import stated_date
from mailbot.flows import casebook, letter_facts, writing
from mailbot.flows.commands import Command, read
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.mail.references import cited_ids
from mailbot.store import outbox
from mailbot.store.database import Row

_LABELS = {
    Command.COMPLAINT: Label.NEW_COMPLAINT,
    Command.ESCALATION: Label.ESCALATION,
    Command.ICE: Label.ICE_CORRESPONDENCE,
    Command.CONTRIBUTION: Label.CONTRIBUTION_REQUEST,
    Command.OTHER: Label.OTHER,
}
_ENDINGS = {Command.WITHDRAWN: CaseState.WITHDRAWN, Command.CLOSE: CaseState.CLOSED}
_LAST_MOMENT = time(23, 59, 59)


def obey(work: Work, reading: Reading) -> str | None:
    """Carry out a command; the case it was about, None when the message answers no question of ours.

    Two proofs are asked for: the sender is one of the staff, and cites the signed id of a notice sent to staff.
    """
    sender = reading.message.sender  # not where an answer would go: anybody may write a Reply-To
    if sender is None or sender.address.lower() not in work.parts.settings.staff or reading.verified is False:
        return None
    question = next(
        (row for id in cited_ids(reading.message) if (row := _question(work, id)) is not None), None
    )
    if question is None:
        return None
    ref = str(question["case_ref"])
    case = casebook.load(work, ref)
    first_line = next((line for line in reading.live.splitlines() if line.strip()), "")
    fact = _fact(work, case, question, first_line, reading)
    if fact is None:
        _say_it_was_not_understood(work, case, question, reading)
    else:
        casebook.record(work, case, fact, f"person {reading.sender}, message {reading.id}")
    return ref


def _question(work: Work, id: str) -> Row | None:
    row = outbox.by_message_id(work.connection, id) if work.parts.signer.read(id) else None
    return row if row is not None and row["audience"] == "staff" and row["case_ref"] else None


def _fact(work: Work, case: Case, question: Row, line: str, reading: Reading) -> Fact | None:
    """What the person said has happened or is decided; None when the line holds no command."""
    at = reading.message.received or work.now
    understood = read(line)
    if understood is None:
        return None
    command, rest = understood
    if command in _ENDINGS:
        return Closed(at, _ENDINGS[command].value, reason=rest)
    task = question["task"]
    if (maker := _ABOUT_AN_INSTANCE.get(command)) and not (task and command is Command.NO_REPLY_NEEDED):
        instance = _instance(case, question)
        return maker(work, case, instance, rest, at) if instance else None
    answer = _LABELS[command].value if command in _LABELS else command.value
    return Decided(task, at, answer, by=reading.sender) if task else None


def _instance(case: Case, question: Row) -> StageInstance | None:
    task = case.task(question["task"]) if question["task"] else None
    id = task.instance if task else question["instance"]
    return next((stage for stage in case.stages if stage.id == id), None)


def _responded(work: Work, case: Case, instance: StageInstance, rest: str, at: datetime) -> Fact | None:
    """The answer went out today, or on the day that the person names."""
    return Responded(instance.id, _day_said(work, case, rest, at) or at)


def _contacted(work: Work, case: Case, instance: StageInstance, rest: str, at: datetime) -> Fact | None:  # noqa: ARG001
    return Contacted(instance.id, at)


def _holding(work: Work, case: Case, instance: StageInstance, rest: str, at: datetime) -> Fact | None:
    """A holding letter names one new date, later than the one that it moves."""
    day = _day_said(work, case, rest, at)
    promise = case.deadline(f"{instance.id}/respond")
    if day is None or promise is None:
        return None
    due = datetime.combine(day.date(), _LAST_MOMENT, work.parts.zone)
    return HoldingLetterSent(instance.id, at, due, reason="told by the team") if due > promise.due else None


def _nothing_owed(work: Work, case: Case, instance: StageInstance, rest: str, at: datetime) -> Fact | None:  # noqa: ARG001
    return NothingOwed(instance.id, at)


_ABOUT_AN_INSTANCE: dict[Command, Callable[[Work, Case, StageInstance, str, datetime], Fact | None]] = {
    Command.RESPONDED: _responded,
    Command.CONTACTED: _contacted,
    Command.HOLDING: _holding,
    Command.NO_REPLY_NEEDED: _nothing_owed,
}


def _day_said(work: Work, case: Case, text: str, at: datetime) -> datetime | None:
    """The day that the words name, at the time of day of the message."""
    said = (
        stated_date(f"by {text}", at - timedelta(days=31), work.parts.rules_of(case).calendar)
        if text
        else None
    )
    if said is None:
        return None
    return datetime.combine(said.on, at.astimezone(work.parts.zone).time(), work.parts.zone)


def _say_it_was_not_understood(work: Work, case: Case, question: Row, reading: Reading) -> None:
    """Nobody's answer is lost in silence: the question comes again, with the words that it knows."""
    task = case.task(question["task"]) if question["task"] else None
    kind = task.kind if task else "reminder"
    instance = _instance(case, question)
    facts = letter_facts.staff(work, case, None, instance) | {
        "reason": "your reply did not begin with one of the words below, so nothing was changed",
        "kind": kind.replace("_", " "),
        "proposed_label": task.proposal if task else "",
        "commands": writing.commands(kind, task.proposal if task else ""),
        "next_step": None,
        "acknowledged": None,
    }
    about = {"task": question["task"], "instance": question["instance"]}
    purpose = f"again/{reading.id}/{reading.sender}"
    box = writing.box_of(work, case)
    writing.notice(work, box, case.ref, purpose, reading.sender, "review_needed", facts, about)
