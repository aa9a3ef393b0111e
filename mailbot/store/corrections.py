"""What people said a message is: who, when, and what the classifier had thought."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mailbot.store.database import Row, rows
from mailbot.store.tables import correction, message, raw


def remember(connection: Connection, message_id: int, label: str, was: str, by: str, at: datetime) -> None:
    connection.execute(correction.insert().values(message=message_id, label=label, was=was, by=by, at=at))


def latest(connection: Connection) -> list[Row]:
    """The last word on each message, with its bytes as `compressed` and the mailbox it came to; oldest first."""
    last = select(func.max(correction.c.id)).group_by(correction.c.message)
    query = (
        select(correction, raw.c.compressed, message.c.mailbox, message.c.received)
        .join(message, message.c.id == correction.c.message)
        .join(raw, raw.c.sha256 == message.c.raw_sha256)
        .where(correction.c.id.in_(last))
        .order_by(correction.c.id)
    )
    return rows(connection, query)


def agreement(connection: Connection, since: datetime) -> tuple[int, int]:
    """(how many answers agreed with the classifier, how many there were) since."""
    query = select(correction.c.label, correction.c.was).where(
        correction.c.at >= since, correction.c.was != ""
    )
    answers: list[Any] = list(connection.execute(query))
    return sum(row.label == row.was for row in answers), len(answers)
