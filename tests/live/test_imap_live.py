"""The IMAP mailbox against a real Dovecot: colleagues, expunges, renumbering, dropped sessions, hidden capabilities."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes import imap_read
from mailbot.mailboxes.imap import ImapMailbox
from mailbot.mailboxes.protocol import Key
from tests.live.certificates import make_certificate
from tests.live.dovecot import Dovecot
from tests.live.peers import Box, MailSystem
from tests.live.people import Person

pytestmark = pytest.mark.live


@dataclass
class Desk:
    """A fresh mailbox, the colleague who works in it by hand, and the way to open it as mailbot does."""

    system: MailSystem
    box: Box
    colleague: Person
    cleaning: ExitStack

    def mailbox(self, **settings: object) -> ImapMailbox:
        usual: dict[str, object] = {
            "name": "team",
            "host": "127.0.0.1",
            "port": self.system.imap_port,
            "tls": "none",
            "user": self.box.address,
            "password": lambda: self.box.password,
            "timeout": 20.0,
        }
        made = ImapMailbox(**(usual | settings))  # type: ignore[arg-type]
        self.cleaning.callback(made.close)
        return made

    def deliver(self, *texts: str) -> None:
        for text in texts:
            raw = f"Message-ID: <{text}@home.example>\r\nSubject: {text}\r\n\r\n{text}\r\n"
            self.system.deliver(self.box, raw.encode())


@pytest.fixture
def desk(mail_system: MailSystem) -> Iterator[Desk]:
    box = mail_system.mailbox("desk")
    with ExitStack() as cleaning:
        yield Desk(mail_system, box, mail_system.owner(box), cleaning)


def keys(mailbox: ImapMailbox, folder: str = "INBOX") -> tuple[Key, ...]:
    return mailbox.listing(folder, None, None).keys


def subjects(mailbox: ImapMailbox, wanted: tuple[Key, ...]) -> list[str]:
    return [one.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for one in mailbox.fetch(wanted)]


@pytest.mark.parametrize("tls", ["tls", "starttls", "none"])
def test_mail_is_read_with_its_time_and_stays_unread(desk: Desk, tls: str) -> None:
    port = desk.system.imaps_port if tls == "tls" else desk.system.imap_port
    mailbox = desk.mailbox(tls=tls, port=port, ca_file=desk.system.ca_file, filing="none")
    desk.deliver("one", "two")
    fetched = list(mailbox.fetch(keys(mailbox)))
    mailbox.mark(keys(mailbox))
    assert [one.raw.splitlines()[-1] for one in fetched] == [b"one", b"two"]
    assert all(abs(datetime.now(UTC) - one.received) < timedelta(seconds=30) for one in fetched)
    assert desk.colleague.flags() == [set(), set()]


def test_an_empty_folder_is_an_empty_listing(desk: Desk) -> None:
    assert keys(desk.mailbox()) == ()


def test_only_what_is_above_is_listed_and_never_the_last_message_again(desk: Desk) -> None:
    mailbox = desk.mailbox()
    desk.deliver("one", "two")
    first = mailbox.listing("INBOX", None, None)
    assert mailbox.listing("INBOX", first.validity, first.keys[-1].uid).keys == ()
    desk.deliver("three")
    later = mailbox.listing("INBOX", first.validity, first.keys[-1].uid)
    assert subjects(mailbox, later.keys) == ["three"]


def test_a_colleague_who_reads_hides_nothing_and_is_not_undone(desk: Desk) -> None:
    mailbox = desk.mailbox()
    desk.deliver("one", "two")
    hand = desk.colleague.imap(readonly=False)
    hand.store("1", "+FLAGS", "\\Seen \\Flagged")
    hand.logout()
    assert subjects(mailbox, keys(mailbox)) == ["one", "two"]
    mailbox.mark(keys(mailbox))
    mailbox.mark(keys(mailbox))
    assert desk.colleague.flags() == [{"\\Seen", "\\Flagged", "mailbot"}, {"mailbot"}]


def test_what_a_colleague_expunges_meanwhile_is_simply_not_there(desk: Desk) -> None:
    mailbox = desk.mailbox()
    desk.deliver("one", "two", "three")
    listed = keys(mailbox)
    hand = desk.colleague.imap(readonly=False)
    hand.store("2", "+FLAGS", "\\Deleted")
    hand.expunge()
    hand.logout()
    assert subjects(mailbox, listed) == ["one", "three"]
    mailbox.mark(listed)
    assert desk.colleague.flags() == [{"mailbot"}, {"mailbot"}]


def test_a_struck_out_message_of_a_colleague_survives_our_moves(desk: Desk) -> None:
    mailbox = desk.mailbox(filing="move")
    desk.deliver("one", "two")
    first, second = keys(mailbox)
    hand = desk.colleague.imap(readonly=False)
    hand.store("1", "+FLAGS", "\\Deleted")
    mailbox.mark([second])
    hand.logout()
    assert (desk.colleague.flags(), desk.colleague.flags("mailbot")) == ([{"\\Deleted"}], [set()])
    assert keys(mailbox) == (first,)


def test_moved_mail_keeps_its_bytes_and_its_unread_mark(desk: Desk) -> None:
    mailbox = desk.mailbox(filing="move", filed_folder="Bearbeitet ä/mailbot")
    desk.deliver("one")
    listed = keys(mailbox)
    mailbox.mark(listed)
    mailbox.mark(listed)
    assert keys(mailbox) == ()
    assert subjects(mailbox, keys(mailbox, "Bearbeitet ä/mailbot")) == ["one"]


def test_after_a_renumbering_everything_is_listed_again_and_old_uids_name_nothing(desk: Desk) -> None:
    mailbox = desk.mailbox()
    desk.deliver("one", "two")
    before = mailbox.listing("INBOX", None, None)
    desk.system.dovecot.renumber(desk.box.address)
    after = mailbox.listing("INBOX", before.validity, before.keys[-1].uid)
    assert after.validity != before.validity
    assert sorted(subjects(mailbox, after.keys)) == ["one", "two"]
    assert list(mailbox.fetch(before.keys)) == []
    mailbox.mark(before.keys)
    assert desk.colleague.flags() == [set(), set()]


def test_a_dropped_session_is_renewed_within_the_call(desk: Desk) -> None:
    mailbox = desk.mailbox()
    desk.deliver("one")
    listed = keys(mailbox)
    for step in (lambda: keys(mailbox), lambda: list(mailbox.fetch(listed)), lambda: mailbox.mark(listed)):
        desk.system.dovecot.kick(desk.box.address)
        step()
    assert desk.colleague.flags() == [{"mailbot"}]


def test_a_session_dropped_between_two_batches_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_read, "_BATCH_BYTES", 200)
    mailbox = desk.mailbox()
    desk.deliver(*(f"letter-{number}" for number in range(9)))
    fetching = mailbox.fetch(keys(mailbox))
    first = next(fetching)
    desk.system.dovecot.kick(desk.box.address)
    assert len({first.raw} | {one.raw for one in fetching}) == 9


def test_large_folders_are_listed_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_read, "_CHUNK", 4)
    mailbox = desk.mailbox()
    desk.deliver(*(f"letter-{number}" for number in range(11)))
    listed = mailbox.listing("INBOX", None, None)
    assert [int(key.uid) for key in listed.keys] == list(range(1, 12))
    for known in range(12):
        part = mailbox.listing("INBOX", listed.validity, str(known)).keys
        assert [int(key.uid) for key in part] == list(range(known + 1, 12))


def test_of_an_oversized_message_the_beginning_is_taken_and_its_neighbours_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_read, "HEAD_BYTES", 100)
    mailbox = desk.mailbox(largest=5000)
    desk.deliver("one")
    desk.system.deliver(desk.box, b"Subject: big\r\n\r\n" + b"0123456789" * 1000)
    desk.deliver("three")
    sizes = [(len(one.raw), one.whole_size is not None) for one in mailbox.fetch(keys(mailbox))]
    assert (sizes[1], [large for _, large in sizes]) == ((100, True), [False, True, False])
    assert desk.colleague.flags() == [set(), set(), set()]


@pytest.mark.parametrize(
    ("folder", "flags"), [("Sent", {"\\Seen"}), ("Drafts", {"\\Draft"}), ("New one", set())]
)
def test_a_copy_is_kept_once(desk: Desk, folder: str, flags: set[str]) -> None:
    mailbox, raw = desk.mailbox(), b"Message-ID: <mb.1@desk.test>\r\nSubject: letter\r\n\r\nwords\n"
    for _ in range(2):
        mailbox.append(folder, raw, "<mb.1@desk.test>")
    assert desk.colleague.flags(folder) == [flags]
    assert subjects(mailbox, keys(mailbox, folder)) == ["letter"]


def notices(mailbox: ImapMailbox, act: Callable[[], None], seconds: float = 20) -> float:
    """Seconds from `act` to the end of a wait that it was a hint for."""
    while mailbox.wait(0.1):
        mailbox.listing("INBOX", None, None)
    timer = threading.Timer(0.3, act)
    timer.start()
    started = time.monotonic() + 0.3
    assert mailbox.wait(seconds) is True
    timer.join()
    return time.monotonic() - started


def test_idle_hears_new_mail_within_two_seconds(desk: Desk) -> None:
    assert notices(desk.mailbox(), lambda: desk.deliver("one")) < 2


def test_mail_that_comes_between_listing_and_waiting_is_heard(desk: Desk) -> None:
    mailbox = desk.mailbox()
    assert mailbox.wait(5) is True  # the new watch itself
    assert keys(mailbox) == ()
    desk.deliver("one")
    started = time.monotonic()
    assert mailbox.wait(10) is True
    assert time.monotonic() - started < 2


def test_a_dropped_watch_is_a_hint_and_comes_back(desk: Desk) -> None:
    mailbox = desk.mailbox()
    assert notices(mailbox, lambda: desk.system.dovecot.kick(desk.box.address)) < 2
    while mailbox.wait(0.1):
        pass
    assert notices(mailbox, lambda: desk.deliver("one")) < 2


def test_an_interrupt_ends_the_wait_at_once(desk: Desk) -> None:
    mailbox = desk.mailbox()
    while mailbox.wait(0.1):
        pass
    threading.Timer(0.2, mailbox.interrupt).start()
    started = time.monotonic()
    assert mailbox.wait(20) is False
    assert time.monotonic() - started < 1


def test_a_watch_is_renewed_before_networks_forget_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.mailboxes.imap_watch._RENEW_AFTER", 0.5)
    mailbox = desk.mailbox()
    assert mailbox.wait(5) is True
    started = time.monotonic()
    assert mailbox.wait(5) is True  # renewed: look once more
    assert 0.3 < time.monotonic() - started < 2
    monkeypatch.setattr("mailbot.mailboxes.imap_watch._RENEW_AFTER", 500)
    assert notices(mailbox, lambda: desk.deliver("one")) < 2


@pytest.mark.parametrize(
    ("settings", "problem", "mend"),
    [
        ({"password": lambda: "wrong-w0rd"}, "refuses user", "app password"),
        ({"folder": "Nowhere"}, "there is no folder 'Nowhere'", "Drafts, INBOX"),
        ({"port": 1}, "nothing answers on", "check host and port"),
        ({"host": "nowhere.invalid", "tls": "tls"}, "no server called", "DNS"),
        ({"tls": "starttls"}, "cannot be trusted: self-signed", "ca_file"),
    ],
)
def test_each_misfortune_has_its_own_words(
    desk: Desk, settings: dict[str, object], problem: str, mend: str
) -> None:
    mailbox = desk.mailbox(**settings)
    with pytest.raises(MailboxUnavailable, match=problem) as caught:
        mailbox.listing(str(settings.get("folder", "INBOX")), None, None)
    assert mend in caught.value.mend
    assert "wrong-w0rd" not in str(caught.value)


def test_a_server_that_is_away_is_not_hammered_and_found_again(desk: Desk) -> None:
    asked = []

    def password() -> str:
        asked.append(1)
        return "wrong" if len(asked) < 2 else desk.box.password

    mailbox = desk.mailbox(password=password)
    for _ in range(5):
        with pytest.raises(MailboxUnavailable):
            keys(mailbox)
    assert len(asked) == 1
    assert mailbox.wait(5) is True
    assert keys(mailbox) == ()


@pytest.fixture
def plain_dovecot(mail_system: MailSystem, request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    """A second Dovecot that hides the capabilities named by the test."""
    folder = mail_system.folder / f"hiding-{len(list(mail_system.folder.iterdir()))}"
    dovecot = Dovecot(folder, mail_system.dovecot.certificate, hidden=request.param, sent="Gesendet")
    dovecot.start()
    yield dovecot
    dovecot.stop()
    shutil.rmtree(folder)


def at(dovecot: Dovecot, desk: Desk, **settings: object) -> ImapMailbox:
    dovecot.add(desk.box.address, desk.box.password)
    return desk.mailbox(port=dovecot.imap_port, **settings)


@pytest.mark.parametrize("plain_dovecot", [("IDLE",)], indirect=True)
def test_without_idle_it_polls(plain_dovecot: Dovecot, desk: Desk) -> None:
    mailbox = at(plain_dovecot, desk, poll_seconds=0.5)
    assert mailbox.wait(5) is True  # found out that IDLE is not offered
    plain_dovecot.deliver(desk.box.address, b"Subject: one\r\n\r\nwords")
    started = time.monotonic()
    assert mailbox.wait(5) is True
    assert 0.4 < time.monotonic() - started < 1
    assert subjects(mailbox, keys(mailbox)) == ["one"]
    assert mailbox.wait(0.2) is False


@pytest.mark.parametrize(
    ("plain_dovecot", "left"),
    [(("MOVE",), 0), (("MOVE", "UIDPLUS"), 1), (("NAMESPACE", "SPECIAL-USE", "ESEARCH", "LITERAL+"), 0)],
    indirect=["plain_dovecot"],
)
def test_moving_works_where_it_is_safe_and_is_left_where_not(
    plain_dovecot: Dovecot, desk: Desk, left: int, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = at(plain_dovecot, desk, filing="move")
    plain_dovecot.deliver(desk.box.address, b"Subject: one\r\n\r\nwords")
    for _ in range(2):
        mailbox.mark(keys(mailbox))
    assert len(keys(mailbox)) == left
    assert caplog.text.count("messages stay unmarked") == left


@pytest.mark.parametrize("plain_dovecot", [()], indirect=True)
def test_the_sent_folder_is_found_by_its_role(plain_dovecot: Dovecot, desk: Desk) -> None:
    mailbox = at(plain_dovecot, desk)
    mailbox.append(
        "Sent", b"Message-ID: <mb.1@desk.test>\r\nSubject: letter\r\n\r\nwords\n", "<mb.1@desk.test>"
    )
    assert len(keys(mailbox, "Gesendet")) == 1


@pytest.mark.parametrize("names", ["DNS:other.example"])
def test_a_certificate_for_somebody_else_is_refused(desk: Desk, tmp_path: Path, names: str) -> None:
    other = make_certificate(tmp_path / "tls", names=names)
    mailbox = desk.mailbox(tls="tls", port=desk.system.imaps_port, ca_file=other.file)
    with pytest.raises(MailboxUnavailable, match="cannot be trusted"):
        keys(mailbox)


def test_a_server_that_restarts_is_found_again(desk: Desk) -> None:
    mailbox = desk.mailbox()
    keys(mailbox)
    desk.system.dovecot.kick(desk.box.address)
    desk.system.dovecot.stop()
    try:
        with pytest.raises(MailboxUnavailable, match="nothing answers on"):
            keys(mailbox)
    finally:
        desk.system.dovecot.start()
    desk.deliver("one")
    assert mailbox.wait(20) is True  # the pause before the next attempt
    assert subjects(mailbox, keys(mailbox)) == ["one"]
