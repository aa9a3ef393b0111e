"""Ending what was held: a person lets a message be read again, or sets it aside and says why."""

from datetime import datetime

from sqlalchemy import Connection

from mailbot.flows import holding
from mailbot.flows.commands import Command, read
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.store import holdings, messages
from mailbot.store.database import Row

_NOT_UNDERSTOOD = "your reply did not begin with one of the words below, so nothing was changed"
_NO_REASON = "say why in a few words, such as: set aside answered by telephone"


def release(connection: Connection, id: int, now: datetime, by: str) -> str:
    """Let message `id` be read again: the next pass decides it as if it had just been kept, its time of receipt as it was.

    Why nothing was done, "" when it was: a message that is no longer held stays what it became.
    """
    held, refusal = _held(connection, id)
    if held is not None:
        holdings.end(connection, held["id"], now, by)
        messages.describe(connection, id, state=messages.STORED, reason=f"released by {by}")
    return refusal


def set_aside(connection: Connection, id: int, now: datetime, by: str, why: str) -> str:
    """Leave message `id` to the person who has seen to it. Why nothing was done, "" when it was."""
    held, refusal = _held(connection, id)
    if held is not None and not why:
        return _NO_REASON
    if held is not None:
        holdings.end(connection, held["id"], now, by, why)
        messages.describe(connection, id, state=messages.SET_ASIDE, reason=f"set aside by {by}: {why}")
    return refusal


def _accept(connection: Connection, id: int, now: datetime, by: str) -> str:
    """The alarm is taken; the message stays held."""
    held, refusal = _held(connection, id)
    if held is not None and held["accepted"] is None:
        holdings.accept(connection, held["id"], now, by)
    return refusal


def _held(connection: Connection, id: int) -> tuple[Row | None, str]:
    """The holding that message `id` is in; without one, what has become of it."""
    row = messages.get(connection, id)
    if row["state"] == messages.HELD:
        return holdings.latest(connection, id), ""
    if row["state"] == messages.STORED:
        return None, f"message {id} is not held: it waits to be read"
    on = f" on {row['case_ref']}" if row["case_ref"] else ""
    return None, f"message {id} is not held: it is {row['state'].replace('_', ' ')}{on}"


def is_about_held(question: Row) -> bool:
    return not question["case_ref"] and str(question["purpose"]).startswith("held/")


def obey(work: Work, question: Row, reading: Reading) -> None:
    """Carry out what somebody of the staff replied to a notice about a held message; else ask them again."""
    id = int(question["purpose"].split("/")[1])
    refusal = _carry_out(work, id, reading, *(read(reading.first_line) or (None, "")))
    if refusal and (held := holdings.latest(work.connection, id)):
        holding.ask_again(work, held, reading.sender, refusal, f"again-{reading.id}")


def _carry_out(work: Work, id: int, reading: Reading, command: Command | None, rest: str) -> str:
    at = reading.message.received or work.now
    match command:
        case Command.RELEASE:
            return release(work.connection, id, at, reading.sender)
        case Command.SET_ASIDE:
            return set_aside(work.connection, id, at, reading.sender, rest)
        case Command.ACCEPT:
            return _accept(work.connection, id, at, reading.sender)
        case _:
            return _NOT_UNDERSTOOD
