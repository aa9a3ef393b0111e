"""What holds of every count, whatever the dates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.conventions import Conventions, Months, Roll
from mailbot.casework.counting import due, window_end
from mailbot.casework.procedure import ClockRule, Kind, Period, Unit, WindowRule

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2024, 1, 1), date(2035, 12, 31)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
moments = st.builds(datetime.combine, days, st.times(), st.just(UTC))
holidays = st.dictionaries(days, st.just("a holiday"), max_size=60)
amounts = st.integers(1, 40)


def calendar(off: dict[date, str]) -> WorkingCalendar:
    return WorkingCalendar("any", off, FIRST, LAST)


def clock(amount: int, unit: Unit, roll: Roll = Roll.NONE) -> ClockRule:
    return ClockRule(
        "respond", "received", Period(amount, unit), Kind.AIM, "text", convention=Conventions(roll=roll)
    )


def at(rule: ClockRule, starts: datetime, known: WorkingCalendar) -> datetime:
    found = due(rule, starts, known, LONDON)
    assert found is not None
    return found.at.astimezone(UTC)


@settings(deadline=None)
@given(moments, amounts, st.sampled_from(Unit), st.sampled_from(Roll), holidays, days)
def test_a_deadline_never_moves_earlier_when_a_holiday_is_added(starts, amount, unit, roll, off, added):
    rule = clock(amount, unit, roll)
    assert at(rule, starts, calendar(off | {added: "new"})) >= at(rule, starts, calendar(off))


@settings(deadline=None)
@given(days, amounts, holidays)
def test_adding_working_days_agrees_with_counting_them_one_by_one(start, amount, off):
    end = calendar(off).add_working_days(start, amount)
    between = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    working = [day for day in between if day.strftime("%a") not in ("Sat", "Sun") and day not in off]
    assert len(working) == amount
    assert working[-1] == end


@settings(deadline=None)
@given(moments, moments, amounts, st.sampled_from(Unit), holidays)
def test_what_came_later_is_never_due_earlier(one, other, amount, unit, off):
    first, second = sorted((one, other))
    assert at(clock(amount, unit), first, calendar(off)) <= at(clock(amount, unit), second, calendar(off))


@settings(deadline=None)
@given(moments, amounts)
def test_hours_are_hours_that_have_passed(starts, amount):
    assert at(clock(amount, Unit.HOURS), starts, calendar({})) - starts == timedelta(hours=amount)


@settings(deadline=None)
@given(moments, amounts, st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS]), holidays)
def test_every_other_period_ends_with_a_local_day(starts, amount, unit, off):
    found = due(clock(amount, unit), starts, calendar(off), LONDON)
    assert found is not None
    assert found.at.strftime("%H:%M:%S") == "23:59:59"
    assert found.at.utcoffset() == found.at.astimezone(UTC).astimezone(LONDON).utcoffset()


@settings(deadline=None)
@given(days, st.integers(1, 24), st.sampled_from(Months))
def test_a_window_in_months_is_never_more_than_three_days_out(responded, months, reading):
    rule = WindowRule("escalate", "responded", Period(months, Unit.MONTHS), "2", Kind.AIM, "text")
    chosen = replace(rule, convention=Conventions(months=reading))
    found = window_end(chosen, {"responded": responded}, calendar({}), LONDON)
    assert found is not None
    apart = (found.date.year - responded.year) * 12 + found.date.month - responded.month
    assert apart in ((months,) if reading is not Months.THIRTY_DAYS else range(months - 1, months + 1))
