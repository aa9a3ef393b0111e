"""The date by which a partner asks for an answer, found in the words of its message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from mailbot.casework.basis import Basis
from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.conventions import Conventions
from mailbot.casework.periods import count
from mailbot.casework.procedure import Period, Unit
from mailbot.casework.spoken import read_date

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
_LEAD = re.compile(
    r"\b(?P<lead>by|(?:no|not) later than|on or before|before|due|deadline|(?:have|got|wait|hold it) until|erbyn)\b:?"
    r"(?: (?:is|on|by|at|the latest))*"
    r"(?: (?:the )?(?:(?:end|close)(?: of)?(?: the)?(?: day| play| business| working day)?|c\.?o\.?[bp]\.?|12 noon|noon"
    r"|midday|lunchtime|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?),?(?: of)?)*(?: on)?(?: the)? ",
    re.IGNORECASE,
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
_LONGEST = 60  # days, weeks or months: nobody waits longer for an answer
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
        if not 1 <= amount <= _LONGEST or (amount > 1 and not match["plural"]):
            continue  # "inside the three month limit" tells of a rule, it asks for nothing
        times, unit = _UNITS.get(match["unit"].lower(), (1, Unit.DAYS))
        yield Stated(count(Period(amount * times, unit), received, basis).at.date(), match[0])


def _dates(text: str, received: date) -> Iterator[Stated]:
    position = 0
    while lead := _LEAD.search(text, position):
        position = lead.end()
        if spoken := read_date(text, position, received):
            position = spoken.end
            before = timedelta(days=lead["lead"].lower() == "before")
            words = text[lead.start() : position].rstrip(".,")
            yield Stated(spoken.on - before, words, spoken.doubt)
