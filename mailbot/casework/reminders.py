"""When people are reminded of a promise, so that it is kept."""

from datetime import date, datetime, time, timedelta, tzinfo

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.case import Deadline

_BEFORE = time(9)
_ON_THE_DAY = time(8)
_ACKNOWLEDGEMENT = (("4_hours", timedelta(hours=4)), ("breach", timedelta(0)))


def occasions(
    deadline: Deadline, calendar: WorkingCalendar, zone: tzinfo
) -> tuple[tuple[str, datetime], ...]:
    """The reminders of a deadline from its start on, oldest first, the first day of being overdue included.

    An acknowledgement is short: people hear four hours before and when it breaks, at any hour. Everything else is
    brought up on working days: 9am some days before, 8am on the due day and after it.
    """
    if deadline.name == "acknowledge":
        return tuple((name, deadline.due - before) for name, before in _ACKNOWLEDGEMENT)
    due_day = deadline.due.astimezone(zone).date()
    planned = [
        (_name(days), _at(_working_days_before(calendar, due_day, days), days, zone))
        for days in sorted(deadline.remind_before, reverse=True)
    ]
    started = [(name, at) for name, at in planned if at >= deadline.started]
    return (*started, next_overdue(deadline.due, calendar, zone))


def next_overdue(after: datetime, calendar: WorkingCalendar, zone: tzinfo) -> tuple[str, datetime]:
    """The reminder at 8am on the first working day after the local day of `after`."""
    day = calendar.add_working_days(after.astimezone(zone).date(), 1)
    return f"overdue/{day}", datetime.combine(day, _ON_THE_DAY, zone)


def _name(days: int) -> str:
    return "due_day" if days == 0 else f"{days}_day" + ("s" if days > 1 else "")


def _at(day: date, days: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, _BEFORE if days else _ON_THE_DAY, zone)


def _working_days_before(calendar: WorkingCalendar, day: date, days: int) -> date:
    """The working day on which `days` working days are left; a due day that is not one counts from the one before."""
    while days or not calendar.is_working(day):
        counted = calendar.is_working(day)
        day -= timedelta(days=1)
        days -= counted and days > 0
    return day


def working_days_late(due: datetime, now: datetime, calendar: WorkingCalendar, zone: tzinfo) -> int:
    """How many working days have begun since the due day."""
    day, today = due.astimezone(zone).date(), now.astimezone(zone).date()
    late = 0
    while day < today:
        day += timedelta(days=1)
        late += calendar.is_working(day)
    return late
