"""Dates, times and counts in words, the way letters and notices say them."""

from datetime import date, datetime


def day_words(day: date) -> str:
    """Such as "Fri 1 May"."""
    return f"{day:%a} {day.day} {day:%b}"


def date_words(day: date) -> str:
    """Such as "Fri 1 May 2026"."""
    return f"{day_words(day)} {day.year}"


def time_words(moment: datetime) -> str:
    """Such as "5:40pm"; seconds are left out, and 0:30 is "12:30am"."""
    return f"{moment.hour % 12 or 12}:{moment:%M}{'am' if moment.hour < 12 else 'pm'}"


def moment_words(moment: date) -> str:
    """A date and time such as "Fri 1 May 2026 5:40pm"; a plain date is said without a time."""
    if isinstance(moment, datetime):
        return f"{date_words(moment)} {time_words(moment)}"
    return date_words(moment)


def plural(amount: int, one: str) -> str:
    """Such as "1 month", "6 months"."""
    return f"{amount} {one}{'' if amount == 1 else 's'}"
