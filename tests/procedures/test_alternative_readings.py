"""Every other reading of a text that touches a date is a line in a file: change the line, and the date is the other one."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot import shipped
from mailbot.casework.counting import due
from mailbot.casework.dates import all_dates
from mailbot.errors import RuleError
from mailbot.procedures import calendar, check, diff, load

RULES = shipped.folder("rules")
LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 5, 1, 17, 40, tzinfo=LONDON)
SATURDAY = datetime(2026, 6, 6, 23, 0, tzinfo=LONDON)
MAY = date(2026, 5, 11)

# What is set in adjust/<procedure>.toml, and the date that follows.
ADJUSTED = [
    ("restart", "conventions.hours = 'same_wall_clock'", "1", {}, "acknowledge_by", "2026-05-02T17:40:00+01:00"),
    ("restart", "conventions.hours = 'end_of_next_working_day'", "1", {}, "acknowledge_by", "2026-05-05T23:59:59+01:00"),
    ("restart", "conventions.receipt_day_counts = true", "1", {}, "respond_by", "2026-05-08T23:59:59+01:00"),
    ("restart", "conventions.deemed_receipt = true", "1", {"received": SATURDAY}, "respond_by", "2026-06-15T23:59:59+01:00"),
    ("restart", "conventions.cutoff = 17:00:00", "1", {}, "respond_by", "2026-05-12T23:59:59+01:00"),
    ("restart", "conventions.due_time = 17:00:00", "1", {}, "respond_by", "2026-05-11T17:00:00+01:00"),
    ("restart", "conventions.post_days = 2", "1", {"responded": MAY}, "escalate_until", "2026-11-13T23:59:59+00:00"),
    ("charity", "conventions.post_days = 2", "1", {"responded": MAY}, "escalate_until", "2026-06-13T23:59:59+01:00"),
    ("restart", "conventions.months = 'end_of_month_sticky'", "1", {"responded": date(2026, 2, 28)}, "escalate_until", "2026-08-31T23:59:59+01:00"),
    ("restart", "conventions.roll = 'next_working_day'", "1", {"responded": date(2026, 8, 31)}, "escalate_until", "2027-03-01T23:59:59+00:00"),
    ("ipes", "conventions.roll = 'next_working_day'", "complaint", {"received": SATURDAY}, "eight_weeks_end", "2026-08-03T23:59:59+01:00"),
    ("council", "conventions.limit_at_target = true", "1", {}, "respond_by", "2026-05-18T23:59:59+01:00"),
    ("ipes", "conventions.stated_wins = true", "ice_correspondence", {"stated": date(2026, 5, 29)}, "respond_by", "2026-05-29T23:59:59+01:00"),
    ("council", "settings.house_acknowledgement = false", "1", {}, "acknowledge_by", None),
    ("council", "settings.house_acknowledgement = false", "ice_correspondence", {}, "acknowledge_by", None),
    ("restart", "settings.house_acknowledgement = false", "1", {}, "acknowledge_by", "2026-05-02T17:40:00+01:00"),
]  # fmt: skip

# What is changed in a copy of procedures/<procedure>.toml, and the date that follows.
REWRITTEN = [
    ("restart", ('months = 6\nto = "external:ice"', 'to = "external:ice"'), "3", {"responded": MAY}, "escalate_until", None),
    ("restart", ('months = 6\nto = "2"', 'to = "2"'), "1", {"responded": MAY}, "escalate_until", None),
    ("restart", ('months = 6\nto = "2"', 'days = 182\nto = "2"'), "1", {"responded": MAY}, "escalate_until", "2026-11-09T23:59:59+00:00"),
    ("ipes", ('counted_from = "case_received"', 'counted_from = "received"'), "complaint", {}, "eight_weeks_end", "2026-06-26T23:59:59+01:00"),
    ("council", ("target = { working_days = 10 }\n", ""), "1", {}, "respond_target", None),
    ("council", ('name = "respond"\n', 'name = "respond"\ncounted_from = "acknowledged"\n'), "1", {}, "respond_by", None),
    ("fos", ('or_until = "case_closed"\nno_end_before = true\n', ""), "1", {"responded": MAY}, "escalate_until", "2026-06-11T23:59:59+01:00"),
    ("fos", ('to = "external:', 'months = 1\nto = "external:'), "2", {"responded": MAY}, "escalate_until", "2026-06-11T23:59:59+01:00"),
    ("fos", ('or_until = "case_closed"\nto', "to"), "1", {"event": MAY, "case_closed": date(2026, 12, 1)}, "raise_by", "2026-08-11T23:59:59+01:00"),
]  # fmt: skip


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.parents[1]


def rewritten(at: Path, procedure: str, *changes: tuple[str, str]) -> list[Path]:
    text = (RULES / "procedures" / f"{procedure}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [RULES, write(at / "procedures" / f"{procedure}.toml", text)]


def shown(folders: list[Path], procedure: str, stage: str, given: dict, key: str) -> str | None:
    found = load(folders, procedure).latest
    known = calendar(folders, found.calendar)
    value = all_dates(found, known, stage, **{"received": FRIDAY} | given)[key]
    return value and value["at"]


@pytest.mark.parametrize(("procedure", "line", "stage", "given", "key", "expected"), ADJUSTED)
def test_a_setting_changes_the_date(tmp_path, procedure, line, stage, given, key, expected):
    folders = [RULES, write(tmp_path / "adjust" / f"{procedure}.toml", line)]
    assert shown(folders, procedure, stage, given, key) == expected


@pytest.mark.parametrize(("procedure", "change", "stage", "given", "key", "expected"), REWRITTEN)
def test_a_line_of_the_rule_changes_the_date(tmp_path, procedure, change, stage, given, key, expected):
    assert shown(rewritten(tmp_path, procedure, change), procedure, stage, given, key) == expected


def test_an_aim_may_be_held_like_a_commitment(tmp_path):
    line = "conventions.aims_as_commitments = true"
    folders = [RULES, write(tmp_path / "adjust" / "council.toml", line)]
    procedure = load(folders, "council").latest
    found = all_dates(procedure, calendar(folders, procedure.calendar), "1", FRIDAY)
    assert found["respond_by"] is not None
    assert found["respond_by"]["kind"] == "commitment"


def test_a_response_clock_may_start_with_the_acknowledgement(tmp_path):
    folders = rewritten(
        tmp_path, "council", ('name = "respond"\n', 'name = "respond"\ncounted_from = "acknowledged"\n')
    )
    procedure = load(folders, "council").latest
    rule = procedure.stage("1").clock("respond")
    assert rule is not None
    found = due(rule, datetime(2026, 5, 5, 9, tzinfo=LONDON), calendar(folders, procedure.calendar), LONDON)
    assert found is not None
    assert found.date == date(2026, 6, 3)  # Wednesday: day 1 is Wednesday 6 May
    assert found.count.startswith("acknowledged Tue 5 May 2026 9:00am; ")


def test_another_calendar_and_closures_move_the_date():
    procedure = load(RULES, "restart").latest
    received = datetime(2026, 12, 23, 10, tzinfo=LONDON)
    closed = [date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)]
    for known, expected in [
        (calendar(RULES, "england-and-wales"), "2027-01-04"),  # Monday
        (calendar(RULES, "scotland"), "2027-01-05"),  # Tuesday
        (calendar(RULES, "any-uk"), "2027-01-05"),
        (calendar(RULES, "england-and-wales", closures=closed), "2027-01-07"),  # Thursday
    ]:
        found = all_dates(procedure, known, "1", received)["respond_by"]
        assert found is not None
        assert found["date"] == expected


def test_an_adjustment_of_a_contact_that_is_not_there_is_a_fault(tmp_path):
    folders = [
        RULES,
        write(tmp_path / "adjust" / "restart.toml", "[contact.icee]\nverified_on = 2026-11-20\n"),
    ]
    with pytest.raises(RuleError, match=r"contact\.icee: restart has no such contact; allowed: ice"):
        load(folders, "restart")


def test_the_option_of_the_handling_code_is_a_later_version():
    folders = [RULES, RULES / "options" / "lgsco-code"]
    history = load(folders, "council")
    assert [version.version for version in history.versions] == ["2018-01-01", "2026-04-01"]
    assert [finding for finding in check(folders) if finding.procedure == "council"] == [
        finding for finding in check(RULES) if finding.procedure == "council"
    ]
    known = calendar(folders, "england-and-wales")
    found = all_dates(history.on(FRIDAY.date()), known, "1", FRIDAY)
    assert found["acknowledge_by"] is not None
    assert found["acknowledge_by"]["date"] == "2026-05-11"
    assert found["respond_by"] is None  # it starts with the acknowledgement
    changed = diff(history)
    assert "  stages[1].clocks[respond].counted_from: received becomes acknowledged" in changed
    assert "  stages[2].clocks[respond].within: 25 working days becomes 20 working days" in changed
