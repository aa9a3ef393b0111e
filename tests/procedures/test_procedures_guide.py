"""docs/procedures.md: its sixth procedure works as it says, and its tables name every key."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot import shipped
from mailbot.casework.dates import all_dates
from mailbot.procedures import FaultyFile, calendar, check, load
from mailbot.procedures.settings import ConventionsTable, SettingsTable

RULES = shipped.folder("rules")
GUIDE = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")
LONDON = ZoneInfo("Europe/London")


def files_of_the_guide() -> dict[str, str]:
    """The TOML blocks that begin with their own name, such as "# rules/procedures/harbour.toml"."""
    blocks = re.findall(r"```toml\n(# (rules/\S+)\n.*?)```", GUIDE, re.DOTALL)
    return {name: text for text, name in blocks}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    for name, text in files_of_the_guide().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [RULES, tmp_path / "rules"]


def test_the_sixth_procedure_has_no_fault(folders):
    letters = {"ack_harbour_1", "ack_harbour_2", "ice_ack", "redirect_not_ours", "redirect_dp"}
    assert [str(found) for found in check(folders, letters) if found.procedure == "harbour"] == []


def test_the_sixth_procedure_has_the_dates_that_the_guide_shows(folders):
    procedure = load(folders, "harbour").on(date(2026, 12, 23))
    found = all_dates(
        procedure,
        calendar(folders, procedure.calendar),
        "1",
        datetime(2026, 12, 23, 10, tzinfo=LONDON),
        responded=date(2027, 1, 18),
        event=date(2026, 2, 28),
    )
    told = re.findall(r"^\| (\w+) \| (\w{3} \d+ \w{3} \d{4}) \|", GUIDE, re.MULTILINE)
    shown = [
        (key, datetime.fromisoformat(value["at"]).strftime("%a %-d %b %Y"))
        for key, value in found.items()
        if value
    ]
    assert shown == told


def test_the_sixth_procedure_invents_no_clock(folders):
    procedure = load(folders, "harbour").latest
    found = all_dates(
        procedure,
        calendar(folders, procedure.calendar),
        "2",
        datetime(2026, 5, 1, 17, 40, tzinfo=LONDON),
        responded=date(2026, 6, 1),
    )
    assert [key for key, value in found.items() if value is None] == [
        "escalate_until",
        "eight_weeks_end",
        "raise_by",
    ]


def test_the_mistake_of_the_guide_is_answered_as_it_says(folders):
    path = folders[1] / "procedures" / "harbour.toml"
    text = path.read_text(encoding="utf-8").replace("working_days = 3\n", "workng_days = 3\n")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyFile) as fault:
        load(folders, "harbour")
    told = re.search(r"^(rules/procedures/harbour\.toml, line .*) \.\.\.$", GUIDE, re.MULTILINE)
    assert told is not None
    assert told[1] in str(fault.value)


def test_the_adjustment_of_the_guide_applies(folders):
    procedure = load(folders, "restart").latest
    assert procedure.settings["chaser"] == "always_acknowledge"
    assert procedure.contacts["ice"].verified_on == date(2026, 11, 20)


@pytest.mark.parametrize("table", [ConventionsTable, SettingsTable])
def test_the_guide_names_every_key_and_its_default(table):
    for key, field in table.model_fields.items():
        row = re.search(rf"^\| `{key}` \| (.*)$", GUIDE, re.MULTILINE)
        assert row, key
        default = field.default
        if isinstance(default, bool | int | str) and not isinstance(default, tuple):
            assert str(getattr(default, "value", default)).lower() in row[1], key
