"""`mailbot classify`, `evaluate` and `replay`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CACHE, Typed

pytestmark = pytest.mark.slow  # the classifier is trained once

_COMPLAINT = b"""From: Anna Webb <anna.webb@post.example>
To: restart.complaints@provider.example
Subject: Three missed phone appointments
Date: Mon, 27 Apr 2026 10:00:00 +0100
Message-ID: <one@post.example>
Content-Type: text/plain; charset=utf-8

My adviser at Brightwater Works was meant to phone me on 9, 16 and 23 April. I sat by the phone each time. Nobody rang,
and nobody answered when I rang the office myself. On Saturday I then got a letter saying that I had missed an
appointment on the 23rd. I did not miss it, they did. I want to complain about this, and please can somebody put it right?

Anna Webb
"""
_BOUNCE = b"""From: MAILER-DAEMON@mail.example
To: restart.complaints@provider.example
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Content-Type: text/plain

The mail system could not deliver your message.
"""


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    (tmp_path / "complaint.eml").write_bytes(_COMPLAINT)
    (tmp_path / "bounce.eml").write_bytes(_BOUNCE)
    return tmp_path


def test_classify_prints_one_object_a_line_with_all_its_keys(typed: Typed, mail: Path) -> None:
    answer = typed("classify", "complaint.eml", "bounce.eml", "--procedure", "restart", "--json")
    complaint, bounce = [json.loads(line) for line in answer.out.splitlines()]
    assert set(complaint) == {
        "file", "label", "confidence", "probabilities", "abstained", "screened", "may_acknowledge", "flags", "reasons",
    }  # fmt: skip
    assert complaint["label"] == "new_complaint"
    assert complaint["screened"] == "person"
    assert complaint["may_acknowledge"] is True
    assert sum(complaint["probabilities"].values()) == pytest.approx(1, abs=0.01)
    assert bounce["may_acknowledge"] is False
    assert mail.joinpath("complaint.eml").read_bytes() == _COMPLAINT


def test_classify_reads_labelled_rows_and_evaluate_measures_them(typed: Typed, tmp_path: Path) -> None:
    rows = [
        {"id": "x-1", "procedure": "restart", "label": "new_complaint", "kind": "direct", "stage": None, "flags": [],
         "from_name": "Anna Webb", "from_addr": "anna@post.example", "to_addr": "restart@provider.example",
         "subject": "Complaint", "body": _COMPLAINT.decode().partition("\n\n")[2], "html": None, "reply": False,
         "attachments": []},
    ]  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert json.loads(typed("classify", "rows.jsonl", "--json").out)["id"] == "x-1"
    report = json.loads(typed("evaluate", "rows.jsonl", "--json").out)
    assert report["messages"] == 1
    assert {"macro_f1", "confusion", "ece", "brier", "coverage"} <= set(report)


@pytest.mark.parametrize(
    ("name", "content", "told"), [("rows.jsonl", "{", "line 1"), ("gone.eml", None, "cannot be read")]
)
def test_an_unreadable_file_is_named(
    typed: Typed, tmp_path: Path, name: str, content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    answer = typed("classify", name)
    assert answer.code == 2
    assert told in answer.err


@pytest.mark.parametrize("command", ["classify", "evaluate"])
def test_a_wrong_field_is_named_with_file_and_message(typed: Typed, tmp_path: Path, command: str) -> None:
    row = {"id": "x-7", "label": "escalation", "body": "No.", "case": {"answerd": True}}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    answer = typed(command, "rows.jsonl")
    assert answer.code == 2
    assert (
        "rows.jsonl line 1, message x-7: its case has an unknown key 'answerd' (known: answered,"
        in answer.err
    )
    assert "in its case 'overdue' is missing" in answer.err


def test_replay_shows_letters_and_leaves_nothing_behind(typed: Typed, mail: Path) -> None:
    options = [
        "--organisation",
        "Provider",
        "--address",
        "restart.complaints@provider.example",
        "--procedure",
        "restart",
    ]
    people = ["--team", "team@provider.example", "--supervisor", "lead@provider.example", "--contact", "Ann"]
    typed("init", *options, *people, "--phone", "0300 1", "--post", "1 Road", "--host", "")
    config = mail / "mailbot.toml"
    config.write_text(f'cache = "{CACHE}"\n{config.read_text()}')
    before = sorted(path for path in mail.rglob("*") if path.is_file() and "cache" not in path.parts)
    answer = typed("replay", "complaint.eml", "bounce.eml")
    assert answer.code == 0
    assert "We have your complaint" in answer.out
    assert "promise: 1/respond by 11:59pm on Tuesday 5 May 2026" in answer.out
    assert "bounce.eml" in answer.out
    after = sorted(path for path in mail.rglob("*") if path.is_file() and "cache" not in path.parts)
    assert [path for path in after if path not in before and not path.name.startswith("mailbot.db")] == []
