"""The tables of cases: events, and rows that mirror the dataclasses of casework and are rebuilt from the events at will."""

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table
from sqlalchemy import Index as SqlIndex

from mailbot.store.tables import Moment, key, metadata, text

case = Table(
    "complaint_case",
    metadata,
    key("ref"),
    text("procedure"),
    text("version"),
    text("mailbox"),
    Column("received", Moment, nullable=False),
    text("state", index=True),
    text("refers_to"),
    text("merged_into"),
    text("split_from"),
    text("calendar"),
    Column("flags", JSON),
    Column("events", Integer, nullable=False),
    text("head"),  # hash of the last event
)

event = Table(
    "event",
    metadata,
    key("case_ref"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("kind"),
    Column("recorded", Moment, nullable=False),
    text("cause"),
    text("body"),  # canonical JSON
    text("previous"),
    text("hash"),
)

party = Table(
    "party",
    metadata,
    key("case_ref"),
    key("id"),
    text("role"),
    text("name"),
    text("authority"),
    Column("nominated", Boolean, nullable=False, server_default="0"),
    Column("left", Moment),
)

stage = Table(
    "stage",
    metadata,
    key("case_ref"),
    key("id"),
    text("stage"),
    text("state"),
    Column("received", Moment, nullable=False),
    text("message"),
    text("sender"),
    text("request"),
    Column("responded", Moment),
    Column("answerable", Boolean, nullable=False, server_default="1"),
    text("reason"),
    Column("stated", String(10)),  # ISO date
    Column("holdings", Integer, nullable=False, server_default="0"),
)

deadline = Table(
    "deadline",
    metadata,
    key("case_ref"),
    key("id"),
    text("instance"),
    text("name"),
    text("kind"),
    text("state"),
    Column("started", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("original_due", Moment, nullable=False),
    text("source"),
    text("count"),
    Column("target", Moment),
    Column("met_at", Moment),
    text("met_by"),
    Column("late", Boolean, nullable=False, server_default="0"),
    Column("remind_before", JSON),
    Column("gross_due", Moment),
    text("calendar"),
    SqlIndex("ix_deadline_state_due", "state", "due"),
)

window = Table(
    "window",
    metadata,
    key("case_ref"),
    key("id"),
    text("instance"),
    text("to"),
    Column("opens", Moment, nullable=False),
    Column("ends", Moment),
    text("kind"),
    text("source"),
    text("count"),
    Column("over", Boolean, nullable=False, server_default="0"),
    text("stopped_by"),
)

pause = Table(
    "pause",
    metadata,
    key("case_ref"),
    key("id"),
    text("instance"),
    text("state"),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
)

issue = Table(
    "issue",
    metadata,
    key("case_ref"),
    key("id"),
    text("point"),
    Column("opened", Moment, nullable=False),
    text("outcome"),
    Column("decided", Moment),
    text("answered_by"),
)

proceeding = Table(
    "proceeding",
    metadata,
    key("case_ref"),
    key("id"),
    text("step"),
    Column("since", Moment, nullable=False),
    text("outcome"),
)

money = Table(
    "money",
    metadata,
    key("case_ref"),
    key("id"),
    Column("pounds", Integer, nullable=False),
    Column("recorded", Moment, nullable=False),
    text("recorded_by"),
    text("reason"),
)

known_date = Table("known_date", metadata, key("case_ref"), key("id"), Column("at", Moment, nullable=False))

task = Table(
    "task",
    metadata,
    key("case_ref"),
    key("id"),
    text("kind"),
    Column("opened", Moment, nullable=False),
    text("reason"),
    text("instance"),
    text("message"),
    text("proposal"),
    text("sender"),
    Column("urgent", Boolean, nullable=False, server_default="0"),
    Column("done_at", Moment),
    text("done_by"),
    text("answer"),
)

reminder = Table(
    "reminder",
    metadata,
    key("case_ref"),
    key("deadline"),
    key("occasion"),  # "2_days", "1_day", "due_day", "overdue/2026-05-12"
    Column("at", Moment, nullable=False),
    text("state"),  # planned, queued, void
    SqlIndex("ix_reminder_state_at", "state", "at"),
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
