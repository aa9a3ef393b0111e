"""Cases in the store: rows mirror the events, any change is found, and what is lost is written anew."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from mailbot.casework.case import Case, Deadline, DeadlineState, Party, Role, StageInstance, StageState, Task
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Contacted
from mailbot.store import case_tables, cases, tables
from mailbot.store.database import Store, open_store, put_new

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
FIRST = Changes(
    flags=("welsh",),
    parties=(Party("pat@home.example", Role.COMPLAINANT, "Pat"),),
    stages=(StageInstance("1", "1", StageState.INVESTIGATING, NOW, "1", "pat@home.example"),),
    deadlines=(
        Deadline(
            id="1/respond",
            instance="1",
            name="respond",
            kind="commitment",
            state=DeadlineState.RUNNING,
            started=NOW,
            due=NOW + timedelta(days=7),
            original_due=NOW + timedelta(days=7),
            source="text",
            count="counted",
            remind_before=(2, 1, 0),
        ),
    ),
    tasks=(Task("1/what_is_this", "what_is_this", NOW, "unsure"),),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    yield opened
    opened.close()


@pytest.fixture
def kept(store: Store) -> Case:
    """A case to which two things have happened."""
    with store.write() as connection:
        case = Case("RST-000001-X", "restart", "2018-01-01", "restart", NOW)
        cases.open_case(connection, case)
        case = cases.record(connection, case, Contacted("1", NOW), FIRST, "message 1", NOW)
        return cases.record(connection, case, Contacted("1", NOW), Changes(flags=("mp",)), "person ann", NOW)


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return list(cases.check(connection))


def test_a_case_is_what_its_events_make_it(store: Store, kept: Case) -> None:
    with store.read() as connection:
        assert cases.load(connection, kept.ref) == kept
        assert [event.cause for event in cases.events_of(connection, kept.ref)] == ["message 1", "person ann"]
    assert faults(store) == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE deadline SET due = '2027-01-01 00:00:00.000000'", "its deadlines differ"),
        ("UPDATE complaint_case SET state = 'closed'", "its row differs"),
        ("DELETE FROM party", "its parties differ"),
        (
            "INSERT INTO task SELECT case_ref, '9/x', kind, opened, reason, instance, message, proposal, sender, "
            "urgent, done_at, done_by, answer FROM task",
            "its tasks differ",
        ),
        (
            "UPDATE event SET body = replace(body, 'message 1', 'message 2') WHERE number = 1",
            "event 1: the chain is broken",
        ),
        ("UPDATE event SET body = 'no longer JSON' WHERE number = 1", "event 1: the chain is broken"),
        ("DELETE FROM event WHERE number = 1", "event 2: the chain is broken"),
        ("DELETE FROM event WHERE number = 2", "its row differs"),
    ],
)
def test_whatever_is_changed_behind_its_back_is_found(store: Store, kept: Case, sql: str, fault: str) -> None:
    with store.write() as connection:
        connection.execute(text(sql))
    assert any(fault in found and kept.ref in found for found in faults(store))


def test_rows_are_written_anew_from_the_events(store: Store, kept: Case) -> None:
    with store.write() as connection:
        for sql in (
            "DELETE FROM stage",
            "UPDATE complaint_case SET state = 'x', flags = NULL",
            "UPDATE task SET reason = ''",
        ):
            connection.execute(text(sql))
    assert len(faults(store)) == 3
    with store.write() as connection:
        cases.rebuild(connection, kept.ref)
    assert faults(store) == []


def test_two_writers_of_one_case_cannot_both_append_the_next_event(store: Store, kept: Case) -> None:
    with store.write() as connection:
        cases.record(connection, kept, Contacted("1", NOW), Changes(), "message 3", NOW)
    with pytest.raises(Exception, match="UNIQUE"), store.write() as connection:
        cases.record(connection, kept, Contacted("1", NOW), Changes(), "message 4", NOW)


def test_numbers_go_up_one_by_one_for_each_prefix(store: Store) -> None:
    with store.write() as connection:
        drawn = [cases.next_number(connection, prefix) for prefix in ("RST", "RST", "CNC", "RST")]
    assert drawn == [1, 2, 1, 3]


def test_a_merged_case_lives_on_and_a_circle_of_merges_ends(store: Store) -> None:
    with store.write() as connection:
        for ref, into in (("A", "B"), ("B", "C"), ("C", ""), ("D", "E"), ("E", "D")):
            cases.open_case(connection, Case(ref, "restart", "v", "restart", NOW, merged_into=into))
        assert [cases.survivor(connection, ref) for ref in ("A", "C", "none")] == ["C", "C", None]
        assert cases.survivor(connection, "D") in ("D", "E")


def test_only_aware_times_are_stored_and_they_come_back_in_utc(store: Store, kept: Case) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="only aware times"), store.write() as connection:
        connection.execute(update(case_tables.case).values(received=naive))
    with store.read() as connection:
        assert cases.load(connection, kept.ref).received == NOW


def test_putting_a_new_row_tells_whether_it_was_new(store: Store) -> None:
    with store.write() as connection:
        row = {"name": "RST", "last": 1}
        assert put_new(connection, tables.counter, row)
        assert not put_new(connection, tables.counter, row | {"last": 2})
        assert connection.scalar(text("SELECT last FROM counter")) == 1
