"""Letters that are owed: queued with the decision that owes them, claimed, sent once, and never forgotten."""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from mailbot.store.database import Row, first, put_new, rows
from mailbot.store.tables import outbox

QUEUED, SENDING, DRAFTED, SENT, DEFERRED = "queued", "sending", "drafted", "sent", "deferred"
UNKNOWN, FAILED, BOUNCED, WITHHELD = "unknown", "failed", "bounced", "withheld"
OPEN = (QUEUED, SENDING, DEFERRED)


def queue(connection: Connection, content: bytes, created: datetime, **columns: Any) -> bool:
    """Queue a letter; False when one with this case and purpose was queued before."""
    row = columns | {
        "compressed": zlib.compress(content, 3),
        "state": columns.get("state", QUEUED),
        "created": created,
        "next_try": created,
    }
    return put_new(connection, outbox, row)


def due(connection: Connection, now: datetime, mailboxes: Sequence[str], limit: int = 50) -> list[Row]:
    """Letters of `mailboxes` to send now: urgent words to staff first, then in the order in which they were owed."""
    query = (
        select(outbox)
        .where(
            outbox.c.state.in_((QUEUED, DEFERRED)),
            outbox.c.next_try <= now,
            outbox.c.mailbox.in_(mailboxes),
        )
        .order_by(outbox.c.letter != "urgent_vulnerability", outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows(connection, query)


def letter_of(row: Any) -> bytes:
    return zlib.decompress(row["compressed"])


def get(connection: Connection, id: int) -> Row:
    return rows(connection, select(outbox).where(outbox.c.id == id))[0]


def change(connection: Connection, id: int, **values: Any) -> None:
    connection.execute(update(outbox).where(outbox.c.id == id).values(**values))


def withdraw(connection: Connection, id: int) -> None:
    """Remove a letter that has not left; its purpose is free again."""
    connection.execute(delete(outbox).where(outbox.c.id == id))


def left_sending(connection: Connection) -> list[Row]:
    """Rows that a process was sending when it died."""
    return rows(connection, select(outbox).where(outbox.c.state == SENDING))


def by_message_id(connection: Connection, message_id: str) -> Row | None:
    return first(connection, select(outbox).where(outbox.c.message_id == message_id))


def by_purpose(connection: Connection, ref: str, purpose: str) -> Row | None:
    query = select(outbox).where(outbox.c.case_ref == ref, outbox.c.purpose == purpose)
    return first(connection, query)


def latest_to(connection: Connection, recipient: str, before: datetime, days: int = 7) -> Row | None:
    """The last external letter sent to `recipient` in the days before: what an unsigned bounce speaks of."""
    query = (
        select(outbox)
        .where(
            outbox.c.recipient == recipient.lower(),
            outbox.c.audience == "external",
            outbox.c.sent <= before,
            outbox.c.sent >= before - timedelta(days=days),
        )
        .order_by(outbox.c.sent.desc())
    )
    return first(connection, query)


def of_case(connection: Connection, ref: str) -> list[Row]:
    query = select(outbox).where(outbox.c.case_ref == ref).order_by(outbox.c.id)
    return rows(connection, query)


def uncopied(connection: Connection, mailbox: str, limit: int = 50) -> list[Row]:
    """Sent external letters of which the mailbox has no copy yet."""
    query = (
        select(outbox)
        .where(
            outbox.c.mailbox == mailbox,
            outbox.c.state == SENT,
            outbox.c.audience == "external",
            outbox.c.copied.is_(False),
        )
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return rows(connection, query)


def written_since(
    connection: Connection, since: datetime, recipient: str | None = None, domain: str | None = None
) -> int:
    """How many automatic letters to outsiders were queued since, to one address or to one domain."""
    query = select(func.count()).where(outbox.c.audience == "external", outbox.c.created >= since)
    if recipient is not None:
        query = query.where(outbox.c.recipient == recipient)
    if domain is not None:
        query = query.where(outbox.c.recipient.endswith(f"@{domain}", autoescape=True))
    return connection.scalar(query) or 0


def left_between(connection: Connection, recipient: str, start: datetime, end: datetime) -> bool:
    """Whether an automatic letter to this address has left in that time."""
    query = select(func.count()).where(
        outbox.c.recipient == recipient,
        outbox.c.audience == "external",
        outbox.c.sent >= start,
        outbox.c.sent <= end,
    )
    return bool(connection.scalar(query))


def sent_since(connection: Connection, mailbox: str, since: datetime) -> int:
    query = select(func.count()).where(
        outbox.c.mailbox == mailbox, outbox.c.audience == "external", outbox.c.sent >= since
    )
    return connection.scalar(query) or 0


def counts(connection: Connection) -> dict[str, int]:
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {state: number for state, number in connection.execute(query)}  # noqa: C416 - rows, not pairs


def everything(connection: Connection) -> list[Row]:
    return rows(connection, select(outbox).order_by(outbox.c.id))
