"""`mailbot init`, `run`, `cases`, `case`, `status` and `db check`, as somebody does them for the first time."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from mailbot.mailboxes.delivery import deliver
from mailbot.store.database import open_store
from tests.cli.conftest import CACHE, Typed
from tests.cli.test_reading_commands import _COMPLAINT

_INIT = [
    "init",
    "--organisation",
    "Provider",
    "--address",
    "restart.complaints@provider.example",
    "--procedure",
    "restart",
    "--team",
    "team@provider.example",
    "--supervisor",
    "lead@provider.example",
    "--contact",
    "Ann",
    "--phone",
    "0300",
    "--post",
    "Road",
]
_AT = "2026-04-27T10:05:00+01:00"


@pytest.fixture
def desk(typed: Typed, tmp_path: Path) -> Typed:
    assert typed(*_INIT, "--host", "").code == 0
    config = tmp_path / "mailbot.toml"
    words = config.read_text().replace("go_live = 2", "go_live = 2020-01-01T00:00:00Z # 2")
    config.write_text(f'cache = "{CACHE}"\n{words}')
    return typed


@pytest.mark.slow
def test_a_first_pass_keeps_the_complaint_and_only_observes(desk: Typed, tmp_path: Path) -> None:
    deliver(tmp_path / "mail", _COMPLAINT)
    assert desk("run", "--once").code == 0
    board = json.loads(desk("cases", "--json").out)
    assert board["stage"] == "1"
    chronology = desk("case", board["ref"].lower()).out
    assert "received from complainant: new complaint" in chronology
    assert "counted:" in chronology
    case = json.loads(desk("case", board["ref"], "--json").out)
    assert case["letters"] == []  # it observes
    assert json.loads(desk("status", "--json").out)["cases"] == 1


@pytest.mark.slow
def test_a_mailbox_with_open_cases_cannot_be_left_out(desk: Typed, tmp_path: Path) -> None:
    deliver(tmp_path / "mail", _COMPLAINT)
    desk("run", "--once")
    config = tmp_path / "mailbot.toml"
    config.write_text(config.read_text().replace('name = "restart"', 'name = "another"'))
    answer = desk("run", "--once")
    assert answer.code == 2
    assert "cases are open in restart" in answer.err


@pytest.mark.slow
def test_db_check_finds_what_was_changed_by_hand_and_mends_it(desk: Typed, tmp_path: Path) -> None:
    deliver(tmp_path / "mail", _COMPLAINT)
    desk("run", "--once")
    assert desk("db", "check").code == 0
    store = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with store.write() as connection:
        connection.execute(text("update deadline set due = '2030-01-01 00:00:00.000000'"))
    store.close()
    found = desk("db", "check")
    assert found.code == 1
    assert "deadlines differ from its events" in found.out
    assert desk("db", "check", "--mend").code == 0


def test_a_second_init_overwrites_nothing(desk: Typed, tmp_path: Path) -> None:
    before = (tmp_path / "mailbot.toml").read_text()
    again = desk(*_INIT, "--host", "")
    assert again.code == 2
    assert "is there already" in again.err
    assert (tmp_path / "mailbot.toml").read_text() == before


def test_at_goes_only_with_once(desk: Typed) -> None:
    answer = desk("run", "--at", _AT)
    assert answer.code == 2
    assert "--once" in answer.err


def test_an_unknown_case_says_where_to_look(desk: Typed) -> None:
    answer = desk("case", "RST-000009-H")
    assert answer.code == 2
    assert "mailbot cases --all" in answer.err
