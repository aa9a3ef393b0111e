"""What README.md and docs/ say is true: examples run, links lead somewhere, tables list all there is."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from mailbot import settings
from mailbot.cli.main import app

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
_FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def examples(page: Path, language: str) -> list[str]:
    return [text for name, text in _FENCE.findall(read(page)) if name == language]


# Links and pictures


@pytest.mark.parametrize("page", [README, ROOT / "CHANGELOG.md", *PAGES], ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for name, heading in _LINK.findall(read(page)):
        if name.startswith("http"):
            continue
        target = page.parent / name if name else page
        assert target.exists(), f"{page.name} links to {name}"
        assert not heading or heading in headings(target), f"{page.name} links to {name}#{heading}"


def headings(page: Path) -> set[str]:
    """Anchors of the headings of a page, as forges make them."""
    found = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(read(page)))
    return {heading.replace(" ", "-") for heading in found}


def test_every_script_that_the_readme_names_can_be_run() -> None:
    for name in set(re.findall(r"\bscripts/\w+", read(README))):
        assert os.access(ROOT / name, os.X_OK), name


def test_the_readme_is_short_and_its_pictures_are_small() -> None:
    assert len(read(README).splitlines()) <= 200
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < 200_000, picture.name


# Commands


def test_the_table_of_commands_names_exactly_those_that_exist() -> None:
    rows = [line.split("|")[1] for line in read(README).splitlines() if line.startswith("| `mailbot ")]
    named = {words_of(text) for cell in rows for text in re.findall(r"`mailbot ([^`]+)`", cell)}
    assert named == set(commands(typer.main.get_command(app)))


def words_of(text: str) -> str:
    """The words of a command, without arguments (in capitals) and options."""
    return " ".join(word for word in text.split() if word.islower() and not word.startswith("-"))


def commands(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


# Examples


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A shell script in `folder`, with the `mailbot` of this environment; the first failing line ends it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_newcomer_gets_from_nothing_to_a_case_by_the_readme(tmp_path: Path) -> None:
    first = next(text for text in examples(README, "sh") if "mailbot init" in text)
    done = run(first, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No open cases." in done.stdout
    (tmp_path / "mail" / "new" / "complaint.eml").write_bytes(_COMPLAINT)
    board = run("mailbot run --once; mailbot cases --json", tmp_path)
    (case,) = map(json.loads, board.stdout.splitlines())
    story = run(f"mailbot case {case['ref']}", tmp_path).stdout
    assert "rosa@home.example" in story
    assert "counted: received" in story
    assert not list((tmp_path / "letters").glob("*")), "a new mailbox only observes"


@pytest.mark.slow
def test_the_example_of_deadlines_runs(tmp_path: Path) -> None:
    example = next(text for text in examples(README, "sh") if "mailbot deadlines" in text)
    done = run(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Respond by: 2027-01-20" in done.stdout


@pytest.mark.slow
def test_the_demo_tells_what_the_readme_says(tmp_path: Path) -> None:
    done = run("mailbot demo --out played", tmp_path)
    assert done.returncode == 0, done.stderr
    told = set(done.stdout.splitlines())
    (excerpt,) = examples(README, "text")
    assert [line for line in excerpt.splitlines() if line not in told] == []
    assert "not about a case that is known" not in done.stdout  # each answer of the team reaches its case


_COMPLAINT = b"""From: Rosa Lindqvist <rosa@home.example>
To: complaints@northbank.example
Subject: Bins not emptied
Message-ID: <rosa-1@home.example>

I wish to complain. Our bins have not been emptied for five weeks and nobody
answers the telephone. I want them emptied and an apology.

Rosa Lindqvist
"""


# The configuration


@pytest.mark.parametrize(
    "page", [README, *(ROOT / "docs" / name for name in ("connecting.md", "configuration.md"))]
)
def test_every_example_of_a_configuration_is_valid(page: Path, tmp_path: Path) -> None:
    for example in examples(page, "toml"):
        data = tomllib.loads(re.sub(r"^ {3}", "", example, flags=re.MULTILINE))
        if "contact" in data:
            continue  # it goes into rules/adjust
        text = _CONFIGURATION
        for name in data.keys() - {"mailbox"}:
            text = re.sub(rf"^\[{name}\]\n(.+\n)*", "", text, flags=re.MULTILINE)
        if "mailbox" in data:
            text = re.sub(r"^\[mailbox.server\]\n(.+\n)*", "", text, flags=re.MULTILINE)
        (tmp_path / "mailbot.toml").write_text(f"{text}\n{example}", encoding="utf-8")
        settings.load(tmp_path / "mailbot.toml")


_CONFIGURATION = """
signing_key = { env = "KEY" }

[organisation]
name = "Northbank Council"
domain = "northbank.example"
team = ["team@northbank.example"]
supervisors = ["lead@northbank.example"]

[organisation.contact]
name = "Customer Relations"
phone = "01632 960000"
post = "1 Quay Street, Northbank"

[transport]
kind = "folder"
path = "letters"

[[mailbox]]
name = "council"
address = "complaints@northbank.example"
procedure = "council"
go_live = 2026-11-01T00:00:00Z

[mailbox.server]
kind = "maildir"
path = "mail"
"""


def test_every_key_of_the_configuration_is_explained_with_its_default() -> None:
    page = read(ROOT / "docs" / "configuration.md")
    explained = {title.strip(): dict(_rows(body)) for title, body in _sections(page)}
    known = {title: _defaults(model) for title, model in _sections_of_settings().items()}
    assert explained == known


def _sections(page: str) -> Iterator[tuple[str, str]]:
    for part in page.split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        yield title, body


def _rows(body: str) -> Iterator[tuple[str, str]]:
    """(key, default) of a table; "see below" and "none" both stand for empty values."""
    for key, default in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", body, re.MULTILINE):
        yield key, default.strip().strip("`").replace("see below", "none")


def _sections_of_settings() -> dict[str, type[BaseModel]]:
    return {
        "At the top": settings.Settings,
        "organisation": settings.Organisation,
        "organisation.contact": settings.Contact,
        "organisation.safeguarding": settings.Safeguarding,
        "mailbox": settings.MailboxSettings,
        "mailbox.form": settings.Form,
        'mailbox.server with kind = "imap"': settings.ImapServer,
        'mailbox.server with kind = "maildir"': settings.MaildirFolder,
        'transport with kind = "smtp"': settings.SmtpServer,
        'transport with kind = "folder"': settings.LetterFolder,
        "limits": settings.Limits,
        "folders": settings.Folders,
        "A secret": settings.Secret,
    }


def _defaults(model: type[BaseModel]) -> dict[str, str]:
    return {name: _as_written(field.default) for name, field in model.model_fields.items()}


def _as_written(default: Any) -> str:
    if default is PydanticUndefined:
        return "-"
    if default is None or default == () or isinstance(default, BaseModel):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return f'"{default}"' if isinstance(default, str | Path) else str(default)


def test_no_section_of_the_configuration_is_forgotten() -> None:
    assert set(_models(settings.Settings)) == set(_sections_of_settings().values())


def _models(model: Any) -> Iterator[type[BaseModel]]:
    """A section and all sections inside it."""
    if get_origin(model) in (tuple, Union, UnionType):
        for part in get_args(model):
            yield from _models(part)
    elif isinstance(model, type) and issubclass(model, BaseModel):
        yield model
        for field in model.model_fields.values():
            yield from _models(field.annotation)


# Monitoring and words


def test_every_sign_of_health_is_explained() -> None:
    told = read(ROOT / "docs" / "running.md")
    names = re.findall(r'Health\(f?"([^"{]+)', read(ROOT / "mailbot" / "flows" / "health.py"))
    assert len(names) > 5
    assert [name for name in names if f"| {name}" not in told] == []


def test_the_tables_of_words_are_those_of_the_program() -> None:
    spec = spec_from_file_location("docs_tables", ROOT / "tests" / "docs_tables.py")
    assert spec is not None
    assert spec.loader is not None
    tables = module_from_spec(spec)
    spec.loader.exec_module(tables)
    page = read(tables.TEAM)
    assert page == tables.with_tables(page), "run tests/docs_tables.py"
