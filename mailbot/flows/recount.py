"""After a calendar has changed: the open dates that stand on it are counted again, each change on its case's record."""

from datetime import datetime

import structlog

from mailbot.casework.case import Case
from mailbot.casework.told import CalendarChosen, Recounted
from mailbot.flows import casebook
from mailbot.flows.parts import Parts, Work
from mailbot.store import views

_log = structlog.get_logger()


def recount(parts: Parts, now: datetime) -> int:
    """How many cases were counted again; a second run finds none. Dates that were met stay as they are."""
    counted = 0
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        for ref in views.counted_otherwise(connection, parts.procedures.calendar_versions()):
            before = casebook.load(work, ref)
            rules = parts.rules_of(before)
            if rules.procedure.settings["proclaimed_holiday"] == "freeze":
                continue
            after = casebook.record(work, before, Recounted(rules.counted_by, now), "timer")
            _log_moves(before, after)
            counted += 1
    return counted


def by_calendar(work: Work, case: Case, name: str, at: datetime, by: str, cause: str) -> None:
    """A person has chosen the calendar of a case: its open dates are counted again by it."""
    chosen = casebook.record(work, case, CalendarChosen(name, at, by), cause)
    again = Recounted(work.parts.rules_of(chosen).counted_by, at)
    _log_moves(chosen, casebook.record(work, chosen, again, cause))


def _log_moves(before: Case, after: Case) -> None:
    for row in before.running:
        moved = after.deadline(row.id)
        if moved is not None and moved.due != row.due:
            _log.info("date moved", case=after.ref, deadline=row.id, was=row.due, now=moved.due)
