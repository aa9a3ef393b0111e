"""The Maildir mailbox: it reads without changing, and never misses a delivery."""

import os
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes.delivery import deliver, make_maildir
from mailbot.mailboxes.maildir import MaildirMailbox
from mailbot.mailboxes.protocol import Fetched, Key, Mailbox

MONDAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_maildir(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def mailbox(path: Path) -> MaildirMailbox:
    return MaildirMailbox("team", path)


def keys(mailbox: Mailbox, folder: str = "INBOX") -> Sequence[Key]:
    return mailbox.listing(folder, None, None).keys


def raws(mailbox: Mailbox, folder: str = "INBOX") -> list[bytes]:
    return [fetched.raw for fetched in mailbox.fetch(keys(mailbox, folder))]


def tree(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_reading_changes_nothing_and_gives_the_very_bytes(path: Path, mailbox: Mailbox) -> None:
    raw = b"Subject: odd\r\n\r\n\x00\xff\n no newline at the end"
    deliver(path, raw, MONDAY)
    before = tree(path)
    assert list(mailbox.fetch(keys(mailbox))) == [Fetched(keys(mailbox)[0], raw, MONDAY)]
    mailbox.mark(keys(mailbox))
    assert tree(path) == before


def test_messages_come_in_order_of_arrival(path: Path, mailbox: Mailbox) -> None:
    deliver(path, b"second", TUESDAY)
    deliver(path, b"first", MONDAY)
    assert raws(mailbox) == [b"first", b"second"]


@pytest.mark.parametrize("info", ["", ":2,", ":2,FS", ";2,S", "!2,S"])
def test_the_unique_part_of_the_name_is_the_key(path: Path, mailbox: Mailbox, info: str) -> None:
    (path / "cur" / f"1746351000.M1P2.host{info}").write_bytes(b"words")
    assert [key.uid for key in keys(mailbox)] == ["1746351000.M1P2.host"]


def test_a_message_that_a_person_opens_between_listing_and_fetching_is_still_read(
    path: Path, mailbox: Mailbox
) -> None:
    file = deliver(path, b"words")
    listed = keys(mailbox)
    os.rename(file, path / "cur" / f"{file.name}:2,S")
    assert [fetched.raw for fetched in mailbox.fetch(listed)] == [b"words"]
    assert keys(mailbox) == listed


def test_a_message_that_vanishes_is_simply_not_there(path: Path, mailbox: Mailbox) -> None:
    file = deliver(path, b"going")
    deliver(path, b"staying")
    listed = keys(mailbox)
    file.unlink()
    assert [fetched.raw for fetched in mailbox.fetch(listed)] == [b"staying"]


def test_dotfiles_folders_and_tmp_are_no_messages(path: Path, mailbox: Mailbox) -> None:
    (path / "new" / ".hidden").write_bytes(b"no")
    (path / "cur" / "folder").mkdir()
    (path / "tmp" / "half").write_bytes(b"no")
    assert keys(mailbox) == ()


def test_a_name_in_both_new_and_cur_is_one_message(path: Path, mailbox: Mailbox) -> None:
    file = deliver(path, b"words")
    os.link(file, path / "cur" / f"{file.name}:2,")
    assert raws(mailbox) == [b"words"]


def test_a_missing_maildir_says_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(MailboxUnavailable, match="the folder does not exist") as caught:
        MaildirMailbox("team", tmp_path / "nowhere").listing("INBOX", None, None)
    assert "check the path" in caught.value.mend


def test_a_copy_is_kept_once_even_after_a_person_has_read_it(path: Path, mailbox: Mailbox) -> None:
    mailbox.append("Sent", b"letter", "<one@mailbot.example>")
    (kept,) = (path / ".Sent" / "cur").iterdir()
    kept.rename(kept.with_name(kept.name.replace(":2,S", ":2,FS")))
    mailbox.append("Sent", b"letter", "<one@mailbot.example>")
    mailbox.append("Sent", b"another", "<two@mailbot.example>")
    assert raws(mailbox, "Sent") == [b"letter", b"another"]
    assert keys(mailbox) == ()


def test_filing_moves_handled_mail_and_may_be_repeated(path: Path) -> None:
    mailbox = MaildirMailbox("team", path, filing="move", filed_folder="mailbot")
    file = deliver(path, b"unread")
    listed = keys(mailbox)
    mailbox.mark(listed)
    mailbox.mark(listed)
    assert keys(mailbox) == ()
    assert tree(path / ".mailbot") == {f"cur/{file.name}:2,": b"unread"}


def test_waiting_ends_when_mail_comes_and_not_before(path: Path, mailbox: Mailbox) -> None:
    quiet(mailbox)
    started = time.monotonic()
    assert mailbox.wait(0.3) is False
    assert time.monotonic() - started >= 0.3
    threading.Timer(0.1, deliver, (path, b"words")).start()
    started = time.monotonic()
    assert mailbox.wait(5) is True
    assert time.monotonic() - started < 0.6


def test_mail_that_comes_between_listing_and_waiting_is_noticed(path: Path, mailbox: Mailbox) -> None:
    quiet(mailbox)
    deliver(path, b"words")
    assert mailbox.wait(5) is True


def test_an_interrupt_ends_the_wait_at_once_even_when_it_comes_first(mailbox: Mailbox) -> None:
    quiet(mailbox)
    mailbox.interrupt()
    started = time.monotonic()
    assert mailbox.wait(5) is False
    threading.Timer(0.1, mailbox.interrupt).start()
    assert mailbox.wait(5) is False
    assert time.monotonic() - started < 1


def quiet(mailbox: Mailbox) -> None:
    """List until the folder's times have settled, as the daemon does when a wait ends early."""
    while mailbox.wait(0):
        time.sleep(0.06)
        mailbox.listing("INBOX", None, None)
