"""The same mail gives the same cases, and a second pass gives nothing new."""

import shutil
from collections.abc import Callable

import pytest

from mailbot.store import tables
from tests.flows.world import (
    CHAT,
    COMPLAINT,
    CONTRIBUTION,
    ESCALATION,
    FORMAL,
    FROM_ICE,
    ICE,
    PAT,
    UNCLEAR,
    World,
)


def fill(world: World) -> None:
    """A fortnight of mail of every kind, waiting to be read."""
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    response = world.team_sends(FORMAL, PAT, "2026-05-07 10:00", subject="Our response", answers=first)
    world.receive(ESCALATION, "2026-05-08 10:00", subject="Re: Our response", answers=response)
    world.receive(UNCLEAR, "2026-05-05 09:00", "sam@other.example", subject="hmm")
    world.receive(FROM_ICE, "2026-05-05 09:00", ICE, subject="Our reference 991")
    world.receive(f"{CONTRIBUTION} Jobcentre Plus", "2026-05-05 09:30", "lead@dwp.gov.uk", subject="Request")
    world.receive(CHAT, "2026-05-06 09:00", "kim@far.example")
    world.receive(COMPLAINT, "2026-05-06 09:00", "lee@far.example", subject="RST-000001-X")
    world.receive(f"{COMPLAINT} I am going to kill myself.", "2026-05-06 11:00", "jo@far.example")
    world.receive(CHAT, "2026-05-06 12:00", "oof@far.example", headers={"Auto-Submitted": "auto-replied"})
    for number in range(60):  # more than one batch
        sender = f"person{number}@place{number}.example"
        world.receive(COMPLAINT, f"2026-05-07 {8 + number // 30:02}:{number % 30:02}", sender)


MOMENTS = ("2026-05-08 12:00", "2026-05-11 08:00", "2026-05-12 08:00")


@pytest.mark.slow
def test_the_same_mailbox_from_an_empty_database_gives_the_same_rows(make: Callable[..., World]) -> None:
    one, other = make("one"), make("other")
    fill(one)
    shutil.copytree(one.maildir(), other.maildir(), dirs_exist_ok=True)
    for world in (one, other):
        for moment in MOMENTS:
            world.pass_at(moment)
    assert len(one.refs()) > 60
    # `uid` of our own copies in Sent holds the clock and process that filed them.
    copies = {row["message_id"] for row in one.rows(tables.outbox)}
    left, right = ({**world.dump("message", "raw"), "mail": world.mail()} for world in (one, other))
    assert left == right
    assert copies == {row["message_id"] for row in other.rows(tables.outbox)}


@pytest.mark.slow
def test_a_second_pass_changes_nothing_and_writes_no_letter(world: World) -> None:
    fill(world)
    for moment in MOMENTS:
        world.pass_at(moment)
        world.pass_at(moment)  # takes in the copies of its own letters
        rows, letters = world.dump("heartbeat"), len(world.letters())
        world.pass_at(moment)
        assert world.dump("heartbeat") == rows
        assert len(world.letters()) == letters
