"""Dates, times, names and numbers as letters say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot.letters import words

LONDON = ZoneInfo("Europe/London")


def test_dates_open_with_the_weekday_and_have_no_leading_nought():
    assert words.long_date(date(2026, 1, 6)) == "Tuesday 6 January 2026"
    assert words.short_date(date(2026, 1, 6)) == "Tue 6 Jan"
    assert words.welsh_date(date(2026, 1, 6)) == "dydd Mawrth 6 Ionawr 2026"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 1, 6, 17, 30, tzinfo=UTC), "5:30pm"),
        (datetime(2026, 1, 6, 9, 0, tzinfo=UTC), "9am"),
        (datetime(2026, 1, 6, 12, 0, tzinfo=UTC), "midday"),
        (datetime(2026, 1, 6, 12, 5, tzinfo=UTC), "12:05pm"),
        (datetime(2026, 1, 6, 0, 5, tzinfo=UTC), "12:05am"),
        (datetime(2026, 1, 6, 23, 59, 59, tzinfo=UTC), "11:59pm"),
        (datetime(2026, 7, 6, 22, 59, 59, tzinfo=UTC), "11:59pm"),  # British Summer Time
    ],
)
def test_times_are_of_the_zone_and_never_midnight(moment, said):
    assert words.time_of_day(moment, LONDON) == said


def test_a_moment_near_the_day_s_end_has_the_date_of_the_zone():
    moment = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    assert words.long_moment(moment, LONDON) == "12:30am on Tuesday 7 July 2026"
    assert words.short_moment(moment, LONDON) == "Tue 7 Jul 12:30am"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sam Okoro", "Dear Sam Okoro"),
        ("  'Sam   Okoro' ", "Dear Sam Okoro"),
        ("Siân O'Neil-Price", "Dear Siân O'Neil-Price"),
        ("Dr Ama Mensah", "Dear Dr Ama Mensah"),  # as given
        ("", "Hello"),
        (None, "Hello"),
        ("sam@mail.example", "Hello"),
        ("Visit www.prizes.example now", "Hello"),
        ("07700900123", "Hello"),
        ("x" * 10_000, "Hello"),
        ("Sam\u202eevil", "Hello"),
    ],
)
def test_the_salutation_is_the_name_as_given_or_hello(name, said):
    assert words.salutation(name) == said


def test_lists():
    assert words.joined([]) == ""
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
