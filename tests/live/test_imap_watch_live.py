"""Watching a real Dovecot: IDLE, polling, and servers that are away, refuse, or come back."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes.imap import ImapMailbox
from tests.live.certificates import make_certificate
from tests.live.desk import Desk, keys, subjects
from tests.live.dovecot import Dovecot

pytestmark = pytest.mark.live


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


@pytest.mark.parametrize("plain_dovecot", [("IDLE",)], indirect=True)
def test_without_idle_it_polls(plain_dovecot: Dovecot, desk: Desk) -> None:
    mailbox = desk.at(plain_dovecot, poll_seconds=0.5)
    assert mailbox.wait(5) is True  # found out that IDLE is not offered
    plain_dovecot.deliver(desk.box.address, b"Subject: one\r\n\r\nwords")
    started = time.monotonic()
    assert mailbox.wait(5) is True
    assert 0.4 < time.monotonic() - started < 1
    assert subjects(mailbox, keys(mailbox)) == ["one"]
    assert mailbox.wait(0.2) is False


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
