"""From the mailbox into the store: everything once, nothing before go_live, and again after any accident."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from mailbot.errors import MailboxUnavailable
from mailbot.flows.collect import collect
from mailbot.mailboxes.protocol import Fetched, Key, Listing
from mailbot.store import tables
from tests.flows.world import COMPLAINT, PAT, World, at, settings_in

NOW = at("2026-05-01 12:00")


@dataclass
class Numbered:
    """A mailbox that numbers its messages as IMAP does, and can misbehave."""

    name: str = "restart"
    validity: str = "1"
    mail: dict[int, tuple[bytes, datetime]] = field(default_factory=dict)
    vanished: set[int] = field(default_factory=set)
    marked: list[str] = field(default_factory=list)
    fails_after: int | None = None  # messages handed over before the connection breaks
    fails_to_mark: bool = False

    def listing(self, folder: str, validity: str | None, after: str | None) -> Listing:
        low = int(after) if after and validity == self.validity else 0
        return Listing(
            self.validity, tuple(Key(folder, self.validity, str(uid)) for uid in self.mail if uid > low)
        )

    def fetch(self, keys: Sequence[Key]) -> Iterator[Fetched]:
        for number, key in enumerate(keys):
            if number == self.fails_after:
                raise MailboxUnavailable("gone")
            if int(key.uid) not in self.vanished:
                yield Fetched(key, *self.mail[int(key.uid)])

    def mark(self, keys: Sequence[Key]) -> None:
        if self.fails_to_mark:
            raise MailboxUnavailable("gone")
        self.marked += [key.uid for key in keys]


@pytest.fixture
def mailbox(world: World) -> Numbered:
    raw = world.letter(COMPLAINT, PAT, "restart.complaints@serco.example", "2026-05-01 10:00")
    return Numbered(mail={uid: (raw + b"%d" % uid, NOW) for uid in (4, 7, 9)})


def take(world: World, mailbox: Numbered) -> int:
    box = world.parts.boxes["restart"]
    return collect(world.parts, box, mailbox, "INBOX", "in", NOW)  # type: ignore[arg-type]  # as much of a Mailbox as it needs


def uids(world: World) -> list[str]:
    return [row["uid"] for row in world.rows(tables.message)]


def test_each_message_is_kept_once_and_then_marked(world: World, mailbox: Numbered) -> None:
    assert take(world, mailbox) == 3
    first = world.dump()
    assert take(world, mailbox) == 0
    assert world.dump() == first
    assert mailbox.marked == ["4", "7", "9"]
    assert world.rows(tables.position)[0]["low_water"] == "9"


def test_mail_from_before_go_live_is_left_alone(world: World, mailbox: Numbered) -> None:
    mailbox.mail[4] = (mailbox.mail[4][0], at("2025-12-31 23:59"))
    take(world, mailbox)
    assert world.states() == ["left_alone", "stored", "stored"]
    assert mailbox.marked == ["7", "9"]
    assert len(world.rows(tables.raw)) == 2  # none of its words are kept
    assert take(world, mailbox) == 0


def test_a_renumbered_folder_brings_nothing_twice_and_loses_nothing(world: World, mailbox: Numbered) -> None:
    take(world, mailbox)
    raws = list(mailbox.mail.values())
    mailbox.validity = "2"
    mailbox.mail = dict(enumerate([*raws, (b"Subject: new\r\n\r\nnew", NOW)], start=1))
    assert take(world, mailbox) == 1
    assert [(row["validity"], row["uid"]) for row in world.rows(tables.message)] == [
        ("2", str(uid)) for uid in (1, 2, 3, 4)
    ]


def test_what_a_dead_process_kept_and_did_not_mark_is_marked_by_the_next(
    world: World, mailbox: Numbered
) -> None:
    mailbox.fails_to_mark = True
    with pytest.raises(MailboxUnavailable):
        take(world, mailbox)
    mailbox.fails_to_mark = False
    assert take(world, mailbox) == 0
    assert mailbox.marked == ["4", "7", "9"]


def test_one_message_that_has_vanished_does_not_stop_the_others(world: World, mailbox: Numbered) -> None:
    mailbox.vanished = {7}
    assert take(world, mailbox) == 2
    del mailbox.mail[7]
    assert take(world, mailbox) == 0
    assert uids(world) == ["4", "9"]


def test_one_message_that_was_not_handed_over_is_asked_for_again(world: World, mailbox: Numbered) -> None:
    mailbox.vanished = {7}
    take(world, mailbox)
    mailbox.vanished = set()
    assert take(world, mailbox) == 1
    assert uids(world) == ["4", "9", "7"]


def test_a_broken_connection_loses_nothing(world: World, mailbox: Numbered) -> None:
    mailbox.fails_after = 2
    with pytest.raises(MailboxUnavailable):
        take(world, mailbox)
    mailbox.fails_after = None
    take(world, mailbox)
    assert uids(world) == ["4", "7", "9"]


def test_observing_changes_nothing_on_the_server(world: World, mailbox: Numbered) -> None:
    watching = world.with_settings(box={"mode": "observe"})
    assert take(watching, mailbox) == 3
    assert mailbox.marked == []


def test_handled_mail_moves_where_the_maildir_asks_for_it(make) -> None:  # type: ignore[no-untyped-def]  # the fixture's own type
    world = make()
    path = settings_in(world.folder).mailbox[0].server.path
    world = world.with_settings(box={"server": {"kind": "maildir", "path": path, "filing": "move"}})
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    assert not list((path / "new").iterdir())
    assert len(list((path / ".mailbot" / "cur").iterdir())) == 1
