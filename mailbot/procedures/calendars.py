"""Working calendars from the `holidays` package, corrected by the overlays in `rules/calendars/`."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import holidays
from pydantic import Field, StringConstraints

from mailbot.casework.calendar import WorkingCalendar
from mailbot.errors import RuleError
from mailbot.procedures import reading
from mailbot.procedures.history import Folders, as_folders
from mailbot.procedures.table import Table

Text = Annotated[str, StringConstraints(min_length=1)]


class DayTable(Table):
    day: date
    name: Text
    source: Text


class CalendarFile(Table):
    """A file of `rules/calendars/`."""

    version: Text
    source: Text
    country: Text  # as the holidays package names it
    subdivisions: tuple[Text, ...]  # a holiday of any of them is a holiday here
    first_year: int
    last_year: int  # the last year that a person has compared with the published list
    names: dict[str, str] = Field(default_factory=dict)  # the package's names to the published ones
    added: tuple[DayTable, ...] = ()
    removed: tuple[DayTable, ...] = ()
    closure: tuple[DayTable, ...] = ()


def calendar(folders: Folders, name: str, closures: Iterable[date] = ()) -> WorkingCalendar:
    """The calendar `name`; `closures` are further days on which this organisation does not work.

    Raises RuleError when there is none, FaultyFile when its file has a fault.
    """
    folders = as_folders(folders)
    path = reading.find(folders, "calendars", name)
    if path is None:
        raise RuleError(
            f"there is no calendar {name!r}", f"There are: {', '.join(calendar_names(folders)) or 'none'}"
        )
    file = reading.read(path, CalendarFile)
    closed = {day.day: day.name for day in file.closure}
    return WorkingCalendar(
        name=name,
        holidays=_holidays(file),
        first=date(file.first_year, 1, 1),
        last=date(file.last_year, 12, 31),
        version=file.version,
        closures=closed | {day: "our own closure" for day in closures if day not in closed},
    )


def calendar_names(folders: Folders) -> list[str]:
    return reading.names(as_folders(folders), "calendars")


def _holidays(file: CalendarFile) -> dict[date, str]:
    """The package's days under their published names, less those removed, with those added."""
    years = range(file.first_year, file.last_year + 1)
    found: dict[date, str] = {}
    for subdivision in file.subdivisions:
        known = holidays.country_holidays(file.country, subdiv=subdivision, years=years, language="en_GB")
        found |= {day: _published(name, file) for day, name in known.items()}
    for removed in file.removed:
        found.pop(removed.day, None)
    return found | {added.day: added.name for added in file.added}


def _published(name: str, file: CalendarFile) -> str:
    plain = name.removesuffix(" (observed)")
    known = file.names.get(plain, plain)
    return f"{known}, substitute day" if plain != name else known
