"""Dates, times, names and numbers as letters say them; every moment is shown in the zone it is handed."""

import re
from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from mailbot.casework.words import day_words

short_date = day_words  # "Tue 6 Jan", for staff

_LONGEST_NAME = 60  # characters; a longer "name" is no name
_WELSH_DAYS = ("Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul")
_WELSH_MONTHS = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
_NO_NAME = re.compile(r"[@<>{}\[\]|\\/]|www\.|https?:|\d{3,}", re.IGNORECASE)


def long_date(day: date) -> str:
    """ "Tuesday 6 January 2026": weekday first, no leading nought, no ordinal."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def welsh_date(day: date) -> str:
    """ "dydd Mawrth 6 Ionawr 2026"."""
    return f"dydd {_WELSH_DAYS[day.weekday()]} {day.day} {_WELSH_MONTHS[day.month - 1]} {day.year}"


def time_of_day(moment: datetime, zone: tzinfo) -> str:
    """ "5:30pm", "9am", "midday", "11:59pm"; seconds are left off and midnight is never named."""
    local = moment.astimezone(zone)
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def long_moment(moment: datetime, zone: tzinfo) -> str:
    """ "5:30pm on Tuesday 6 January 2026"."""
    return f"{time_of_day(moment, zone)} on {long_date(moment.astimezone(zone).date())}"


def short_moment(moment: datetime, zone: tzinfo) -> str:
    """ "Tue 6 Jan 5:30pm", for staff."""
    return f"{day_words(moment.astimezone(zone).date())} {time_of_day(moment, zone)}"


def salutation(name: str | None) -> str:
    """ "Dear Sam Okoro" with the name as given, "Hello" when there is none or it is an address, a link or a number."""
    given = " ".join((name or "").split()).strip("\"' ,")
    if not given or len(given) > _LONGEST_NAME or _NO_NAME.search(given) or not given.isprintable():
        return "Hello"
    return f"Dear {given}"


def joined(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))
