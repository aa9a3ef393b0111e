"""docs/examples.md: its commands run, its message can be read, and its tables name all there is."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from mailbot.casework.labels import Label
from mailbot.classify import corpus
from mailbot.classify.verdict import CaseFacts
from mailbot.cli.common import CACHE
from tests.test_readme import examples, run

PAGE = Path(__file__).parents[2] / "docs" / "examples.md"
_INIT = (
    'mailbot init --organisation "Northbank Council" --address complaints@northbank.example --procedure council '
    "--team team@northbank.example --supervisor lead@northbank.example --contact Relations "
    '--phone "01632 960000" --post "1 Quay Street" --host ""'
)
_LETTER = "From: Rosa <rosa@home.example>\nSubject: Bins\n\nI want to complain: nobody empties our bins.\n"


def tables() -> list[list[list[str]]]:
    """The tables of the page: rows of cells, headings left out."""
    found = re.findall(r"(?:^\|.*\n)+", PAGE.read_text("utf-8"), re.MULTILINE)
    return [
        [[cell.strip() for cell in line.split("|")[1:-1]] for line in one.splitlines()[2:]] for one in found
    ]


def names(cells: list[str]) -> set[str]:
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_its_message_can_be_read_and_shows_every_field(tmp_path: Path) -> None:
    (text,) = examples(PAGE, "json")
    (tmp_path / "mine.jsonl").write_text(text, "utf-8")
    (example,) = corpus.read_file(tmp_path / "mine.jsonl")
    assert example.label is Label.ESCALATION
    assert example.evidence.case is not None
    row = json.loads(text)
    of_message, of_case = tables()[:2]
    assert names([cells[0] for cells in of_message]) == {*row, "live"} == set(corpus._FIELDS)
    assert (
        names([cells[0] for cells in of_case]) == set(row["case"]) == {one.name for one in fields(CaseFacts)}
    )


def test_it_names_every_label_and_kind_that_is_told_to_people(folder: Path) -> None:
    told: dict[str, list[str]] = {}
    for label, kind, _ in tables()[2]:
        told.setdefault(label.strip("`") or list(told)[-1], []).append(kind.strip("`"))
    known = tomllib.loads((folder / "kinds.toml").read_text("utf-8"))
    assert told == {label: list(kinds) for label, kinds in known.items()}


def test_it_names_every_flag_of_the_shipped_examples(folder: Path) -> None:
    flags = {flag for one in corpus.read_examples([folder]) for flag in one.flags}
    (row,) = (cells for cells in tables()[0] if cells[0] == "`flags`")
    assert flags == names(row[1:])


@pytest.mark.slow
def test_its_commands_run(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(*examples(PAGE, "json"), "utf-8")
    (tmp_path / "letter.eml").write_text(_LETTER, "utf-8")
    assert run(_INIT, tmp_path).returncode == 0
    config = tmp_path / "mailbot.toml"
    config.write_text(f'cache = "{CACHE}"\n{config.read_text("utf-8")}', "utf-8")  # trained once is enough
    said = []
    for command in examples(PAGE, "sh"):
        done = run(command, tmp_path)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    first, _, train = said
    assert "letter.eml: new complaint" in first
    assert "mine.jsonl mine-0001: escalation" in first
    figures = [cells[0] for cells in tables()[3]]
    assert [figure for figure in figures if figure not in first] == []
    assert "0 corrections: nothing new to learn from" in train
