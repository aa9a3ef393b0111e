"""Procedures and calendars, read once at start-up and handed out by name."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.procedure import Procedure
from mailbot.procedures.calendars import calendar, calendar_names
from mailbot.procedures.history import load_all


class Rulebook:
    """All procedures of some folders, later laid over earlier. Raises RuleError when a file has a fault."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._histories = load_all(folders)
        self._calendars = {name: calendar(folders, name) for name in calendar_names(folders)}

    def names(self) -> list[str]:
        return sorted(self._histories)

    def on(self, id: str, day: date) -> Procedure:
        return self._histories[id].on(day)

    def version(self, id: str, name: str) -> Procedure:
        return self._histories[id].version(name)

    def calendar(self, name: str) -> WorkingCalendar:
        return self._calendars[name]

    def calendar_names(self) -> list[str]:
        return sorted(self._calendars)

    def calendar_versions(self) -> list[str]:
        """Every calendar by name and version, as it is noted beside the dates that were counted by it."""
        return [calendar.known_as for calendar in self._calendars.values()]

    def prefixes(self) -> Iterable[str]:
        """The letters with which case references begin."""
        return {
            version.reference_prefix for history in self._histories.values() for version in history.versions
        }
