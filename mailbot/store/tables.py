"""The tables. Rows of cases mirror the dataclasses of casework and are rebuilt from the events at will."""

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


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", **options)


def _key(name: str) -> Column[str]:
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
    _text("mailbox"),
    _text("folder"),
    _text("validity"),
    _text("uid"),
    _text("direction"),  # "in", or "sent" for what the team wrote
    Column("received", Moment, nullable=False),
    Column("stored", Moment, nullable=False),
    _text("raw_sha256"),
    Column("whole_octets", Integer),  # of a message too large to take whole; else null
    _text("state", index=True),  # stored, filed, set_aside, held, left_alone
    _text("reason"),
    Column("marked", Boolean, nullable=False, server_default="0"),
    _text("message_id", index=True),
    _text("digest", index=True),  # of sender, subject and text: the same letter again
    _text("sender", index=True),
    _text("sender_name"),
    _text("subject"),
    _text("kind"),
    Column("screening", JSON),  # every reason
    _text("label"),
    Column("verdict", JSON),  # confidence, probabilities, abstained, flags, reasons
    Column("defects", JSON),
    _text("case_ref", index=True),
    _text("matched"),  # how it was threaded
    Column("triaged", Moment),
    UniqueConstraint("mailbox", "folder", "validity", "uid"),
)

position = Table(
    "position",
    metadata,
    _key("mailbox"),
    _key("folder"),
    _text("validity"),
    _text("low_water"),  # every message up to this UID is stored
)

known_id = Table(
    "known_id",
    metadata,
    Column("message_id", String(255), primary_key=True),  # the first case that held it keeps it
    _text("case_ref"),
)

case = Table(
    "complaint_case",
    metadata,
    _key("ref"),
    _text("procedure"),
    _text("version"),
    _text("mailbox"),
    Column("received", Moment, nullable=False),
    _text("state", index=True),
    _text("refers_to"),
    _text("merged_into"),
    _text("split_from"),
    Column("flags", JSON),
    Column("events", Integer, nullable=False),
    _text("head"),  # hash of the last event
)

event = Table(
    "event",
    metadata,
    _key("case_ref"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("kind"),
    Column("recorded", Moment, nullable=False),
    _text("cause"),
    _text("body"),  # canonical JSON
    _text("previous"),
    _text("hash"),
)

party = Table(
    "party",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("role"),
    _text("name"),
    _text("authority"),
    Column("nominated", Boolean, nullable=False, server_default="0"),
    Column("left", Moment),
)

stage = Table(
    "stage",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("stage"),
    _text("state"),
    Column("received", Moment, nullable=False),
    _text("message"),
    _text("sender"),
    _text("request"),
    Column("responded", Moment),
    Column("answerable", Boolean, nullable=False, server_default="1"),
    _text("reason"),
    Column("stated", String(10)),  # ISO date
    Column("holdings", Integer, nullable=False, server_default="0"),
)

deadline = Table(
    "deadline",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("instance"),
    _text("name"),
    _text("kind"),
    _text("state"),
    Column("started", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("original_due", Moment, nullable=False),
    _text("source"),
    _text("count"),
    Column("target", Moment),
    Column("met_at", Moment),
    _text("met_by"),
    Column("late", Boolean, nullable=False, server_default="0"),
    Column("remind_before", JSON),
    Column("gross_due", Moment),
    _text("calendar"),
    SqlIndex("ix_deadline_state_due", "state", "due"),
)

window = Table(
    "window",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("instance"),
    _text("to"),
    Column("opens", Moment, nullable=False),
    Column("ends", Moment),
    _text("kind"),
    _text("source"),
    _text("count"),
    Column("over", Boolean, nullable=False, server_default="0"),
    _text("stopped_by"),
)

pause = Table(
    "pause",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("instance"),
    _text("state"),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
)

issue = Table(
    "issue",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("point"),
    Column("opened", Moment, nullable=False),
    _text("outcome"),
    Column("decided", Moment),
    _text("answered_by"),
)

proceeding = Table(
    "proceeding",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("step"),
    Column("since", Moment, nullable=False),
    _text("outcome"),
)

money = Table(
    "money",
    metadata,
    _key("case_ref"),
    _key("id"),
    Column("pounds", Integer, nullable=False),
    Column("recorded", Moment, nullable=False),
    _text("recorded_by"),
    _text("reason"),
)

known_date = Table("known_date", metadata, _key("case_ref"), _key("id"), Column("at", Moment, nullable=False))

task = Table(
    "task",
    metadata,
    _key("case_ref"),
    _key("id"),
    _text("kind"),
    Column("opened", Moment, nullable=False),
    _text("reason"),
    _text("instance"),
    _text("message"),
    _text("proposal"),
    _text("sender"),
    Column("urgent", Boolean, nullable=False, server_default="0"),
    Column("done_at", Moment),
    _text("done_by"),
    _text("answer"),
)

reminder = Table(
    "reminder",
    metadata,
    _key("case_ref"),
    _key("deadline"),
    _key("occasion"),  # "2_days", "1_day", "due_day", "overdue/2026-05-12"
    Column("at", Moment, nullable=False),
    _text("state"),  # planned, queued, void
    SqlIndex("ix_reminder_state_at", "state", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("case_ref"),  # "" for the digest
    Column("purpose", String(255), nullable=False),
    _text("mailbox"),
    _text("instance"),
    _text("audience"),  # "external" or "staff"
    _text("letter"),
    _text("recipient"),
    _text("sender"),
    Column("acknowledges", Boolean, nullable=False, server_default="0"),
    Column("message_id", String(255), nullable=False, unique=True),
    _text("task"),  # the question that a reply to this letter answers
    Column("compressed", LargeBinary, nullable=False),  # the letter's bytes, fixed for ever; zlib
    _text("state"),  # queued, sending, drafted, sent, deferred, unknown, failed, bounced, withheld
    _text("answer"),
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
    _text("label"),  # what a person said it is
    _text("was"),  # what the classifier had thought
    _text("by"),
    Column("at", Moment, nullable=False),
)

counter = Table("counter", metadata, _key("name"), Column("last", Integer, nullable=False))

heartbeat = Table(
    "heartbeat",
    metadata,
    _key("job"),
    Column("last_good", Moment),
    Column("last_bad", Moment),
    _text("trouble"),
)

CASE_ROWS = {
    "parties": party,
    "stages": stage,
    "deadlines": deadline,
    "windows": window,
    "pauses": pause,
    "issues": issue,
    "proceedings": proceeding,
    "sums": money,
    "dates": known_date,
    "tasks": task,
}
"""The tables that mirror the row-valued fields of casework.case.Case, by field."""
