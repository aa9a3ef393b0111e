"""Which days are working days, as far as the calendar is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


class CalendarEnds(ValueError):  # noqa: N818 - a fact about the calendar
    """A date lies outside what the calendar knows; a person must refresh it rather than trust a guess."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday less `holidays` (date to name), known from `first` to `last` inclusive."""

    name: str
    holidays: Mapping[date, str]
    first: date
    last: date
    version: str = ""

    def is_working(self, day: date) -> bool:
        if not self.first <= day <= self.last:
            raise CalendarEnds(f"calendar {self.name} knows {self.first} to {self.last}, asked for {day}")
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; the day of receipt itself is day nought."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day
