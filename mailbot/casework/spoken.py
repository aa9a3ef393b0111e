"""Dates as people say them: "Thursday 4 December", "4/12", "the 24th", "Friday", "the end of the month", also in Welsh."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from mailbot.casework.words import date_words

_MONTHS = (
    "jan(?:uary)?|ionawr",
    "feb(?:ruary)?|chwefror",
    "mar(?:ch)?|mawrth",
    "apr(?:il)?|ebrill",
    "may|mai",
    "june?|mehefin",
    "july?|gorffennaf",
    "aug(?:ust)?|awst",
    "sept?(?:ember)?|medi",
    "oct(?:ober)?|hydref",
    "nov(?:ember)?|tachwedd",
    "dec(?:ember)?|rhagfyr",
)
_WEEKDAYS = (
    "mon(?:day)?|llun",
    "tue(?:s|sday)?|mawrth",
    "wed(?:s|nesday)?|mercher",
    "thu(?:rs|rsday)?|iau",
    "fri(?:day)?|gwener",
    "sat(?:urday)?|sadwrn",
    "sun(?:day)?|sul",
)
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})\b\.?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|af|ail|ydd|ed|eg|fed|ain)?\b"
_WITH_WEEKDAY = rf"(?:(?:dydd )?{_WEEKDAY},? (?:the )?)?"


@dataclass(frozen=True)
class Spoken:
    """A date that was said, where the saying of it ends, and what does not fit."""

    on: date
    end: int
    doubt: str = ""


def read_date(text: str, position: int, received: date) -> Spoken | None:
    """The date that stands at `position`; what is left out (year, month) is filled in nearest to `received`."""
    for pattern, read in _FORMS:
        match = pattern.match(text, position)
        if match and (on := read(match, received)):
            return Spoken(on, match.end(), _misfit(match.groupdict().get("weekday"), on))
    return None


def _misfit(weekday: str | None, on: date) -> str:
    if weekday is None or _index(_WEEKDAYS, weekday) == on.weekday():
        return ""
    return f"they write {weekday}, but this is {date_words(on)}"


def _full(match: re.Match[str], received: date) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else _index(_MONTHS, month) + 1
    return _date(match["year"], number, int(match["day"]), received)


def _date(year: str | None, month: int, day: int, received: date) -> date | None:
    """The date, in the year nearest to receipt where none is given; the past counts as three times as far."""
    if year:
        years = [int(year) + (2000 if len(year) == 2 else 0)]
    else:
        years = [received.year + step for step in (-1, 0, 1)]
    possible = [found for one in years if (found := _valid(one, month, day))]
    return min(possible, key=lambda found: _distance(found - received), default=None)


def _distance(ahead: timedelta) -> timedelta:
    return ahead if ahead >= timedelta() else -3 * ahead


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_weekday(match: re.Match[str], received: date) -> date:
    ahead = (_index(_WEEKDAYS, match["weekday"]) - received.weekday()) % 7
    return received + timedelta(days=ahead or 7)


def _day_alone(match: re.Match[str], received: date) -> date | None:
    """Such as "the 24th": of this month or the next, or of the last where that is just past."""
    months = [(received.replace(day=1) + timedelta(days=31 * step)) for step in (0, 1)]
    months.append(received.replace(day=1) - timedelta(days=1))
    possible = [found for one in months if (found := _valid(one.year, one.month, int(match["day"])))]
    return min(possible, key=lambda found: _distance(found - received), default=None)


def _end_of_week(match: re.Match[str], received: date) -> date:
    """The Friday; on a weekend "the week" is the one that comes."""
    friday = received + timedelta(days=(4 - received.weekday()) % 7)
    return friday + timedelta(days=7) if match["next"] else friday


def _end_of_month(match: re.Match[str], received: date) -> date:
    first = (received.replace(day=1) + timedelta(days=62 if match["next"] else 31)).replace(day=1)
    return first - timedelta(days=1)


def _index(names: tuple[str, ...], word: str) -> int:
    return next(number for number, name in enumerate(names) if re.fullmatch(name, word, re.IGNORECASE))


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.IGNORECASE)


# The first form that fits is taken.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_pattern(rf"{_WITH_WEEKDAY}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)\b"), _full),
    (
        _pattern(
            rf"{_WITH_WEEKDAY}(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})(?:[/.-](?P<year>\d{{4}}|\d\d))?\b"
        ),
        _full,
    ),
    (_pattern(rf"{_WITH_WEEKDAY}{_DAY}(?: of| o)? {_MONTH},?(?: (?P<year>\d{{4}})\b)?"), _full),
    (_pattern(rf"{_WITH_WEEKDAY}{_MONTH} {_DAY},?(?: (?P<year>\d{{4}})\b)?"), _full),
    (_pattern(rf"(?:this |next |dydd )?{_WEEKDAY}"), _next_weekday),
    (_pattern(r"(?P<day>\d{1,2})(?:st|nd|rd|th)\b"), _day_alone),
    (_pattern(r"(?:this |(?P<next>next ))?week\b"), _end_of_week),
    (_pattern(r"(?:this |(?P<next>next ))?month\b"), _end_of_month),
    (_pattern(r"tomorrow\b"), lambda _, received: received + timedelta(days=1)),
    (_pattern(r"today\b"), lambda _, received: received),
)
