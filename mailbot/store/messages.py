"""Messages as they came: kept whole before anything looks inside, then told what became of them."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, func, select, update

from mailbot.store.database import Row, first, put, put_new, rows
from mailbot.store.tables import correction, known_id, message, position, raw

STORED, FILED, SET_ASIDE, HELD, LEFT_ALONE = "stored", "filed", "set_aside", "held", "left_alone"


@dataclass(frozen=True)
class Place:
    """Where a message lies on its server: unique for ever."""

    mailbox: str
    folder: str
    validity: str
    uid: str


def keep(
    connection: Connection,
    place: Place,
    content: bytes,
    *,
    direction: str,
    received: datetime,
    stored: datetime,
    state: str = STORED,
    whole_octets: int | None = None,
) -> bool:
    """Keep a message's raw bytes; False when this place was kept before. What is left alone is only noted."""
    sha256 = hashlib.sha256(content).hexdigest()
    if state != LEFT_ALONE:
        kept = {"sha256": sha256, "octets": len(content), "compressed": zlib.compress(content, 3)}
        put_new(connection, raw, kept)
    row = {
        "mailbox": place.mailbox,
        "folder": place.folder,
        "validity": place.validity,
        "uid": place.uid,
        "direction": direction,
        "received": received,
        "stored": stored,
        "raw_sha256": sha256,
        "state": state,
        "whole_octets": whole_octets,
    }
    return put_new(connection, message, row)


def known_uids(
    connection: Connection, mailbox: str, folder: str, validity: str, uids: Sequence[str]
) -> set[str]:
    """Those of `uids` that are kept already."""
    found: set[str] = set()
    for start in range(0, len(uids), 500):
        query = select(message.c.uid).where(
            message.c.mailbox == mailbox,
            message.c.folder == folder,
            message.c.validity == validity,
            message.c.uid.in_(uids[start : start + 500]),
        )
        found.update(connection.scalars(query))
    return found


def same_bytes_elsewhere(
    connection: Connection, place: Place, content: bytes, received: datetime
) -> int | None:
    """The message of this folder with the same bytes and time under another validity: renumbered, not new."""
    query = select(message.c.id).where(
        message.c.mailbox == place.mailbox,
        message.c.folder == place.folder,
        message.c.validity != place.validity,
        message.c.raw_sha256 == hashlib.sha256(content).hexdigest(),
        message.c.received == received,
    )
    return connection.scalar(query)


def renumber(connection: Connection, id: int, place: Place) -> None:
    """The server has given message `id` another number."""
    connection.execute(
        update(message).where(message.c.id == id).values(validity=place.validity, uid=place.uid)
    )


def position_of(connection: Connection, mailbox: str, folder: str) -> tuple[str, str] | None:
    """(validity, low-water UID) of a folder, None before the first look."""
    row = connection.execute(
        select(position.c.validity, position.c.low_water).where(
            position.c.mailbox == mailbox, position.c.folder == folder
        )
    ).first()
    return (row.validity, row.low_water) if row else None


def set_position(connection: Connection, mailbox: str, folder: str, validity: str, low_water: str) -> None:
    put(
        connection,
        position,
        [{"mailbox": mailbox, "folder": folder, "validity": validity, "low_water": low_water}],
    )


def unmarked(connection: Connection, mailbox: str, folder: str) -> list[tuple[str, str]]:
    """(validity, uid) of kept messages that the server has not been told of; what came before `go_live` is not ours."""
    query = select(message.c.validity, message.c.uid).where(
        message.c.mailbox == mailbox,
        message.c.folder == folder,
        message.c.marked.is_(False),
        message.c.state != LEFT_ALONE,
    )
    return [(row.validity, row.uid) for row in connection.execute(query)]


def set_marked(connection: Connection, mailbox: str, folder: str, validity: str, uids: Sequence[str]) -> None:
    for start in range(0, len(uids), 500):
        connection.execute(
            update(message)
            .where(
                message.c.mailbox == mailbox,
                message.c.folder == folder,
                message.c.validity == validity,
                message.c.uid.in_(uids[start : start + 500]),
            )
            .values(marked=True)
        )


def _last_word(column: str) -> Label[str]:
    """A column of the last correction of a message, as `said` or `said_by`."""
    of_message = correction.c.message == message.c.id
    last = select(correction.c[column]).where(of_message).order_by(correction.c.id.desc()).limit(1)
    return last.correlate(message).scalar_subquery().label("said" if column == "label" else f"said_{column}")


def waiting(connection: Connection, mailbox: str, limit: int) -> list[Row]:
    """Kept messages that nothing has looked into yet, oldest first.

    With their bytes as `compressed`, and `said` and `said_by` where a person has said what a message is.
    """
    query = (
        select(message, raw.c.compressed, _last_word("label"), _last_word("by"))
        .join(raw, raw.c.sha256 == message.c.raw_sha256)
        .where(message.c.state == STORED, message.c.mailbox == mailbox)
        .order_by(
            message.c.received, message.c.direction.desc(), message.c.id
        )  # what the team sent comes first
        .limit(limit)
    )
    return rows(connection, query)


def content_of(row: Mapping[str, Any]) -> bytes:
    """The raw bytes of a row that holds `compressed`."""
    return zlib.decompress(row["compressed"])


def raw_of(connection: Connection, id: int) -> bytes:
    """The raw bytes of message `id`, exactly as the server gave them."""
    query = select(raw.c.compressed).join(message, message.c.raw_sha256 == raw.c.sha256)
    return zlib.decompress(connection.scalars(query.where(message.c.id == id)).one())


def find(connection: Connection, id: int) -> Row | None:
    return first(connection, select(message).where(message.c.id == id))


def get(connection: Connection, id: int) -> Row:
    return rows(connection, select(message).where(message.c.id == id))[0]


def describe(connection: Connection, id: int, **values: Any) -> None:
    """Write down what has been found out about message `id` (columns of `tables.message`)."""
    connection.execute(update(message).where(message.c.id == id).values(**values))


def earlier_copy(connection: Connection, id: int, message_id: str, digest: str) -> Row | None:
    """An earlier delivery of the same message: same Message-ID and same content. Either alone proves nothing."""
    if not message_id:
        return None
    query = select(message).where(
        message.c.message_id == message_id,
        message.c.digest == digest,
        message.c.id < id,
        message.c.direction == "in",
    )
    return first(connection, query.order_by(message.c.id))


def same_again(connection: Connection, mailbox: str, id: int, digest: str, since: datetime) -> Row | None:
    """The same words from the same sender on a case, received since `since`: somebody pressed Send twice."""
    query = select(message).where(
        message.c.mailbox == mailbox,
        message.c.digest == digest,
        message.c.received >= since,
        message.c.case_ref != "",
        message.c.id != id,
        message.c.direction == "in",
    )
    return first(connection, query.order_by(message.c.id))


def remember_id(connection: Connection, message_id: str, case_ref: str) -> None:
    """From now on a reply to `message_id` belongs to the case; the first case to hold an id keeps it."""
    if message_id and len(message_id) <= 250:
        put_new(connection, known_id, {"message_id": message_id, "case_ref": case_ref})


def cases_by_id(connection: Connection, message_ids: Iterable[str]) -> dict[str, str]:
    """The case of each Message-ID that is known."""
    query = select(known_id.c.message_id, known_id.c.case_ref).where(
        known_id.c.message_id.in_(list(message_ids))
    )
    return {row.message_id: row.case_ref for row in connection.execute(query)}


def of_case(connection: Connection, ref: str) -> list[Row]:
    query = select(message).where(message.c.case_ref == ref).order_by(message.c.received, message.c.id)
    return rows(connection, query)


def counts(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(message.c.state, func.count()).group_by(message.c.state)
    return {state: number for state, number in connection.execute(query)}  # noqa: C416 - rows, not pairs


def in_state(connection: Connection, state: str, since: datetime | None = None) -> list[Row]:
    query = select(message).where(message.c.state == state)
    if since is not None:
        query = query.where(message.c.stored >= since)
    return rows(connection, query.order_by(message.c.received))


def subjects_of(connection: Connection, sender: str, since: datetime, but: int) -> list[str]:
    """Subjects of the messages from `sender` on cases, received since `since`, message `but` left out."""
    query = select(message.c.subject).where(
        message.c.sender == sender,
        message.c.received >= since,
        message.c.case_ref != "",
        message.c.direction == "in",
        message.c.id != but,
    )
    return list(connection.scalars(query))


def at(connection: Connection, place: Place) -> Row:
    """The message kept from a place."""
    query = select(message).where(
        message.c.mailbox == place.mailbox,
        message.c.folder == place.folder,
        message.c.validity == place.validity,
        message.c.uid == place.uid,
    )
    return rows(connection, query)[0]


def everything(connection: Connection) -> list[Row]:
    return rows(connection, select(message).order_by(message.c.received, message.c.id))
