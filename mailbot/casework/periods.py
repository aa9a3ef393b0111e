"""Counting one period from a moment: where it ends, and the count in words."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from mailbot.casework.basis import Basis, Counted
from mailbot.casework.conventions import Hours, Months, Roll
from mailbot.casework.procedure import Period, Unit
from mailbot.casework.words import date_words, moment_words, plural
from mailbot.casework.workdays import in_words, walk

_DAY = timedelta(days=1)


def count(period: Period, starts: date, basis: Basis) -> Counted:
    """The end of `period` after `starts`; hours need an aware datetime, other units take a date as well."""
    return _COUNTERS[period.unit](period.amount, basis.local(starts), basis)


def _hours(amount: int, starts: date, basis: Basis) -> Counted:
    if not isinstance(starts, datetime):
        raise TypeError("hours are counted from a time, not from a date")
    return _HOURS[basis.convention.hours](amount, starts, basis)


def _elapsed(amount: int, starts: datetime, basis: Basis) -> Counted:
    end = starts.astimezone(UTC) + timedelta(hours=amount)
    at = end
    for pause in basis.pauses:
        if pause.started < at:
            at += pause.length
    stood, at = at - end, at.astimezone(basis.zone)
    changed = at.utcoffset() != starts.utcoffset()
    words = (
        f"{basis.begun} {moment_words(starts)}{_zone_name(starts, changed)}; {plural(amount, 'hour')} later"
    )
    if stood:
        words += f", and the {stood.total_seconds() / 3600:.0f} hours that the clock stood still,"
    words += f" is {moment_words(at)}{_zone_name(at, changed)}"
    return Counted(at, words + ("; the clocks change in between" if changed else ""))


def _same_wall_clock(amount: int, starts: datetime, basis: Basis) -> Counted:
    # Through UTC and back, so that a time which the clock change skips becomes one that exists.
    at = (starts + timedelta(hours=amount)).astimezone(UTC).astimezone(basis.zone)
    return Counted(
        at, f"{basis.begun} {moment_words(starts)}; the same time by the clock is {moment_words(at)}"
    )


def _end_of_next_working_day(_amount: int, starts: datetime, basis: Basis) -> Counted:
    return _working_days(1, starts, basis)


def _working_days(amount: int, starts: date, basis: Basis) -> Counted:
    nought = _day_nought(starts, basis)
    words = f"{basis.begun} {moment_words(starts)}"
    if nought != basis.day_of(starts):
        words += f", counts as {date_words(nought)}"
    first = nought - _DAY if basis.convention.receipt_day_counts else nought
    steps = list(walk(first, amount, basis))
    return Counted(basis.end_of(steps[-1].day), f"{words}; {in_words(steps)}")


def _days(amount: int, starts: date, basis: Basis) -> Counted:
    return _from_day(starts, plural(amount, "day"), lambda day: day + timedelta(days=amount), basis)


def _months(amount: int, starts: date, basis: Basis) -> Counted:
    later = _MONTHS[basis.convention.months]
    return _from_day(starts, plural(amount, "month"), lambda day: later(day, amount), basis)


def _from_day(starts: date, period: str, later: Callable[[date], date], basis: Basis) -> Counted:
    """Calendar days and months: the last day is inclusive and, unless the convention says so, not rolled."""
    end = later(basis.day_of(starts))
    words = f"{basis.begun} {moment_words(starts)}; {period} later is {date_words(end)}"
    unpaused = end
    for pause in basis.pauses:
        if basis.day_of(pause.started) <= end:
            end += basis.day_of(pause.ended) - basis.day_of(pause.started)
    if stood := (end - unpaused).days:
        words += f"; the clock stood still for {plural(stood, 'day')}, which gives {date_words(end)}"
    if basis.convention.roll is Roll.NEXT_WORKING_DAY and (off := basis.calendar.day_off(end)):
        end = basis.calendar.working_day_from(end)
        words += f", {off}, so the next working day, {date_words(end)}"
    return Counted(basis.end_of(end), words)


def _corresponding(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _sticky(day: date, months: int) -> date:
    end = _corresponding(day, months)
    if (day + _DAY).month == day.month:
        return end
    return end.replace(day=monthrange(end.year, end.month)[1])


def _thirty_days(day: date, months: int) -> date:
    return day + timedelta(days=30 * months)


def _day_nought(starts: date, basis: Basis) -> date:
    """The day of receipt, or the working day that receipt counts as."""
    day, convention = basis.day_of(starts), basis.convention
    if convention.deemed_receipt or convention.cutoff:
        late = convention.cutoff and isinstance(starts, datetime) and starts.time() > convention.cutoff
        if late and basis.calendar.is_working(day):
            return basis.calendar.add_working_days(day, 1)
        return basis.calendar.working_day_from(day)
    return day


def _zone_name(moment: datetime, wanted: bool) -> str:
    return f" {moment.tzname()}" if wanted else ""


_HOURS: dict[Hours, Callable[[int, datetime, Basis], Counted]] = {
    Hours.ELAPSED: _elapsed,
    Hours.SAME_WALL_CLOCK: _same_wall_clock,
    Hours.END_OF_NEXT_WORKING_DAY: _end_of_next_working_day,
}
_MONTHS: dict[Months, Callable[[date, int], date]] = {
    Months.CORRESPONDING: _corresponding,
    Months.END_OF_MONTH_STICKY: _sticky,
    Months.THIRTY_DAYS: _thirty_days,
}
_COUNTERS: dict[Unit, Callable[[int, date, Basis], Counted]] = {
    Unit.HOURS: _hours,
    Unit.WORKING_DAYS: _working_days,
    Unit.DAYS: _days,
    Unit.MONTHS: _months,
}
