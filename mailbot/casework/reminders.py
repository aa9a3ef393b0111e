"""When people are reminded of a promise, so that it is kept."""

from datetime import date, datetime, time, timedelta, tzinfo

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.case import Deadline, Window

_BEFORE = time(9)
_ON_THE_DAY = time(8)
_WINDOW = (10, 3)  # working days before eight weeks end
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
    planned = _before(deadline.due, deadline.remind_before, calendar, zone)
    started = tuple((name, at) for name, at in planned if at >= deadline.started)
    if deadline.name == "personal_contact":  # our own wish: brought up in time, not held against anybody
        return tuple((f"contact_{name}", at) for name, at in started)
    return (*started, next_overdue(deadline.due, calendar, zone))


def window_occasions(
    window: Window, calendar: WorkingCalendar, zone: tzinfo
) -> tuple[tuple[str, datetime], ...]:
    """When people hear that a complainant may soon go outside without an answer of ours."""
    return _before(window.ends, _WINDOW, calendar, zone) if window.ends else ()


def _before(
    end: datetime, days_before: tuple[int, ...], calendar: WorkingCalendar, zone: tzinfo
) -> tuple[tuple[str, datetime], ...]:
    day = end.astimezone(zone).date()
    return tuple(
        (_name(days), _at(_working_days_before(calendar, day, days), days, zone))
        for days in sorted(days_before, reverse=True)
    )


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
