"""Reminders as rows: what is to be said when, and whether it has been."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from mailbot.store.case_tables import reminder
from mailbot.store.database import Row, put_new, rows

PLANNED, QUEUED, VOID = "planned", "queued", "void"


def plan(connection: Connection, ref: str, deadline: str, occasions: Iterable[tuple[str, datetime]]) -> None:
    """The reminders of a deadline from now on; those said already stay as they are."""
    connection.execute(
        delete(reminder).where(
            reminder.c.case_ref == ref, reminder.c.deadline == deadline, reminder.c.state == PLANNED
        )
    )
    for occasion, at in occasions:
        row = {"case_ref": ref, "deadline": deadline, "occasion": occasion, "at": at, "state": PLANNED}
        put_new(connection, reminder, row)


def due(connection: Connection, now: datetime) -> list[Row]:
    """Planned reminders whose time has come, by case and deadline, oldest first."""
    query = select(reminder).where(reminder.c.state == PLANNED, reminder.c.at <= now)
    order = (reminder.c.case_ref, reminder.c.deadline, reminder.c.at)
    return rows(connection, query.order_by(*order))


def settle(connection: Connection, row: Row, state: str) -> None:
    connection.execute(
        update(reminder)
        .where(
            reminder.c.case_ref == row["case_ref"],
            reminder.c.deadline == row["deadline"],
            reminder.c.occasion == row["occasion"],
        )
        .values(state=state)
    )


def of_case(connection: Connection, ref: str) -> list[Row]:
    query = select(reminder).where(reminder.c.case_ref == ref).order_by(reminder.c.at)
    return rows(connection, query)
