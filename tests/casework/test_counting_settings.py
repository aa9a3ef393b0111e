"""Each reading of a rule that an organisation may choose, with the date it leads to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailbot.casework.calendar import CalendarEnds, WorkingCalendar
from mailbot.casework.conventions import Conventions, Hours, Months, Roll
from mailbot.casework.counting import Pause, due, window_end
from mailbot.casework.procedure import ClockRule, Kind, Period, Unit, WindowRule

LONDON = ZoneInfo("Europe/London")
CALENDAR = WorkingCalendar(
    "test",
    holidays={date(2026, 5, 4): "Early May bank holiday", date(2026, 5, 25): "Spring bank holiday"},
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
    closures={date(2026, 6, 12): "staff day"},
)
HOURS = ClockRule("acknowledge", "received", Period(24, Unit.HOURS), Kind.COMMITMENT, "text")
FIVE_DAYS = ClockRule("respond", "received", Period(5, Unit.WORKING_DAYS), Kind.COMMITMENT, "text")
TEN_TO_TWENTY = ClockRule(
    "respond",
    "received",
    Period(20, Unit.WORKING_DAYS),
    Kind.AIM,
    "text",
    target=Period(10, Unit.WORKING_DAYS),
)
ICE = replace(FIVE_DAYS, earlier_stated=True)
STATED_ONLY = replace(ICE, within=None)
SIX_MONTHS = WindowRule("escalate", "responded", Period(6, Unit.MONTHS), "2", Kind.COMMITMENT, "text")
FRIDAY = datetime(2026, 5, 1, 17, 40, tzinfo=LONDON)
SATURDAY = datetime(2026, 6, 6, 23, 0, tzinfo=LONDON)


def on(rule: ClockRule, starts: datetime, **settings: object) -> datetime:
    found = due(replace(rule, convention=Conventions(**settings)), starts, CALENDAR, LONDON)
    assert found is not None
    assert found.at.tzinfo is LONDON
    return found.at


def wall_clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def end(responded: date, **settings: object) -> date:
    rule = replace(SIX_MONTHS, convention=Conventions(**settings))
    found = window_end(rule, {"responded": responded}, CALENDAR, "Europe/London")
    assert found is not None
    return found.date


@pytest.mark.parametrize(
    ("starts", "mode", "expected"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=LONDON), Hours.ELAPSED, "2026-03-29 13:00:00"),
        (datetime(2026, 3, 28, 12, tzinfo=LONDON), Hours.SAME_WALL_CLOCK, "2026-03-29 12:00:00"),
        (datetime(2026, 3, 28, 1, 30, tzinfo=LONDON), Hours.SAME_WALL_CLOCK, "2026-03-29 02:30:00"),
        (datetime(2026, 10, 24, 12, tzinfo=LONDON), Hours.ELAPSED, "2026-10-25 11:00:00"),
        (datetime(2026, 10, 24, 12, tzinfo=LONDON), Hours.SAME_WALL_CLOCK, "2026-10-25 12:00:00"),
        (FRIDAY, Hours.END_OF_NEXT_WORKING_DAY, "2026-05-05 23:59:59"),  # Tuesday
    ],
)
def test_24_hours_may_be_read_in_three_ways(starts, mode, expected):
    assert wall_clock(on(HOURS, starts, hours=mode)) == expected


@pytest.mark.parametrize(
    ("starts", "settings", "expected"),
    [
        (FRIDAY, {}, date(2026, 5, 11)),  # Monday
        (FRIDAY, {"receipt_day_counts": True}, date(2026, 5, 8)),  # Friday: day 1 is the day of receipt
        (SATURDAY, {}, date(2026, 6, 15)),  # Monday; Friday 12 June is a closure
        (
            SATURDAY,
            {"deemed_receipt": True},
            date(2026, 6, 16),
        ),  # Tuesday: received on Monday, Tuesday is day 1
        (SATURDAY, {"receipt_day_counts": True}, date(2026, 6, 15)),  # Monday: a Saturday is never day 1
        (
            SATURDAY,
            {"cutoff": time(17)},
            date(2026, 6, 16),
        ),  # Tuesday: no earlier than what came on Friday night
        (FRIDAY, {"cutoff": time(17)}, date(2026, 5, 12)),  # Tuesday: counts as received on Tuesday 5 May
        (FRIDAY, {"cutoff": time(18)}, date(2026, 5, 11)),  # Monday
    ],
)
def test_when_mail_counts_as_received(starts, settings, expected):
    assert on(FIVE_DAYS, starts, **settings).date() == expected


def test_the_last_day_may_end_with_office_hours():
    assert wall_clock(on(FIVE_DAYS, FRIDAY)) == "2026-05-11 23:59:59"
    assert wall_clock(on(FIVE_DAYS, FRIDAY, due_time=time(17))) == "2026-05-11 17:00:00"


def test_ten_to_twenty_is_late_after_twenty_or_after_ten():
    found = due(TEN_TO_TWENTY, FRIDAY, CALENDAR, LONDON)
    assert found is not None
    assert found.target is not None
    assert (found.date, found.target.date) == (date(2026, 6, 2), date(2026, 5, 18))
    assert on(TEN_TO_TWENTY, FRIDAY, limit_at_target=True).date() == date(2026, 5, 18)


def test_an_aim_may_be_reported_as_a_commitment():
    strict = replace(TEN_TO_TWENTY, convention=Conventions(aims_as_commitments=True))
    kinds = [found.kind for rule in (TEN_TO_TWENTY, strict) if (found := due(rule, FRIDAY, CALENDAR, LONDON))]
    assert kinds == [Kind.AIM, Kind.COMMITMENT]


@pytest.mark.parametrize(
    ("responded", "settings", "expected"),
    [
        (date(2026, 8, 31), {}, date(2027, 2, 28)),  # Sunday, not rolled
        (date(2026, 2, 28), {}, date(2026, 8, 28)),
        (date(2026, 2, 28), {"months": Months.END_OF_MONTH_STICKY}, date(2026, 8, 31)),
        (date(2026, 2, 27), {"months": Months.END_OF_MONTH_STICKY}, date(2026, 8, 27)),
        (date(2026, 2, 28), {"months": Months.THIRTY_DAYS}, date(2026, 8, 27)),
        (date(2026, 2, 28), {"post_days": 2}, date(2026, 9, 2)),  # received on Monday 2 March
        (date(2025, 11, 9), {}, date(2026, 5, 9)),  # Saturday
        (date(2025, 11, 9), {"roll": Roll.NEXT_WORKING_DAY}, date(2026, 5, 11)),  # Monday
        (
            date(2025, 11, 25),
            {"roll": Roll.NEXT_WORKING_DAY},
            date(2026, 5, 26),
        ),  # Tuesday after the bank holiday
    ],
)
def test_how_six_months_are_counted(responded, settings, expected):
    assert end(responded, **settings) == expected


def test_a_window_may_be_a_fixed_number_of_days_or_have_no_end():
    days = replace(SIX_MONTHS, within=Period(182, Unit.DAYS))
    endless = replace(SIX_MONTHS, within=None)
    moments = {"responded": date(2026, 5, 11)}
    fixed = window_end(days, moments, CALENDAR, LONDON)
    assert fixed is not None
    assert fixed.date == date(2026, 11, 9)
    assert window_end(endless, moments, CALENDAR, LONDON) is None


def test_a_window_that_follows_an_open_case_has_no_end_while_it_is_open():
    month = replace(SIX_MONTHS, within=Period(1, Unit.MONTHS), or_until="case_closed", no_end_before=True)
    responded = {"responded": date(2026, 5, 11)}
    assert window_end(month, responded, CALENDAR, LONDON) is None
    one_month_only = window_end(replace(month, or_until=None), responded, CALENDAR, LONDON)
    assert one_month_only is not None
    assert one_month_only.date == date(2026, 6, 11)


@pytest.mark.parametrize(
    ("rule", "stated", "expected", "doubts"),
    [
        (ICE, None, date(2026, 5, 11), 0),
        (ICE, date(2026, 5, 7), date(2026, 5, 7), 0),  # Thursday, earlier
        (ICE, date(2026, 5, 1), date(2026, 5, 1), 0),  # today
        (ICE, date(2026, 5, 29), date(2026, 5, 11), 1),  # later: ours stands, a person sees both
        (ICE, date(2026, 4, 30), date(2026, 5, 11), 1),  # before receipt: not used
        (replace(ICE, convention=Conventions(stated_wins=True)), date(2026, 5, 29), date(2026, 5, 29), 1),
        (FIVE_DAYS, date(2026, 5, 7), date(2026, 5, 11), 0),  # this rule heeds no stated date
        (STATED_ONLY, date(2026, 5, 29), date(2026, 5, 29), 0),
    ],
)
def test_the_earlier_of_the_stated_date_and_five_working_days(rule, stated, expected, doubts):
    found = due(rule, FRIDAY, CALENDAR, LONDON, stated=stated)
    assert found is not None
    assert (found.date, len(found.doubts)) == (expected, doubts)


def test_a_stated_time_is_kept():
    found = due(ICE, FRIDAY, CALENDAR, LONDON, stated=datetime(2026, 5, 7, 11, tzinfo=UTC))
    assert found is not None
    assert found.at == datetime(2026, 5, 7, 12, tzinfo=LONDON)


def test_without_a_period_and_a_stated_date_there_is_no_date():
    assert due(STATED_ONLY, FRIDAY, CALENDAR, LONDON) is None
    assert due(STATED_ONLY, FRIDAY, CALENDAR, LONDON, stated=date(2026, 4, 30)) is None


PAUSING = replace(FIVE_DAYS, pauses_for=("awaiting_authority",))


def pause(first: date, last: date | None, state: str = "awaiting_authority") -> Pause:
    ended = last and datetime.combine(last, time(9), LONDON)
    return Pause(state, datetime.combine(first, time(15), LONDON), ended)


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], date(2026, 5, 11)),  # Monday
        ([pause(date(2026, 5, 1), date(2026, 5, 6))], date(2026, 5, 13)),  # Thursday 7 May is day 1
        (
            [pause(date(2026, 5, 6), date(2026, 5, 8))],
            date(2026, 5, 13),
        ),  # days 1 and 2, then Monday is day 3
        ([pause(date(2026, 5, 8), date(2026, 5, 10))], date(2026, 5, 11)),  # over a weekend: nothing lost
        ([pause(date(2026, 5, 6), date(2026, 5, 6))], date(2026, 5, 11)),  # answered the same day
        (
            [pause(date(2026, 5, 5), date(2026, 5, 6)), pause(date(2026, 5, 7), date(2026, 5, 8))],
            date(2026, 5, 13),
        ),
        ([pause(date(2026, 5, 12), date(2026, 5, 20))], date(2026, 5, 11)),  # after it was due
        (
            [pause(date(2026, 5, 5), date(2026, 5, 8), "awaiting_information")],
            date(2026, 5, 11),
        ),  # no such pause here
    ],
)
def test_a_clock_stands_still_only_in_the_states_its_rule_names(pauses, expected):
    found = due(PAUSING, FRIDAY, CALENDAR, LONDON, pauses=pauses)
    assert found is not None
    assert found.date == expected


def test_a_clock_that_stands_still_now_has_no_date():
    assert due(PAUSING, FRIDAY, CALENDAR, LONDON, pauses=[pause(date(2026, 5, 6), None)]) is None


def test_hours_days_and_months_stand_still_too():
    stopped = [
        pause(date(2026, 5, 1), date(2026, 5, 3))
    ]  # 42 hours, of which the clock had run none before 5:40pm
    hours = due(replace(HOURS, pauses_for=("awaiting_authority",)), FRIDAY, CALENDAR, LONDON, pauses=stopped)
    days = due(replace(PAUSING, within=Period(30, Unit.DAYS)), FRIDAY, CALENDAR, LONDON, pauses=stopped)
    assert hours is not None
    assert days is not None
    assert hours.at == FRIDAY + timedelta(hours=24 + 42)
    assert days.date == date(2026, 6, 2)
    assert "the clock stood still for 2 days" in days.count


def test_a_date_beyond_the_calendar_is_refused_with_a_way_out():
    with pytest.raises(CalendarEnds, match="asked for 2027-01-01") as refused:
        on(FIVE_DAYS, datetime(2026, 12, 30, 9, tzinfo=LONDON))
    assert "2027" in refused.value.mend


@pytest.mark.parametrize(
    ("rule", "settings", "words"),
    [
        (HOURS, {}, "received Fri 1 May 2026 5:40pm; 24 hours later is Sat 2 May 2026 5:40pm"),
        (FIVE_DAYS, {"cutoff": time(17)}, "received Fri 1 May 2026 5:40pm, counts as Tue 5 May 2026; day 1 = "
         "Wed 6 May to day 3 = Fri 8 May; Sat 9 May, Sun 10 May not counted; day 4 = Mon 11 May; day 5 = Tue 12 May 2026"),
    ],
)  # fmt: skip
def test_the_count_is_said_in_words(rule, settings, words):
    found = due(replace(rule, convention=Conventions(**settings)), FRIDAY, CALENDAR, LONDON)
    assert found is not None
    assert found.count == words


def test_a_closure_and_a_clock_change_are_named():
    closed = due(FIVE_DAYS, datetime(2026, 6, 8, 9, tzinfo=LONDON), CALENDAR, LONDON)
    changed = due(HOURS, datetime(2026, 3, 28, 12, tzinfo=LONDON), CALENDAR, LONDON)
    assert closed is not None
    assert changed is not None
    assert "Fri 12 Jun closed (staff day)" in closed.count
    assert changed.count == (
        "received Sat 28 Mar 2026 12:00pm GMT; 24 hours later is Sun 29 Mar 2026 1:00pm BST; "
        "the clocks change in between"
    )
