"""The team answers mailbot's questions by replying to them: one word on the first line."""

import re
from collections.abc import Callable

from mailbot.casework.arrivals import current
from mailbot.casework.case import Case, StageInstance
from mailbot.casework.undoing import CannotUndo
from mailbot.flows import casebook, joining, letter_facts, recount, releasing, sorting, undo, writing
from mailbot.flows.commands import Command, read
from mailbot.flows.orders import Order, fact_of
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.mail.references import cited_ids, references_in
from mailbot.store import outbox
from mailbot.store.database import Row

_NOT_UNDERSTOOD = "your reply did not begin with one of the words below, so nothing was changed"
_ONLY_WHAT_IS_HELD = "that word is for a message that could not be read, so nothing was changed"
_NOT_ENOUGH = "the words after your first one do not say enough, so nothing was changed"


def obey(work: Work, reading: Reading) -> str | None:
    """Carry out a command; the case it was about ("" for a message without one), None when nothing of ours is answered.

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
    understood = read(reading.first_line)
    if understood and understood[0] is Command.SORT:
        sorting.obey_sort(work, understood[1], reading)
        return str(question["case_ref"])
    if own := next((obeys for is_about, obeys in _WITHOUT_A_CASE if is_about(question)), None):
        own(work, question, reading)
        return ""
    ref = str(question["case_ref"])
    if not ref:
        return None
    case = casebook.load(work, ref)
    if understood is None:
        _say_why(work, case, question, reading, _NOT_UNDERSTOOD)
        return ref
    order = _order(work, case, question, understood, reading)
    if refusal := _carry_out(order, f"person {reading.sender}, message {reading.id}"):
        _say_why(work, case, question, reading, refusal)
    return ref


_WITHOUT_A_CASE = (
    (releasing.is_about_held, releasing.obey),
    (sorting.is_about_set_aside, sorting.obey_check),
)
"""Notices about a message that has no case, and who obeys an answer to them."""


def _question(work: Work, id: str) -> Row | None:
    row = outbox.by_message_id(work.connection, id) if work.parts.signer.read(id) else None
    return row if row is not None and row["audience"] == "staff" else None


def _order(work: Work, case: Case, question: Row, understood: tuple[Command, str], reading: Reading) -> Order:
    command, rest = understood
    task = case.task(question["task"]) if question["task"] else None
    at = reading.message.received or work.now
    return Order(work, case, command, rest, at, reading.sender, task, _instance(work, case, question))


def _carry_out(order: Order, cause: str) -> str:
    """Do what was ordered; why nothing was changed, "" when it was done."""
    if action := _ACTIONS.get(order.command):
        return action(order, cause)
    fact = fact_of(order)
    if fact is None:
        return _NOT_ENOUGH
    casebook.record(order.work, order.case, fact, cause)
    return ""


def _merge(order: Order, cause: str) -> str:
    named = references_in(order.rest, order.work.parts.prefixes)
    done = any(joining.merge(order.work, order.case, ref, order.at, cause) for ref in named[:1])
    return "" if done else "there is no other case with that reference to join it to"


def _split(order: Order, cause: str) -> str:
    done = joining.split(order.work, order.case, order.rest, order.at, cause)
    return "" if done else "say in a few words what goes on by itself; the case must be open"


def _undo(order: Order, cause: str) -> str:
    number = re.search(r"\d+", order.rest)
    try:
        undo.take_back(order.work, order.case, int(number[0]) if number else None, order.at, order.by, cause)
    except CannotUndo as refusal:
        return str(refusal)
    return ""


def _is_only_for_what_is_held(_order: Order, _cause: str) -> str:
    return _ONLY_WHAT_IS_HELD


def _choose_calendar(order: Order, cause: str) -> str:
    known = order.work.parts.procedures.calendar_names()
    name = "-".join(order.rest.lower().split())
    if name not in known:
        return f"there is no such calendar; there are {', '.join(known)}"
    recount.by_calendar(order.work, order.case, name, order.at, order.by, cause)
    return ""


_ACTIONS: dict[Command, Callable[[Order, str], str]] = {
    Command.MERGE: _merge,
    Command.SPLIT: _split,
    Command.UNDO: _undo,
    Command.CALENDAR: _choose_calendar,
    Command.RELEASE: _is_only_for_what_is_held,
    Command.SET_ASIDE: _is_only_for_what_is_held,
}
"""The words that touch more than one event of one case."""


def _instance(work: Work, case: Case, question: Row) -> StageInstance | None:
    """What the question was about, else where the complaint stands."""
    task = case.task(question["task"]) if question["task"] else None
    id = task.instance if task else question["instance"]
    about = next((stage for stage in case.stages if stage.id == id), None)
    return about or current(case, work.parts.rules_of(case))


def _say_why(work: Work, case: Case, question: Row, reading: Reading, why: str) -> None:
    """Nobody's answer is lost in silence: the question comes again, with the words that it knows."""
    task = case.task(question["task"]) if question["task"] else None
    kind = task.kind if task else "reminder"
    instance = _instance(work, case, question)
    facts = letter_facts.staff(work, case, None, instance) | {
        "reason": why,
        "kind": kind.replace("_", " "),
        "proposed_label": task.proposal if task else "",
        "commands": writing.commands(kind, task.proposal if task else "", every=True),
        "next_step": None,
        "acknowledged": None,
    }
    about = {"task": question["task"], "instance": question["instance"]}
    purpose = f"again/{reading.id}/{reading.sender}"
    box = writing.box_of(work, case)
    writing.notice(work, box, case.ref, purpose, reading.sender, "review_needed", facts, about)
