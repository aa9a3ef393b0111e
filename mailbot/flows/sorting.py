"""A person says what a message is: when a few sure answers are checked, and whenever mailbot took one for what it is not."""

from datetime import datetime

from mailbot.casework.case import StageState
from mailbot.casework.labels import Label
from mailbot.casework.told import SortedAnew
from mailbot.flows import casebook, wording, writing
from mailbot.flows.commands import LABELS, Command, read
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.letters import words
from mailbot.settings import MailboxSettings
from mailbot.store import cases, corrections, holdings, messages
from mailbot.store.database import Row

_CHECK = "check/"  # how the purpose of a notice begins that asks about a message without a case
_NEEDED = "say the number of the message and what it is, such as: sort 17 complaint"
_NOT_UNDERSTOOD = "your reply did not begin with one of the words below"


class CannotSort(ValueError):  # noqa: N818 - an answer to a person
    """Why the message stays what it is; the words are for the person who asked."""


def sort(work: Work, id: int, label: Label, at: datetime, by: str) -> str:
    """Let message `id` be what a person says it is, and remember it as an example; what becomes of it, in words.

    On a case, what it set going there is replaced. Without one, the next pass reads it again, and asks nobody else.
    Raises CannotSort when there is nothing to sort.
    """
    row = _of_ours_to_read(work, id)
    corrections.remember(work.connection, id, label.value, row["label"] or "", by, at)
    if row["state"] == messages.SET_ASIDE and label is Label.OTHER:
        return f"message {id} stays set aside"
    if row["state"] == messages.FILED and row["case_ref"]:
        return _on_its_case(work, row, label, at, by)
    if row["state"] == messages.HELD and (held := holdings.latest(work.connection, id)):
        holdings.end(work.connection, held["id"], at, by)
    messages.describe(work.connection, id, state=messages.STORED, reason=f"sorted by {by}")
    return f"message {id} is taken up by the next pass"


def _of_ours_to_read(work: Work, id: int) -> Row:
    row = messages.find(work.connection, id)
    if row is None:
        raise CannotSort(f"there is no message {id}")
    if row["direction"] != "in" or row["state"] == messages.LEFT_ALONE:
        raise CannotSort(f"message {id} is not one that came in since mailbot reads this mailbox")
    if row["state"] == messages.STORED:
        raise CannotSort(f"message {id} waits to be read")
    if row["reason"] == "an answer from the team":
        raise CannotSort(f"message {id} is an answer from the team")
    return row


def _on_its_case(work: Work, row: Row, label: Label, at: datetime, by: str) -> str:
    case = casebook.load(work, cases.survivor(work.connection, row["case_ref"]) or row["case_ref"])
    fact = SortedAnew(str(row["id"]), row["received"], row["sender"], label, at, by)
    after = casebook.record(work, case, fact, f"person {by}")
    if after.stages == case.stages:
        return f"{case.ref} stays as it is: nothing follows from that any more, or it is that already"
    open_ones = [one.id for one in after.stages if one.state is not StageState.ENDED and not one.responded]
    return f"{case.ref}: {', '.join(map(wording.stage, open_ones)) or 'nothing is owed any more'}"


def ask_whether(work: Work, box: MailboxSettings, reading: Reading) -> None:
    """Put a message that was surely nothing for us to the team: the worst mistakes would hide among these."""
    received = reading.message.received or work.now
    facts = {
        "ref": f"message {reading.id}",
        "proposed_label": "nothing for us: it was set aside, and nobody was answered",
        "message_where": f"mailbox {box.address}, from {reading.sender or 'an unknown sender'}",
        "received_long": words.long_moment(received, work.parts.zone),
        "commands": writing.commands("check_aside", Label.OTHER),
    }
    for person in work.parts.settings.team_of(box):
        purpose = f"{_CHECK}{reading.id}/{person}"
        writing.notice(work, box, "", purpose, person, "check_label", facts, {})


def is_about_set_aside(question: Row) -> bool:
    return not question["case_ref"] and str(question["purpose"]).startswith(_CHECK)


def obey_check(work: Work, question: Row, reading: Reading) -> None:
    """Carry out what somebody of the team replied to a notice about a message that was set aside."""
    id = int(question["purpose"].split("/")[1])
    command, _ = read(reading.first_line) or (None, "")
    label = Label.OTHER if command is Command.ACCEPT else LABELS.get(command) if command else None
    _carry_out(work, id, label, reading, "check_aside", _NOT_UNDERSTOOD)


def obey_sort(work: Work, said: str, reading: Reading) -> None:
    """Carry out `sort 17 complaint`; `said` is what follows the first word."""
    number, _, word = said.partition(" ")
    command, _ = read(word) or (None, "")
    id = int(number) if number.isascii() and number.isdecimal() else 0
    _carry_out(work, id, LABELS.get(command) if command else None, reading, "sort", _NEEDED)


def _carry_out(work: Work, id: int, label: Label | None, reading: Reading, kind: str, otherwise: str) -> None:
    try:
        if label is None:
            raise CannotSort(otherwise)
        sort(work, id, label, reading.message.received or work.now, reading.sender)
    except CannotSort as refusal:
        _say_why(work, id, reading, kind, str(refusal))


def _say_why(work: Work, id: int, reading: Reading, kind: str, why: str) -> None:
    """Nobody's answer is lost in silence."""
    row = messages.get(work.connection, reading.id)
    proposal = Label.OTHER if kind == "check_aside" else ""
    ref = f"message {id}" if id else "message without a number"
    facts = {"ref": ref, "reason": why, "commands": writing.commands(kind, proposal)}
    purpose = f"{_CHECK}{id}/again/{reading.id}/{reading.sender}"
    box = work.parts.boxes[row["mailbox"]]
    writing.notice(work, box, "", purpose, reading.sender, "not_understood", facts, {})
