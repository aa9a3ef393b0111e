"""When people are reminded of a promise: weekdays spelt out."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.case import Deadline, DeadlineState
from mailbot.casework.reminders import next_overdue, occasions, working_days_late
from tests.casework.story import LONDON, at

HOLIDAYS = {
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day (substitute)",
}
CALENDAR = WorkingCalendar("test", HOLIDAYS, date(2026, 1, 1), date(2027, 12, 31))


def promise(started: str, due: str, name: str = "respond") -> Deadline:
    begun, end = at(started), at(due)
    return Deadline(
        id=f"1/{name}",
        instance="1",
        name=name,
        kind="commitment",
        state=DeadlineState.RUNNING,
        started=begun,
        due=end,
        original_due=end,
        source="text",
        count="counted",
        remind_before=(2, 1, 0),
    )


def said(planned: tuple[tuple[str, datetime], ...]) -> list[str]:
    return [f"{name} {moment.astimezone(LONDON):%a %d %b %H:%M}" for name, moment in planned]


@pytest.mark.parametrize(
    ("started", "due", "expected"),
    [
        (
            "2026-06-01 10:00",  # an ordinary week
            "2026-06-08 23:59:59",
            [
                "2_days Thu 04 Jun 09:00",
                "1_day Fri 05 Jun 09:00",
                "due_day Mon 08 Jun 08:00",
                "overdue/2026-06-09 Tue 09 Jun 08:00",
            ],
        ),
        (
            "2026-03-27 10:00",  # over Easter
            "2026-04-07 23:59:59",
            [
                "2_days Wed 01 Apr 09:00",
                "1_day Thu 02 Apr 09:00",
                "due_day Tue 07 Apr 08:00",
                "overdue/2026-04-08 Wed 08 Apr 08:00",
            ],
        ),
        (
            "2026-12-21 10:00",  # over Christmas
            "2026-12-30 23:59:59",
            [
                "2_days Thu 24 Dec 09:00",
                "1_day Tue 29 Dec 09:00",
                "due_day Wed 30 Dec 08:00",
                "overdue/2026-12-31 Thu 31 Dec 08:00",
            ],
        ),
        (
            "2026-06-04 16:00",  # a date stated by a partner, on a Sunday, and short
            "2026-06-07 23:59:59",
            ["due_day Fri 05 Jun 08:00", "overdue/2026-06-08 Mon 08 Jun 08:00"],
        ),
    ],
)
def test_two_days_one_day_the_day_and_after(started: str, due: str, expected: list[str]) -> None:
    assert said(occasions(promise(started, due), CALENDAR, LONDON)) == expected


def test_none_before_it_began_and_none_but_what_the_rule_names() -> None:
    short = promise("2026-06-05 12:00", "2026-06-08 23:59:59")
    assert said(occasions(short, CALENDAR, LONDON))[0] == "due_day Mon 08 Jun 08:00"
    quiet = replace(promise("2026-06-01 10:00", "2026-06-08 23:59:59"), remind_before=())
    assert said(occasions(quiet, CALENDAR, LONDON)) == ["overdue/2026-06-09 Tue 09 Jun 08:00"]


def test_an_acknowledgement_is_brought_up_four_hours_before_and_at_its_breach() -> None:
    acknowledge = promise("2026-05-02 23:00", "2026-05-03 23:00", "acknowledge")
    assert said(occasions(acknowledge, CALENDAR, LONDON)) == [
        "4_hours Sun 03 May 19:00",
        "breach Sun 03 May 23:00",
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-06-08 23:59:59", "overdue/2026-06-09 Tue 09 Jun 08:00"),
        ("2026-06-05 08:00", "overdue/2026-06-08 Mon 08 Jun 08:00"),  # Friday to Monday
        ("2026-04-02 08:00", "overdue/2026-04-07 Tue 07 Apr 08:00"),  # Maundy Thursday to Tuesday
        ("2026-10-23 08:00", "overdue/2026-10-26 Mon 26 Oct 08:00"),  # 8am stays 8am when the clocks go back
    ],
)
def test_what_is_overdue_is_told_again_each_working_day(after: str, expected: str) -> None:
    assert said((next_overdue(at(after), CALENDAR, LONDON),)) == [expected]


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-04-02 23:59", 0),
        ("2026-04-03 12:00", 0),  # Good Friday
        ("2026-04-07 00:00", 1),
        ("2026-04-08 12:00", 2),
        ("2026-03-20 12:00", 0),  # not due yet
    ],
)
def test_days_late_are_working_days_begun_since_the_due_day(now: str, days: int) -> None:
    assert working_days_late(at("2026-04-02 23:59:59"), at(now), CALENDAR, LONDON) == days
