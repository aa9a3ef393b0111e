"""The shipped words pass their own check, and the check sees what it should."""

import re
from pathlib import Path

import pytest

from mailbot.letters import Letters, Level
from mailbot.letters.lint import objections
from mailbot.letters.source import digest_of
from mailbot.mail.quoted_text import SEPARATORS
from mailbot.shipped import folder

LETTERS = Letters([folder("templates")])
LETTERS_TABLE = Path(__file__).parents[2] / "docs" / "letters.md"


def _problems(
    tmp_path: Path, words: str, subject: str = "A subject of the right length", head: str = ""
) -> list[str]:
    (tmp_path / "letters").mkdir(exist_ok=True)
    (tmp_path / "letters" / "odd.md").write_text(f'+++\nsubject = "{subject}"\n{head}\n+++\n{words}\n')
    return [found.problem for found in objections(Letters([folder("templates"), tmp_path]), "odd")]


def test_the_shipped_letters_hold_no_fault():
    found = LETTERS.check()
    assert [finding for finding in found if finding.level is Level.FAULT] == []


def test_numbers_that_reach_a_complainant_stay_unverified_until_a_person_sets_the_date():
    found = LETTERS.check()
    assert "crisis" in {finding.where for finding in found if finding.level is Level.UNVERIFIED}


@pytest.mark.parametrize("name", ["ack_serco_1", "ice_ack", "review_needed"])
def test_letters_that_people_answer_open_with_the_line_at_which_replies_are_cut(name):
    assert LETTERS.preview(name).text.startswith(SEPARATORS if name == "ack_serco_1" else SEPARATORS[0])


@pytest.mark.parametrize(
    "name", [name for name in LETTERS.names() if name.startswith(("final_", "response_"))]
)
def test_a_response_cannot_lose_its_findings_or_its_next_step(name):
    assert len(LETTERS.head(name).must_include) == 2
    assert LETTERS.head(name).approval


def test_changed_fixed_wording_is_found_by_its_hash(tmp_path):
    (tmp_path / "blocks").mkdir()
    head = f'sha256 = "{digest_of("Words  as published.")}"\nsource = "a text"\nverified_on = 2026-01-06'
    block = tmp_path / "blocks" / "annex_1.md"
    block.write_text(f"+++\n{head}\n+++\nWords as\npublished.\n")
    assert not [
        found for found in Letters([folder("templates"), tmp_path]).check() if found.where == "annex_1"
    ]
    block.write_text(f"+++\n{head}\n+++\nWords as changed.\n")
    found = [found for found in Letters([folder("templates"), tmp_path]).check() if found.where == "annex_1"]
    assert [(finding.level, finding.problem[:30]) for finding in found] == [
        (Level.FAULT, "the fixed wording was changed:")
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Write to [email protected] now.", "[email"),
        ("Dear Mr Jones.", "title"),
        ("We answer shortly.", "shortly"),
        ("This is our final word.", "final"),
        ("By 6 January 2026.", "weekday"),
        ("By Monday 6 January 2026.", "weekday is wrong"),
        ("By Tuesday 6 January.", "year"),
        ("By 06/01/2026.", "figures"),
        ("Ring TBC.", "TBC"),
        ("{{ unknown_fact }}", "unknown_fact"),
        ("Words.\n\n{% if %}", "odd.md, line 7"),
    ],
)
def test_the_check_sees(tmp_path, words, says):
    assert says in " ".join(_problems(tmp_path, words))


def test_the_check_measures_the_subject_before_the_reference(tmp_path):
    assert "5 characters" in _problems(tmp_path, "Words.", subject="Short")[0]


def test_good_words_pass(tmp_path):
    assert _problems(tmp_path, "We write by Tuesday 6 January 2026.") == []


def test_an_optional_fact_that_is_printed_without_asking_is_found(tmp_path):
    problems = _problems(tmp_path, "Hello {{ maybe }}.", head='optional = ["maybe"]\nsample = {maybe = "x"}')
    assert problems == ["letter odd: 'maybe' is undefined"]


def test_the_documentation_names_every_letter():
    documented = re.findall(r"`(\w+)`", LETTERS_TABLE.read_text().partition("## The letters")[2])
    assert sorted(documented) == LETTERS.names()
