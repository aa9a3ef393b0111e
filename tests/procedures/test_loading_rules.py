"""Reading rules: a fault names file, line and key; folders lie over each other; cases keep their version."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from mailbot import shipped
from mailbot.casework.conventions import Conventions, Roll
from mailbot.casework.procedure import Kind, Period, Unit
from mailbot.errors import RuleError
from mailbot.procedures import FaultyFile, load, load_all

RULES = shipped.folder("rules")
SMALL = """\
id = "small"
organisation = "A small body"
reference_prefix = "SML"

[[version]]
in_force_from = 2025-01-01
name = "Complaints"
source = "Our leaflet of 2025"
calendar = "england-and-wales"
response_phrases = ["our response"]

[[version.stage]]
id = "1"
label = "stage 1"
handler = "the manager"
acknowledgement = "ack_neutral"
source = "Leaflet, page 1"

[[version.stage.clock]]
name = "acknowledge"
hours = 24
kind = "house"
source = "House promise"

[[version.stage.clock]]
name = "respond"
working_days = 15
kind = "commitment"
source = "Leaflet, page 2"
"""


def folder(at: Path, **files: str) -> Path:
    """A rules folder; the name of each file has "__" for the slash."""
    for name, text in files.items():
        path = at / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return at


def small(at: Path, *changes: tuple[str, str]) -> Path:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return folder(at, procedures__small=text)


FAULTS: list[tuple[str, str, int, str]] = [
    ("working_days = 15", "workng_days = 15", 27, "no key 'workng_days' (did you mean 'working_days'?)"),
    (
        "working_days = 15",
        "working_days = 15\ndays = 21",
        25,
        "give one of hours, working_days, days, months, not",
    ),
    ("working_days = 15\n", "", 25, "give hours, working_days, days or months"),
    ('kind = "commitment"', 'kind = "promise"', 28, "'commitment', 'aim', 'house' or 'inferred'"),
    ("hours = 24", "hours = 0", 21, "greater than or equal to 1"),
    ('source = "Leaflet, page 2"', 'source = ""', 29, "at least 1 character"),
    ("in_force_from = 2025-01-01", 'in_force_from = "soon"', 6, "date"),
    ('reference_prefix = "SML"', 'reference_prefix = "small"', 3, "pattern"),
    ('response_phrases = ["our response"]\n', "", 5, "Field required"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"), FAULTS, ids=[fault[1] or "gone" for fault in FAULTS]
)
def test_a_fault_names_file_line_and_what_is_allowed(tmp_path, old, new, line, words):
    with pytest.raises(FaultyFile) as fault:
        load(small(tmp_path, (old, new)), "small")
    assert words in str(fault.value)
    assert str(tmp_path / "procedures" / "small.toml") in str(fault.value)
    assert fault.value.findings[0].line == line


def test_a_fault_says_its_exact_line_and_key(tmp_path):
    with pytest.raises(FaultyFile) as fault:
        load(small(tmp_path, ('kind = "commitment"', 'kind = "promise"')), "small")
    assert [(found.key, found.line) for found in fault.value.findings] == [
        ("version[0].stage[0].clock[1].kind", 28)
    ]


REFERENCES = [
    (
        'label = "stage 1"',
        'label = "stage 1"\nnext = "2"',
        "stage 1, next: there is no stage '2'; allowed: 1, external:<body>",
    ),
    ('name = "acknowledge"', 'name = "personal_contact"', 'there is no clock "acknowledge"'),
    (
        "working_days = 15",
        "working_days = 15\ntarget = { working_days = 15 }",
        "the target must be shorter than the limit",
    ),
    ('id = "small"', 'id = "other"', "the file is small.toml, but its id is 'other'"),
    (
        'calendar = "england-and-wales"',
        'calendar = "x"\ntimezone = "Europe/Lundun"',
        "no time zone 'Europe/Lundun'",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), REFERENCES, ids=[row[2] for row in REFERENCES])
def test_what_a_file_mentions_must_exist(tmp_path, old, new, words):
    with pytest.raises(FaultyFile) as fault:
        load(small(tmp_path, (old, new)), "small")
    assert words in str(fault.value)


def test_what_is_no_toml_is_said_so(tmp_path):
    with pytest.raises(FaultyFile, match="this is not TOML"):
        load(folder(tmp_path, procedures__small="id = \n"), "small")


def test_an_unknown_procedure_names_its_neighbour():
    with pytest.raises(RuleError, match="no procedure 'restrat'") as unknown:
        load(RULES, "restrat")
    assert unknown.value.mend.startswith(
        "did you mean 'restart'? There are: charity, council, fos, ipes, restart"
    )


def test_an_unknown_include_is_named(tmp_path):
    faulty = small(tmp_path, ('name = "Complaints"', 'name = "Complaints"\ninclude = [{ file = "icee" }]'))
    with pytest.raises(RuleError, match="no shared file 'icee'") as unknown:
        load([RULES, faulty], "small")
    assert "did you mean 'ice'?" in unknown.value.mend


SECOND = """
[[version]]
in_force_from = 2026-07-01
name = "Complaints"
source = "Our leaflet of 2026"
calendar = "england-and-wales"
response_phrases = ["our response"]

[[version.stage]]
id = "1"
label = "stage 1"
handler = "the manager"
acknowledgement = "ack_neutral"
source = "Leaflet, page 1"

[[version.stage.clock]]
name = "acknowledge"
hours = 24
kind = "house"
source = "House promise"
"""


def test_a_case_keeps_the_version_that_was_in_force(tmp_path):
    history = load(folder(tmp_path, procedures__small=SMALL + SECOND), "small")
    assert history.on(date(2026, 6, 30)).version == "2025-01-01"
    assert history.on(date(2026, 7, 1)) is history.latest is history.version("2026-07-01")
    with pytest.raises(RuleError, match="no version '2024-01-01', only 2025-01-01, 2026-07-01"):
        history.version("2024-01-01")


def test_a_later_folder_takes_the_place_of_a_file(tmp_path):
    text = (RULES / "procedures" / "charity.toml").read_text(encoding="utf-8")
    own = folder(tmp_path, procedures__charity=text.replace("working_days = 30", "working_days = 28"))
    respond = load([RULES, own], "charity").latest.stage("1").clock("respond")
    assert respond is not None
    assert respond.within == Period(28, Unit.WORKING_DAYS)
    assert set(load_all([RULES, own])) == {"charity", "council", "fos", "ipes", "restart"}


def test_an_adjustment_sets_one_thing_and_leaves_the_rest(tmp_path):
    own = folder(
        tmp_path,
        adjust__restart="""
[conventions]
due_time = 17:00:00

[settings]
chaser = "always_acknowledge"

[contact.ice]
phone = "0800 000 0000"
verified_on = 2026-11-20
""",
    )
    shipped_one, adjusted = load(RULES, "restart").latest, load([RULES, own], "restart").latest
    respond = adjusted.stage("1").clock("respond")
    assert respond is not None
    assert respond.convention == Conventions(due_time=time(17))
    assert adjusted.settings["chaser"] == "always_acknowledge"
    assert adjusted.settings["languages"] == shipped_one.settings["languages"] == ("en", "cy")
    ice = adjusted.contacts["ice"]
    assert (ice.phone, ice.verified_on, ice.doubts) == ("0800 000 0000", date(2026, 11, 20), ())
    assert ice.email == shipped_one.contacts["ice"].email


def test_an_adjustment_with_a_typo_is_a_fault(tmp_path):
    own = folder(tmp_path, adjust__restart="[settings]\nchasers = 1\n")
    with pytest.raises(FaultyFile, match="did you mean 'chaser'"):
        load([RULES, own], "restart")


def test_one_clock_may_count_in_its_own_way():
    clocks = load(RULES, "fos").latest.desks["data_protection"].clocks["complaint"]
    assert [clock.convention.roll for clock in clocks] == [Roll.NEXT_WORKING_DAY]


def test_what_is_included_is_as_strong_as_this_text_makes_it():
    def kinds(procedure: str) -> list[Kind]:
        return [clock.kind for clock in load(RULES, procedure).latest.desks["ice"].clocks["correspondence"]]

    assert kinds("restart") == [Kind.HOUSE, Kind.INFERRED]
    assert kinds("ipes") == [Kind.HOUSE, Kind.COMMITMENT]


def test_every_number_has_a_source():
    def sources(value: Any) -> list[str]:
        if isinstance(value, dict):
            nested = [source for entry in value.values() for source in sources(entry)]
        elif isinstance(value, tuple):
            nested = [source for entry in value for source in sources(entry)]
        else:
            nested = sources(vars(value)) if hasattr(value, "__dataclass_fields__") else []
        return nested + ([value.source] if hasattr(value, "source") else [])

    for history in load_all(RULES).values():
        found = sources(history.latest)
        assert len(found) > 15
        assert all(found), history.id


@pytest.mark.parametrize(
    ("procedure", "address", "text", "expected"),
    [
        ("restart", "ice@dwp.gov.uk", "Please confirm receipt.", "examiner"),
        ("restart", "papers@ice.dwp.gov.uk", "", "examiner"),
        ("restart", "A.Person@DWP.gov.uk", "Independent Case Examiner's Office, PO Box 209", "examiner"),
        ("ipes", "a.person@dwp.gov.uk", "We need your contribution by Friday.", "jobcentre"),
        ("ipes", "a.person@dwp.gov.uk", "Hello, a question.", None),  # the domain alone decides nothing
        ("ipes", "ice@dwp.gov.uk.example", "Independent Case Examiner", None),
        ("council", "j.person@lgo.org.uk", "", "examiner"),
        ("council", "ice@dwp.gov.uk", "", None),
        ("fos", "a.person@financial-ombudsman.org.uk", "Office of the Independent Assessor", "examiner"),
        ("fos", "a.person@financial-ombudsman.org.uk", "Your case", None),
        ("charity", "casework@ombudsman.org.uk", "", "examiner"),
    ],
)
def test_partners_are_known_by_more_than_a_shared_domain(procedure, address, text, expected):
    partner = load(RULES, procedure).latest.partner(address, text)
    assert (partner and partner.role) == expected
