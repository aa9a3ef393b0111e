"""`mailbot held`: what is held, released and set aside, by somebody at the machine."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from mailbot.store import corrections, holdings, messages, tables
from mailbot.store.database import Store, open_store
from tests.cli.conftest import CACHE, Typed
from tests.cli.test_store_commands import _AT, _INIT

NOW = datetime.fromisoformat(_AT)


@pytest.fixture
def store(typed: Typed, tmp_path: Path) -> Store:
    """A store in which message 1 is held."""
    assert typed(*_INIT, "--host", "").code == 0
    config = tmp_path / "mailbot.toml"
    config.write_text(f'cache = "{CACHE}"\n{config.read_text()}')
    opened = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with opened.write() as connection:
        place = messages.Place("restart", "INBOX", "", "1")
        messages.keep(connection, place, b"x", direction="in", received=NOW, stored=NOW, state=messages.HELD)
        holdings.begin(connection, 1, NOW, "TooSlow at ?", urgent=True)
    return opened


def state(store: Store) -> tuple[str, str]:
    with store.read() as connection:
        row = messages.get(connection, 1)
    store.close()
    return row["state"], row["reason"]


def test_the_list_has_it_until_it_is_released(store: Store, typed: Typed) -> None:
    shown = typed("held", "list")
    assert (shown.code, "TooSlow at ?" in shown.out, "OPEN" in shown.out) == (1, True, True)
    assert json.loads(typed("held", "list", "--json").out)["message"] == 1
    assert typed("held", "release", "1", "--by", "Ruth").code == 0
    assert state(store) == (messages.STORED, "released by Ruth")
    assert typed("held", "list").code == 0


def test_it_is_set_aside_with_who_and_why(store: Store, typed: Typed) -> None:
    assert typed("held", "set-aside", "1", "--by", "Ruth", "--why", "rang her").code == 0
    assert state(store) == (messages.SET_ASIDE, "set aside by Ruth: rang her")
    with store.read() as connection:
        (row,) = connection.execute(tables.holding.select()).mappings()
    assert (row["ended_by"], row["why"]) == ("Ruth", "rang her")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("release", "7"), "there is no message 7"),
        (("set-aside", "1", "--why", " "), "say why"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    store: Store, typed: Typed, words: tuple[str, ...], said: str
) -> None:
    answer = typed("held", *words)
    assert (answer.code, said in answer.err) == (2, True)
    assert state(store)[0] == messages.HELD


def test_a_second_release_says_that_it_was_released(store: Store, typed: Typed) -> None:
    typed("held", "release", "1")
    answer = typed("held", "release", "1")
    assert (answer.code, "waits to be read" in answer.err) == (2, True)
    store.close()


def test_a_person_at_the_machine_says_what_a_message_is(store: Store, typed: Typed) -> None:
    assert typed("sort", "1", "nonsense").code == 2
    refused = typed("sort", "7", "complaint")
    assert (refused.code, "there is no message 7" in refused.err) == (2, True)
    told = typed("sort", "1", "complaint", "--by", "Ruth")
    assert (told.code, told.out) == (0, "Message 1 is taken up by the next pass.\n")
    with store.read() as connection:
        assert [(row["label"], row["by"]) for row in corrections.latest(connection)] == [
            ("new_complaint", "Ruth")
        ]
    assert state(store) == (messages.STORED, "sorted by Ruth")
