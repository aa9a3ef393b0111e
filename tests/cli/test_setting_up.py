"""A newcomer sets mailbot up: `init` and `doctor`."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Typed = Callable[..., Any]

_ANSWERS = {
    "--organisation": 'The "Quay" Office',
    "--address": "complaints@quay.example",
    "--procedure": "restart",
    "--team": "team@quay.example",
    "--supervisor": "lead@quay.example",
    "--contact": "The complaints team",
    "--phone": "01632 960000",
    "--post": "1 Quay Street",
    "--host": "",
}


def init(typed: Typed, **other: str) -> Any:
    answers = _ANSWERS | {f"--{name}": value for name, value in other.items()}
    return typed("init", *(word for answer in answers.items() for word in answer))


def test_init_writes_what_was_answered_and_leaves_what_is_there(typed: Typed) -> None:
    assert init(typed).code == 0
    written = Path("mailbot.toml").read_text(encoding="utf-8")
    assert tomllib.loads(written)["organisation"]["name"] == 'The "Quay" Office'
    assert Path("mailbot.key").stat().st_mode & 0o077 == 0
    assert Path("mail/new").is_dir()
    again = init(typed, organisation="Another")
    assert (again.code, Path("mailbot.toml").read_text(encoding="utf-8")) == (2, written)


def test_init_writes_nothing_for_a_procedure_that_nobody_knows(typed: Typed) -> None:
    answer = init(typed, procedure="restrat")
    assert answer.code == 2
    assert "restart" in answer.err
    assert list(Path().iterdir()) == []


@pytest.mark.slow
def test_doctor_finds_unconfirmed_contacts_a_fault_only_where_letters_are_sent(typed: Typed) -> None:
    init(typed)
    observing = typed("doctor")
    assert (observing.code, "mailbot rules check" in observing.out) == (0, True)
    config = Path("mailbot.toml")
    config.write_text(config.read_text(encoding="utf-8").replace('"observe"', '"send"'), encoding="utf-8")
    sending = typed("doctor")
    assert sending.code == 1
    assert "LOOK  rules confirmed for sending: " in sending.out
