"""A database that an earlier version has filled: upgraded, it has every row as it was, and the work goes on."""

from dataclasses import replace

import pytest
from sqlalchemy import MetaData, create_engine

from mailbot.flows import triage
from mailbot.store import cases, messages, tables
from mailbot.store.database import open_store, upgrade
from tests.flows.world import COMPLAINT, ESCALATION, PAT, RUTH, UNCLEAR, World

SAM = "sam.okoro@other.example"


def filled(world: World) -> World:
    """A world with cases, letters, a question, and one message that is held."""
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(UNCLEAR, "2026-05-01 10:00", SAM)
    for minute in ("01", "02"):  # the second one takes in the copies of our letters
        world.pass_at(f"2026-05-01 10:{minute}")
    world.receive(ESCALATION, "2026-05-05 10:00", answers=first, subject="Re: still waiting")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triage, "read", lambda *_: 1 / 0)
        world.pass_at("2026-05-05 10:01")
    return world


def written_at(revision: str, world: World) -> World:
    """The same world on a database that only has the tables of `revision`, with all rows that fit into them."""
    old = world.folder / f"{revision}.db"
    engine = create_engine(f"sqlite:///{old}")
    upgrade(engine, revision)
    known = MetaData()
    known.reflect(engine)
    with engine.begin() as connection:
        for name, rows in world.dump().items():
            if name in known.tables and rows:
                connection.execute(tables.metadata.tables[name].insert(), rows)
    engine.dispose()
    return replace(world, parts=replace(world.parts, store=open_store(f"sqlite:///{old}")))


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_every_row_is_there_and_every_case_is_what_its_events_make_of_it(world: World, revision: str) -> None:
    before = filled(world).dump("holding")
    after = written_at(revision, world)
    assert after.dump("holding") == before
    with after.parts.store.read() as connection:
        assert cases.count(connection) == 2
        assert list(cases.check(connection)) == []
    after.parts.store.close()


def test_what_was_held_before_is_released_like_anything_that_is_held_now(world: World) -> None:
    after = written_at("0001", filled(world))
    (held,) = after.rows(tables.holding)
    (row,) = [row for row in after.mail() if row["state"] == messages.HELD]
    assert (held["message"], held["at"], held["ended"]) == (row["id"], row["triaged"], None)
    after.pass_at("2026-05-05 10:02")
    after.staff_replies(after.letters_to(RUTH, "message")[-1], "release", "2026-05-05 11:00")
    for minute in ("01", "02"):
        after.pass_at(f"2026-05-05 11:{minute}")
    assert [task.kind for task in after.case().tasks] == ["early_escalation"]
    assert after.letters_to(PAT)[-1].subject.startswith("Added to your complaint")
    after.parts.store.close()
