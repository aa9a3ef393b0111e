"""Which days are working days, as far as the calendar is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from mailbot.errors import RuleError

_DAY = timedelta(days=1)


class CalendarEnds(RuleError):  # noqa: N818 - a fact about the calendar
    """A date lies outside what the calendar knows; a person must refresh it rather than trust a guess."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday less `holidays` and `closures` (date to name), known from `first` to `last` inclusive."""

    name: str
    holidays: Mapping[date, str]
    first: date
    last: date
    version: str = ""
    closures: Mapping[date, str] = field(default_factory=dict)  # our own, such as the days after Christmas

    @property
    def known_as(self) -> str:
        """Name and version, such as "england-and-wales 2026-11"."""
        return f"{self.name} {self.version}".strip()

    def day_off(self, day: date) -> str:
        """Why `day` is not counted: "weekend", a bank holiday or a closure by name; empty for a working day."""
        if not self.first <= day <= self.last:
            raise CalendarEnds(
                f"calendar {self.name} knows bank holidays from {self.first} to {self.last}, asked for {day}",
                f"compare {day.year} with the published bank holidays, then widen calendars/{self.name}.toml",
            )
        if day.weekday() >= 5:
            return "weekend"
        if name := self.holidays.get(day):
            return f"bank holiday ({name})"
        return f"closed ({self.closures[day]})" if day in self.closures else ""

    def is_working(self, day: date) -> bool:
        return not self.day_off(day)

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; the day of receipt itself is day nought."""
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_working(day)
        return day

    def working_day_from(self, day: date) -> date:
        """`day` itself where it is a working day, else the next one."""
        while not self.is_working(day):
            day += _DAY
        return day
