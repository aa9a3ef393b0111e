"""What a count stands on: calendar, zone, way of counting, and the times in which the clock stood still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.conventions import Conventions

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stop:
    """A time, now over, in which a clock stood still."""

    started: datetime
    ended: datetime

    @property
    def length(self) -> timedelta:
        # In UTC: two times of one zone are otherwise subtracted by the face of the clock.
        return self.ended.astimezone(UTC) - self.started.astimezone(UTC)


@dataclass(frozen=True)
class Basis:
    """What a count stands on; `pauses` are in order and apart, `begun` names the first moment ("received")."""

    calendar: WorkingCalendar
    zone: tzinfo
    convention: Conventions
    begun: str = "received"
    pauses: tuple[Stop, ...] = ()

    def local(self, moment: date) -> date:
        """A moment in local time; a plain date stays what it is."""
        return moment.astimezone(self.zone) if isinstance(moment, datetime) else moment

    def day_of(self, moment: date) -> date:
        """The local day of a moment."""
        local = self.local(moment)
        return local.date() if isinstance(local, datetime) else local

    def paused_days(self) -> set[date]:
        """The day of asking is the last that counts, and the day of the answer is day nought again."""
        return {
            day
            for pause in self.pauses
            for day in _days_after(self.day_of(pause.started), self.day_of(pause.ended))
        }

    def end_of(self, day: date) -> datetime:
        """The last moment of a day; a moment that already has a time keeps it."""
        if isinstance(day, datetime):
            return day
        return datetime.combine(day, self.convention.due_time, self.zone)


@dataclass(frozen=True)
class Counted:
    """Where a period ends (aware, local offset) and how that was counted."""

    at: datetime
    words: str


def _days_after(first: date, last: date) -> Iterator[date]:
    day = first
    while day < last:
        day += _DAY
        yield day
