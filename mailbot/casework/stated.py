"""The date by which a partner asks for an answer, found in the words of its message."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from mailbot.casework.basis import Basis
from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.conventions import Conventions
from mailbot.casework.periods import count
from mailbot.casework.procedure import Period, Unit
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
_NUMBERS = [
    "a",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})\b\.?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|af|ail|ydd|ed|eg|fed|ain)?\b"
_WITH_WEEKDAY = rf"(?:(?:dydd )?{_WEEKDAY},? (?:the )?)?"
_LEAD = (
    r"\b(?P<lead>by|(?:no|not) later than|on or before|before|due|deadline|(?:have|got|wait|hold it) until|erbyn)\b:?"
    r"(?: (?:is|on|by|at|the latest))*"
    r"(?: (?:the )?(?:(?:end|close)(?: of)?(?: the)?(?: day| play| business| working day)?|c\.?o\.?[bp]\.?|12 noon|noon"
    r"|midday|lunchtime|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?),?(?: of)?)*(?: on)?(?: the)? "
)
_LENGTH = (
    rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)}) "
    r"(?P<unit>(?:working |business )?day|(?:calendar |clear )day|week|fortnight|month)(?P<plural>s?)\b"
)
_LENGTHS = (
    rf"\b(?:within|inside|in the next|(?:no|not) later than)(?: the)?(?: next)? {_LENGTH}",
    rf"\b{_LENGTH} (?:from|of) (?:today|now|receipt|receiving|the date of)",
)
_UNITS = {
    "working day": (1, Unit.WORKING_DAYS),
    "business day": (1, Unit.WORKING_DAYS),
    "week": (7, Unit.DAYS),
    "fortnight": (14, Unit.DAYS),
    "month": (1, Unit.MONTHS),
}
_ENOUGH = 50_000  # characters of text that are read
_STALE = timedelta(days=31)  # a date longer past is part of the story, not a request


@dataclass(frozen=True)
class Stated:
    """A date found in a text, for a person to correct."""

    on: date
    words: str  # as they stand in the text
    doubt: str = ""  # what a person should look at


def stated_date(text: str, received: date, calendar: WorkingCalendar) -> Stated | None:
    """The earliest date asked for that is not before `received` (local), else the last one just before it.

    Dates without a year are those nearest to receipt; "within N working days" counts from receipt on `calendar`.
    None where no date is asked for. Raises CalendarEnds beyond the calendar.
    """
    day = received.date() if isinstance(received, datetime) else received
    flat = " ".join(text[:_ENOUGH].split())
    found = sorted([*_dates(flat, day), *_periods(flat, day, calendar)], key=lambda stated: stated.on)
    ahead = [stated for stated in found if stated.on >= day]
    if ahead:
        return ahead[0]
    recent = [stated for stated in found if stated.on >= day - _STALE]
    return replace(recent[-1], doubt=recent[-1].doubt or "this day was past on receipt") if recent else None


def _periods(text: str, received: date, calendar: WorkingCalendar) -> Iterator[Stated]:
    basis = Basis(calendar, UTC, Conventions())
    for match in (match for form in _LENGTHS for match in re.finditer(form, text, re.IGNORECASE)):
        number = match["number"].lower()
        amount = int(number) if number.isdigit() else _NUMBERS.index(number) or 1
        if amount < 1 or (amount > 1 and not match["plural"]):
            continue  # "inside the three month limit" tells of a rule, it asks for nothing
        times, unit = _UNITS.get(match["unit"].lower(), (1, Unit.DAYS))
        yield Stated(count(Period(amount * times, unit), received, basis).at.date(), match[0])


def _dates(text: str, received: date) -> Iterator[Stated]:
    position = 0
    while lead := _LEAD_PATTERN.search(text, position):
        position = lead.end()
        for pattern, read in _FORMS:
            match = pattern.match(text, lead.end())
            if match and (on := read(match, received)):
                position = match.end()
                yield _stated(on, lead, match)
                break


def _stated(on: date, lead: re.Match[str], match: re.Match[str]) -> Stated:
    weekday = match.groupdict().get("weekday")
    wrong = weekday and _index(_WEEKDAYS, weekday) != on.weekday()
    doubt = f"they write {weekday}, but this is {date_words(on)}" if wrong else ""
    before = timedelta(days=lead["lead"].lower() == "before")
    return Stated(on - before, (lead[0] + match[0]).rstrip(".,"), doubt)


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


_LEAD_PATTERN = _pattern(_LEAD)
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
