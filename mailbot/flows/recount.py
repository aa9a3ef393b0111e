"""After a calendar has changed: the open dates that stand on it are counted again, each change on its case's record."""

from datetime import datetime

import structlog

from mailbot.casework.told import Recounted
from mailbot.flows import casebook
from mailbot.flows.parts import Parts, Work
from mailbot.store import views

_log = structlog.get_logger()


def recount(parts: Parts, now: datetime) -> int:
    """How many cases were counted again; a second run finds none. Dates that were met stay as they are."""
    counted = 0
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        for ref in views.cases_with_open_dates(connection):
            before = casebook.load(work, ref)
            rules = parts.rules_of(before)
            frozen = rules.procedure.settings["proclaimed_holiday"] == "freeze"
            if frozen or all(row.calendar in ("", rules.counted_by) for row in before.running):
                continue
            after = casebook.record(work, before, Recounted(rules.counted_by, now), "timer")
            counted += 1
            for row in before.running:
                now_due = after.deadline(row.id)
                if now_due is not None and now_due.due != row.due:
                    _log.info("date moved", case=ref, deadline=row.id, was=row.due, now=now_due.due)
    return counted
