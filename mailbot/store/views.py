"""Questions over all cases: what timers, the board, the digest and monitors need to know."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from mailbot.store.case_tables import case, deadline, stage, task, window
from mailbot.store.database import put
from mailbot.store.tables import heartbeat, message, outbox


def deadlines_passed(connection: Connection, now: datetime) -> list[tuple[str, str, datetime]]:
    """(case, deadline, due) of promises that have passed unmet and are not yet known to be late."""
    query = select(deadline.c.case_ref, deadline.c.id, deadline.c.due).where(
        deadline.c.state == "running", deadline.c.due < now, deadline.c.late.is_(False)
    )
    return [tuple(row) for row in connection.execute(query.order_by(deadline.c.due, deadline.c.case_ref))]


def windows_ended(connection: Connection, now: datetime) -> list[tuple[str, str, datetime]]:
    """(case, window, end) of windows that have run out and are not yet known to be over."""
    query = select(window.c.case_ref, window.c.id, window.c.ends).where(
        window.c.ends < now, window.c.over.is_(False)
    )
    return [tuple(row) for row in connection.execute(query.order_by(window.c.ends, window.c.case_ref))]


def alarms(connection: Connection) -> list[tuple[str, str, datetime]]:
    """(case, task, opened) of safeguarding alarms that nobody has taken."""
    query = select(task.c.case_ref, task.c.id, task.c.opened).where(
        task.c.kind == "safeguarding", task.c.done_at.is_(None)
    )
    return [tuple(row) for row in connection.execute(query.order_by(task.c.opened))]


def running_deadlines(connection: Connection) -> list[Row[Any]]:
    """Every promise that runs, soonest first, with its stage instance."""
    query = (
        select(deadline, stage.c.stage, stage.c.state.label("stage_state"), case.c.procedure, case.c.mailbox)
        .join(stage, (stage.c.case_ref == deadline.c.case_ref) & (stage.c.id == deadline.c.instance))
        .join(case, case.c.ref == deadline.c.case_ref)
        .where(deadline.c.state == "running")
        .order_by(deadline.c.due, deadline.c.case_ref)
    )
    return list(connection.execute(query))


def counted_otherwise(connection: Connection, calendars: Collection[str]) -> list[str]:
    """Cases with an open date that was counted by none of `calendars` (name and version)."""
    other = deadline.c.calendar.not_in(calendars)
    query = select(deadline.c.case_ref).where(deadline.c.state == "running", other).distinct()
    return list(connection.scalars(query.order_by(deadline.c.case_ref)))


def open_tasks(connection: Connection) -> list[Row[Any]]:
    query = select(task).where(task.c.done_at.is_(None)).order_by(task.c.urgent.desc(), task.c.opened)
    return list(connection.execute(query))


def opened_since(connection: Connection, since: datetime) -> list[Row[Any]]:
    """Stage instances received since, with their case."""
    query = (
        select(stage, case.c.procedure, case.c.mailbox)
        .join(case, case.c.ref == stage.c.case_ref)
        .where(stage.c.received >= since)
        .order_by(stage.c.received, stage.c.case_ref)
    )
    return list(connection.execute(query))


def kept_promises(
    connection: Connection, name: str, since: datetime, until: datetime
) -> tuple[int, int, int]:
    """(kept by the first date, kept by the revised date, all) of promises `name` that were met or passed since."""
    query = select(deadline).where(
        deadline.c.name == name,
        deadline.c.due >= since,
        deadline.c.due < until,
        deadline.c.state != "stopped",
    )
    rows = [row for row in connection.execute(query) if row.met_at or row.due < until]
    first = sum(row.met_at is not None and row.met_at <= row.original_due for row in rows)
    revised = sum(row.met_at is not None and row.met_at <= row.due for row in rows)
    return first, revised, len(rows)


def board(connection: Connection) -> list[Mapping[str, Any]]:
    """Every case with its next date and its latest stage, for `mailbot cases`."""
    latest: dict[str, Any] = {}
    for row in connection.execute(select(stage).order_by(stage.c.received, stage.c.id)):
        latest[row.case_ref] = row
    due: dict[str, datetime] = {}
    for promise in running_deadlines(connection):
        due.setdefault(promise.case_ref, promise.due)
    waiting = {
        row.case_ref: row.number
        for row in connection.execute(
            select(task.c.case_ref, func.count().label("number"))
            .where(task.c.done_at.is_(None))
            .group_by(task.c.case_ref)
        )
    }
    rows = connection.execute(select(case).order_by(case.c.received, case.c.ref)).mappings()
    return [
        {
            "ref": row["ref"],
            "procedure": row["procedure"],
            "state": row["state"],
            "received": row["received"],
            "stage": latest[row["ref"]].stage if row["ref"] in latest else "",
            "stage_state": latest[row["ref"]].state if row["ref"] in latest else "",
            "next_due": due.get(row["ref"]),
            "questions": waiting.get(row["ref"], 0),
        }
        for row in rows
    ]


def beat(connection: Connection, job: str, now: datetime, trouble: str = "") -> None:
    """Note that a job ran well, or what stopped it."""
    known = connection.execute(select(heartbeat).where(heartbeat.c.job == job)).mappings().first()
    row = dict(known) if known else {"job": job, "last_good": None, "last_bad": None, "trouble": ""}
    row |= {"last_bad": now, "trouble": trouble} if trouble else {"last_good": now, "trouble": ""}
    put(connection, heartbeat, [row])


def beats(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(select(heartbeat).order_by(heartbeat.c.job)))


def last_digest_before(connection: Connection, now: datetime) -> datetime | None:
    query = select(func.max(outbox.c.created)).where(outbox.c.letter == "digest", outbox.c.created < now)
    found: datetime | None = connection.scalar(query)
    return found


def oldest_unread(connection: Connection) -> datetime | None:
    """When the oldest message came that nothing has looked into yet."""
    query = select(func.min(message.c.received)).where(message.c.state == "stored")
    found: datetime | None = connection.scalar(query)
    return found


def unsure(connection: Connection, since: datetime, until: datetime) -> tuple[int, int]:
    """(how many messages the classifier was unsure of, how many it read) among those received in a time."""
    query = select(message.c.verdict).where(
        message.c.label != "", message.c.received >= since, message.c.received < until
    )
    verdicts = [verdict for verdict in connection.scalars(query) if verdict]
    return sum(bool(verdict.get("abstained")) for verdict in verdicts), len(verdicts)


def mailboxes_with_open_cases(connection: Connection) -> set[str]:
    return set(connection.scalars(select(case.c.mailbox).where(case.c.state == "open").distinct()))
