"""Messages in the store: the bytes as they came, each place once, and two processes at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.store import messages
from mailbot.store.database import Store, open_store
from mailbot.store.messages import Place

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
HERE = Place("restart", "INBOX", "1", "7")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    yield opened
    opened.close()


def keep(store: Store, place: Place, raw: bytes) -> bool:
    with store.write() as connection:
        return messages.keep(connection, place, raw, direction="in", received=NOW, stored=NOW)


@settings(max_examples=30, deadline=None)
@given(raw=st.binary(max_size=2000))
def test_bytes_come_back_exactly_as_they_were(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('bytes') / 'mailbot.db'}")
    assert keep(store, HERE, raw)
    with store.read() as connection:
        assert messages.raw_of(connection, 1) == raw
    store.close()


def test_a_place_is_kept_once_whatever_it_holds(store: Store) -> None:
    assert keep(store, HERE, b"first")
    assert not keep(store, HERE, b"second")
    with store.read() as connection:
        assert messages.raw_of(connection, 1) == b"first"


@pytest.mark.parametrize(
    "other",
    [
        Place("ipes", "INBOX", "1", "7"),
        Place("restart", "Sent", "1", "7"),
        Place("restart", "INBOX", "2", "7"),
    ],
)
def test_the_same_number_elsewhere_is_another_message(store: Store, other: Place) -> None:
    assert keep(store, HERE, b"same bytes")
    assert keep(store, other, b"same bytes")


def test_known_numbers_are_told_from_new_ones_however_many(store: Store) -> None:
    with store.write() as connection:
        for uid in range(0, 1300, 2):
            place = Place("restart", "INBOX", "1", str(uid))
            messages.keep(connection, place, b"%d" % uid, direction="in", received=NOW, stored=NOW)
    asked = [str(uid) for uid in range(1300)]
    with store.read() as connection:
        known = messages.known_uids(connection, "restart", "INBOX", "1", asked)
        assert known == {str(uid) for uid in range(0, 1300, 2)}
        assert messages.known_uids(connection, "restart", "INBOX", "2", asked) == set()


def test_the_first_case_to_hold_an_id_keeps_it(store: Store) -> None:
    with store.write() as connection:
        messages.remember_id(connection, "<a@x.example>", "RST-1")
        messages.remember_id(connection, "<a@x.example>", "RST-2")
        messages.remember_id(connection, "", "RST-3")
        messages.remember_id(connection, f"<{'l' * 300}@x.example>", "RST-4")
        assert messages.cases_by_id(connection, ["<a@x.example>", ""]) == {"<a@x.example>": "RST-1"}


def _write_many(url: str, folder: str) -> None:
    store = open_store(url)
    for uid in range(40):
        keep(store, Place("restart", folder, "1", str(uid)), b"body")
    store.close()


@pytest.mark.slow
def test_two_processes_write_at_the_same_time_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mailbot.db'}"
    start = get_context("fork").Process
    writers = [start(target=_write_many, args=(url, folder)) for folder in ("INBOX", "Sent")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with store.read() as connection:
        assert messages.counts(connection) == {"stored": 80}
