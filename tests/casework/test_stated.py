"""The date by which a partner asks for an answer, as people write it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.stated import Stated, stated_date

CALENDAR = WorkingCalendar(
    "test", {date(2026, 12, 25): "Christmas Day"}, date(2025, 1, 1), date(2027, 12, 31)
)
FRIDAY = date(2026, 11, 20)

FOUND = [
    ("by Friday 27 November", date(2026, 11, 27)),
    ("by close of play on 4/12/2026", date(2026, 12, 4)),
    ("no later than 5 December", date(2026, 12, 5)),
    ("not later than the 5th of December, 2026", date(2026, 12, 5)),
    ("on or before 1 January", date(2027, 1, 1)),
    ("by 2026-12-03", date(2026, 12, 3)),
    ("by 03.12.26", date(2026, 12, 3)),
    ("Provider input due: 10/12", date(2026, 12, 10)),
    ("by December 4th, 2026", date(2026, 12, 4)),
    ("by 5pm on Thursday 26 November 2026", date(2026, 11, 26)),
    ("by 12 noon on Mon 23 Nov", date(2026, 11, 23)),
    ("by the close of business on Monday, 7th December", date(2026, 12, 7)),
    ("by COP Tuesday", date(2026, 11, 24)),
    ("by Friday", date(2026, 11, 27)),  # today is a Friday: the next one
    ("by next Wednesday", date(2026, 11, 25)),
    ("before Wednesday", date(2026, 11, 24)),  # the day before is the last
    ("by the 24th", date(2026, 11, 24)),
    ("by the 3rd", date(2026, 12, 3)),
    ("by tomorrow", date(2026, 11, 21)),
    ("by lunchtime today", date(2026, 11, 20)),
    ("by the end of this week", date(2026, 11, 20)),
    ("by the end of next week", date(2026, 11, 27)),
    ("by the end of the month", date(2026, 11, 30)),
    ("You have until Friday 4 December", date(2026, 12, 4)),
    ("within 3 working days", date(2026, 11, 25)),
    ("within five business days of receipt", date(2026, 11, 27)),
    ("in the next ten working days", date(2026, 12, 4)),
    ("within 30 calendar days", date(2026, 12, 20)),
    ("within a week", date(2026, 11, 27)),
    ("within the fortnight? No: within a fortnight", date(2026, 12, 4)),
    ("not later than 15 working days from receipt", date(2026, 12, 11)),
    ("Five working days from today, please", date(2026, 11, 27)),
    ("within one month", date(2026, 12, 20)),
    ("erbyn dydd Iau 3 Rhagfyr", date(2026, 12, 3)),
    ("Please reply\nby Thursday\n 26 November", date(2026, 11, 26)),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_date_is_found_however_it_is_written(text, expected):
    found = stated_date(f"Dear colleague, {text}. Regards, A. Sample", FRIDAY, CALENDAR)
    assert found is not None
    assert (found.on, found.doubt) == (expected, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We met on 27 November.",
        "Please reply by return of post.",
        "I am away until Friday.",
        "He came to us inside the three month limit.",
        "He was told by 12 people.",
        "by 31 November",  # there is no such day
        "She should have been called by 12 March 2026.",  # a story, long past
    ],
)
def test_what_asks_for_nothing_gives_no_date(text):
    assert stated_date(text, FRIDAY, CALENDAR) is None


def test_a_weekday_that_does_not_fit_is_flagged():
    assert stated_date("Please reply by Thursday 27 November", FRIDAY, CALENDAR) == Stated(
        date(2026, 11, 27), "by Thursday 27 November", "they write Thursday, but this is Fri 27 Nov 2026"
    )


def test_a_date_that_has_just_passed_is_flagged():
    found = stated_date("We had asked for this by 16 November.", FRIDAY, CALENDAR)
    assert found == Stated(date(2026, 11, 16), "by 16 November", "this day was past on receipt")


def test_the_earliest_date_still_ahead_is_taken():
    text = "He had hoped for it by 2 November. He has been promised a reply by 30 November, so I need it by the 26th."
    found = stated_date(text, FRIDAY, CALENDAR)
    assert found is not None
    assert (found.on, found.words) == (date(2026, 11, 26), "by the 26th")


def test_working_days_leave_out_bank_holidays():
    found = stated_date("within 2 working days", date(2026, 12, 24), CALENDAR)
    assert found is not None
    assert found.on == date(2026, 12, 29)  # Tuesday


def test_a_very_long_text_is_read_quickly_and_only_so_far():
    assert stated_date("by the end of the " * 100_000 + "by 5 December", FRIDAY, CALENDAR) is None


WORDS = """by before within until the end of on 0 1 31 99 999 working days weeks month the 31st February 29/2 0/0/0000
    Friday 31/12/9999 next dydd Iau 29 Chwefror 12.13.14 a fortnight from today no later than £"""
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split())).map(" ".join))


@settings(deadline=None)
@given(TEXTS, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_no_text_whatever_upsets_it(text, received):
    known = WorkingCalendar("long", {}, date(2025, 1, 1), date(2035, 12, 31))
    found = stated_date(text, received, known)
    assert found is None or found.on.year <= 9999
