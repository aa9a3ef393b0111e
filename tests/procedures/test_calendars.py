"""The working calendars against the published lists, and an organisation's own days."""

from datetime import date

import pytest

from mailbot import shipped
from mailbot.errors import RuleError
from mailbot.procedures import FaultyFile, calendar, calendar_names

RULES = shipped.folder("rules")

# The bank holidays that fall on a Monday to Friday, as published; months and days.
PUBLISHED = {
    "england-and-wales": {
        2024: "1-1 3-29 4-1 5-6 5-27 8-26 12-25 12-26",
        2025: "1-1 4-18 4-21 5-5 5-26 8-25 12-25 12-26",
        2026: "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28",
        2027: "1-1 3-26 3-29 5-3 5-31 8-30 12-27 12-28",
        2022: "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27",
        2023: "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26",
        2020: "1-1 4-10 4-13 5-8 5-25 8-31 12-25 12-28",
        2018: "1-1 3-30 4-2 5-7 5-28 8-27 12-25 12-26",
    },
    "scotland": {
        2024: "1-1 1-2 3-29 5-6 5-27 8-5 12-2 12-25 12-26",
        2025: "1-1 1-2 4-18 5-5 5-26 8-4 12-1 12-25 12-26",
        2026: "1-1 1-2 4-3 5-4 5-25 6-15 8-3 11-30 12-25 12-28",
        2027: "1-1 1-4 3-26 5-3 5-31 8-2 11-30 12-27 12-28",
        2022: "1-3 1-4 4-15 5-2 6-2 6-3 8-1 9-19 11-30 12-26 12-27",
    },
    "northern-ireland": {
        2024: "1-1 3-18 3-29 4-1 5-6 5-27 7-12 8-26 12-25 12-26",
        2025: "1-1 3-17 4-18 4-21 5-5 5-26 7-14 8-25 12-25 12-26",
        2026: "1-1 3-17 4-3 4-6 5-4 5-25 7-13 8-31 12-25 12-28",
        2027: "1-1 3-17 3-26 3-29 5-3 5-31 7-12 8-30 12-27 12-28",
    },
}
YEARS = [(name, year, days) for name, years in PUBLISHED.items() for year, days in years.items()]


@pytest.mark.parametrize(("name", "year", "days"), YEARS)
def test_each_nation_has_its_published_bank_holidays(name, year, days):
    known = calendar(RULES, name).holidays
    found = [f"{day.month}-{day.day}" for day in sorted(known) if day.year == year and day.weekday() < 5]
    assert " ".join(found) == days


def test_any_uk_has_the_days_of_all_three():
    parts = [calendar(RULES, name).holidays for name in PUBLISHED]
    assert set(calendar(RULES, "any-uk").holidays) == set().union(*parts)


@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("england-and-wales", date(2026, 5, 4), "bank holiday (Early May bank holiday)"),
        ("england-and-wales", date(2026, 12, 28), "bank holiday (Boxing Day, substitute day)"),
        ("england-and-wales", date(2026, 12, 26), "weekend"),
        ("scotland", date(2026, 6, 15), "bank holiday (World Cup bank holiday)"),
        ("scotland", date(2027, 1, 4), "bank holiday (2nd January, substitute day)"),
        (
            "northern-ireland",
            date(2026, 7, 13),
            "bank holiday (Battle of the Boyne (Orangemen's Day), substitute day)",
        ),
        ("england-and-wales", date(2026, 6, 15), ""),
    ],
)
def test_a_day_off_says_why(name, day, words):
    assert calendar(RULES, name).day_off(day) == words


def test_an_organisation_adds_its_own_closures(tmp_path):
    known = calendar(RULES, "scotland", closures=[date(2026, 12, 29)])
    assert known.day_off(date(2026, 12, 29)) == "closed (our own closure)"
    text = (RULES / "calendars" / "scotland.toml").read_text(encoding="utf-8")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "scotland.toml").write_text(
        text + '\n[[closure]]\nday = 2026-04-06\nname = "local holiday"\nsource = "Council calendar 2026"\n',
        encoding="utf-8",
    )
    assert calendar([RULES, tmp_path], "scotland").day_off(date(2026, 4, 6)) == "closed (local holiday)"
    assert calendar(RULES, "scotland").is_working(date(2026, 4, 6))


def test_a_day_may_be_taken_away(tmp_path):
    text = (RULES / "calendars" / "scotland.toml").read_text(encoding="utf-8")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "scotland.toml").write_text(
        text + '\n[[removed]]\nday = 2026-05-04\nname = "moved"\nsource = "Proclamation"\n', encoding="utf-8"
    )
    assert calendar([RULES, tmp_path], "scotland").is_working(date(2026, 5, 4))


def test_an_unknown_calendar_and_a_typo_are_refused(tmp_path):
    with pytest.raises(RuleError, match="no calendar 'wales'") as unknown:
        calendar(RULES, "wales")
    assert unknown.value.mend == "There are: any-uk, england-and-wales, northern-ireland, scotland"
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "x.toml").write_text('versoin = "1"\n', encoding="utf-8")
    with pytest.raises(FaultyFile, match="did you mean 'version'"):
        calendar(tmp_path, "x")


def test_calendars_say_their_version():
    assert {calendar(RULES, name).version for name in calendar_names(RULES)} == {"2026-11"}
