"""A process killed with signal 9 at any point of the path: the next one finishes the work, and nothing happens twice."""

import importlib
import os
import signal
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from mailbot.store import cases, outbox, tables
from mailbot.transports import folder
from tests.flows.world import COMPLAINT, FROM_ICE, ICE, PAT, UNCLEAR, Rooms, World, make_world

PASS = "2026-05-05 09:00"
LATER = "2026-05-05 09:10"

# What is called when the process dies, and whether it dies before or after that has been done.
POINTS = {
    "bytes written and not committed": ("mailbot.store.messages.keep", "after"),
    "bytes committed, place not remembered": ("mailbot.flows.collect._remember_position", "before"),
    "kept and not marked": ("mailbot.mailboxes.maildir.MaildirMailbox.mark", "before"),
    "marked and not noted so": ("mailbot.store.messages.set_marked", "before"),
    "decided and not committed": ("mailbot.flows.arrival.arrive", "after"),
    "decided and committed": ("mailbot.app.triage", "after"),
    "claimed": ("mailbot.flows.dispatch._claim", "after"),
    "about to be handed over": ("mailbot.transports.folder.file_name", "after"),
    "marked as handed over, not yet written": ("mailbot.transports.folder.write_new", "before"),
    "sent and not settled": ("mailbot.flows.dispatch._settle", "before"),
    "settled and not committed": ("mailbot.flows.dispatch._settle", "after"),
    "sent and no copy filed": ("mailbot.mailboxes.maildir.MaildirMailbox.append", "before"),
    "copy filed and not noted so": ("mailbot.mailboxes.maildir.MaildirMailbox.append", "after"),
    "time has passed, not committed": ("mailbot.flows.timers._page_the_second", "before"),
    "reminder queued and not committed": ("mailbot.flows.remind._tell", "after"),
    "digest written and not committed": ("mailbot.flows.digest.digest_facts", "after"),
}
SURELY_SENT_ONCE = (
    set(POINTS)
    - {"marked as handed over, not yet written", "sent and not settled"}
    - {"settled and not committed"}
)


def dying(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dies(*arguments: Any, **named: Any) -> None:
        if when == "after":
            function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return dies


def break_off(point: str) -> None:
    path, when = POINTS[point]
    owner_path, _, name = path.rpartition(".")
    try:
        owner: Any = importlib.import_module(owner_path)
    except ModuleNotFoundError:
        module, _, class_name = owner_path.rpartition(".")
        owner = getattr(importlib.import_module(module), class_name)
    setattr(owner, name, dying(getattr(owner, name), when))


def killed_pass(home: Path, rooms: Rooms, point: str) -> None:
    write_new = folder.write_new

    def counted(scratch: Path, target: Path, data: bytes) -> bool:
        fresh = write_new(scratch, target, data)
        with (home / "written").open("a") as log:
            log.write(f"{target.name}\n")
        return fresh

    folder.write_new = counted
    break_off(point)
    make_world(home, rooms).pass_at(PASS)


def filled(world: World) -> World:
    """Three people and an examiner have written; one of them on Friday, so that reminders are due."""
    world.receive(COMPLAINT, "2026-04-28 09:00", "early@far.example")
    world.pass_at("2026-04-28 09:01")
    world.receive(COMPLAINT, "2026-05-05 08:50")
    world.receive(UNCLEAR, "2026-05-05 08:51", "sam@other.example", subject="hmm")
    world.receive(FROM_ICE, "2026-05-05 08:52", ICE, subject="Our reference 991")
    world.parts.store.close()
    return world


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_the_next_process_finishes_the_work(world: World, rooms: Rooms, point: str) -> None:
    filled(world)
    process = get_context("fork").Process(target=killed_pass, args=(world.folder, rooms, point))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, "the point was never reached"

    world.pass_at(LATER)
    world.pass_at(LATER)
    assert world.states() == ["filed"] * 4
    assert len({row["case_ref"] for row in world.mail()}) == 4 == len(world.refs())
    with world.parts.store.read() as connection:
        assert list(cases.check(connection)) == []

    letters = [row for row in world.rows(tables.outbox) if row["acknowledges"]]
    assert len(letters) == 4
    written = (
        Counter((world.folder / "written").read_text().split())
        if (world.folder / "written").exists()
        else Counter()
    )
    again = Counter(letter.message_id for letter in world.letters())
    assert max(again.values()) == 1
    assert all(times == 1 for times in written.values())
    allowed = {outbox.SENT} if point in SURELY_SENT_ONCE else {outbox.SENT, outbox.UNKNOWN}
    assert {row["state"] for row in world.rows(tables.outbox)} <= allowed
    for row in letters:
        if row["state"] == outbox.UNKNOWN:
            tasks = [task for number in range(1, 5) for task in world.case(number).tasks]
            assert any(task.kind == "acknowledge_by_hand" and task.urgent for task in tasks)
        else:
            assert len(world.letters_to(row["recipient"], row["case_ref"])) == 1
    assert len(world.letters_to(PAT)) <= 1
