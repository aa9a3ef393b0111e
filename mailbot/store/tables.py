"""The tables of mail and letters, and what all tables share; those of cases are in case_tables.py."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import Index as SqlIndex


class Moment(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database (SQLite knows no offsets)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("only aware times are stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", **options)


def key(name: str) -> Column[str]:
    return Column(name, String(255), primary_key=True)


raw = Table(
    "raw",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("octets", Integer, nullable=False),
    Column("compressed", LargeBinary, nullable=False),  # zlib
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    text("mailbox"),
    text("folder"),
    text("validity"),
    text("uid"),
    text("direction"),  # "in", or "sent" for what the team wrote
    Column("received", Moment, nullable=False),
    Column("stored", Moment, nullable=False),
    text("raw_sha256"),
    Column("whole_octets", Integer),  # of a message too large to take whole; else null
    text("state", index=True),  # stored, filed, set_aside, held, left_alone
    text("reason"),
    Column("marked", Boolean, nullable=False, server_default="0"),
    text("message_id", index=True),
    text("digest", index=True),  # of sender, subject and text: the same letter again
    text("sender", index=True),
    text("sender_name"),
    text("subject"),
    text("kind"),
    Column("screening", JSON),  # every reason
    text("label"),
    Column("verdict", JSON),  # confidence, probabilities, abstained, flags, reasons
    Column("defects", JSON),
    text("case_ref", index=True),
    text("matched"),  # how it was threaded
    Column("triaged", Moment),
    UniqueConstraint("mailbox", "folder", "validity", "uid"),
)

position = Table(
    "position",
    metadata,
    key("mailbox"),
    key("folder"),
    text("validity"),
    text("low_water"),  # every message up to this UID is stored
)

known_id = Table(
    "known_id",
    metadata,
    Column("message_id", String(255), primary_key=True),  # the first case that held it keeps it
    text("case_ref"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    text("case_ref"),  # "" for the digest
    Column("purpose", String(255), nullable=False),
    text("mailbox"),
    text("instance"),
    text("audience"),  # "external" or "staff"
    text("letter"),
    text("recipient"),
    text("sender"),
    Column("acknowledges", Boolean, nullable=False, server_default="0"),
    Column("message_id", String(255), nullable=False, unique=True),
    text("task"),  # the question that a reply to this letter answers
    Column("compressed", LargeBinary, nullable=False),  # the letter's bytes, fixed for ever; zlib
    text("state"),  # queued, sending, drafted, sent, deferred, unknown, failed, bounced, withheld
    text("answer"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created", Moment, nullable=False, index=True),
    Column("next_try", Moment, nullable=False),
    Column("handed_over", Boolean, nullable=False, server_default="0"),  # past the point of no return
    Column("sent", Moment),
    Column("copied", Boolean, nullable=False, server_default="0"),  # a copy lies in the Sent folder
    UniqueConstraint("case_ref", "purpose"),
    SqlIndex("ix_outbox_state_next_try", "state", "next_try"),
    SqlIndex("ix_outbox_recipient_created", "recipient", "created"),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", Integer, nullable=False, index=True),
    text("label"),  # what a person said it is
    text("was"),  # what the classifier had thought
    text("by"),
    Column("at", Moment, nullable=False),
)

holding = Table(
    "holding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", Integer, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    text("fault"),  # where the program failed
    Column("urgent", Boolean, nullable=False, server_default="0"),  # it may speak of harm to somebody
    Column("accepted", Moment),  # when somebody took the alarm
    text("accepted_by"),
    Column("ended", Moment),  # released, or set aside
    text("ended_by"),
    text("why"),  # it was set aside; "" for one that was released
)

counter = Table("counter", metadata, key("name"), Column("last", Integer, nullable=False))

heartbeat = Table(
    "heartbeat",
    metadata,
    key("job"),
    Column("last_good", Moment),
    Column("last_bad", Moment),
    text("trouble"),
)
