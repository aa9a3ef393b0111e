"""Messages that were held: each time with its fault, the alarm it may have raised, and who ended it. No row is removed."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from mailbot.store.database import Row, first, rows
from mailbot.store.tables import holding, message


def begin(connection: Connection, message_id: int, at: datetime, fault: str, urgent: bool) -> int:
    """The number of this holding; a message may be held again after it was released."""
    made = holding.insert().values(message=message_id, at=at, fault=fault, urgent=urgent)
    return int(connection.execute(made.returning(holding.c.id)).scalar_one())


def latest(connection: Connection, message_id: int) -> Row | None:
    query = select(holding).where(holding.c.message == message_id).order_by(holding.c.id.desc())
    return first(connection, query)


def open_ones(connection: Connection) -> list[Row]:
    """What is held now, oldest mail first: the holding, with `mailbox`, `folder` and `received` of its message."""
    query = (
        select(holding, message.c.mailbox, message.c.folder, message.c.received, message.c.direction)
        .join(message, message.c.id == holding.c.message)
        .where(holding.c.ended.is_(None))
        .order_by(message.c.received, holding.c.id)
    )
    return rows(connection, query)


def alarms(connection: Connection) -> list[Row]:
    """Those of them that may speak of harm, and that nobody has taken."""
    return [row for row in open_ones(connection) if row["urgent"] and row["accepted"] is None]


def accept(connection: Connection, id: int, at: datetime, by: str) -> None:
    connection.execute(update(holding).where(holding.c.id == id).values(accepted=at, accepted_by=by))


def end(connection: Connection, id: int, at: datetime, by: str, why: str = "") -> None:
    """`why` it was set aside; none for a message that is read again."""
    connection.execute(update(holding).where(holding.c.id == id).values(ended=at, ended_by=by, why=why))
