"""The shipped words pass their own check, and the check sees what it should."""

from pathlib import Path

import pytest

from mailbot.letters import Letters, Level
from mailbot.letters.lint import objections
from mailbot.shipped import folder


def _problems(
    tmp_path: Path, words: str, subject: str = "A subject of the right length", head: str = ""
) -> list[str]:
    (tmp_path / "letters").mkdir(exist_ok=True)
    (tmp_path / "letters" / "odd.md").write_text(f'+++\nsubject = "{subject}"\n{head}\n+++\n{words}\n')
    return [found.problem for found in objections(Letters([folder("templates"), tmp_path]), "odd")]


def test_the_shipped_letters_hold_no_fault():
    found = Letters([folder("templates")]).check()
    assert [finding for finding in found if finding.level is Level.FAULT] == []


def test_numbers_that_reach_a_complainant_stay_unverified_until_a_person_sets_the_date():
    found = Letters([folder("templates")]).check()
    assert "crisis" in {finding.where for finding in found if finding.level is Level.UNVERIFIED}


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
