"""The IMAP mailbox against a real Dovecot: colleagues, expunges, renumbering, dropped sessions, hidden capabilities."""

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.mailboxes import imap_read
from tests.live.desk import Desk, keys, subjects
from tests.live.dovecot import Dovecot

pytestmark = pytest.mark.live


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


@pytest.mark.parametrize(
    ("plain_dovecot", "left"),
    [(("MOVE",), 0), (("MOVE", "UIDPLUS"), 1), (("NAMESPACE", "SPECIAL-USE", "ESEARCH", "LITERAL+"), 0)],
    indirect=["plain_dovecot"],
)
def test_moving_works_where_it_is_safe_and_is_left_where_not(
    plain_dovecot: Dovecot, desk: Desk, left: int, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = desk.at(plain_dovecot, filing="move")
    plain_dovecot.deliver(desk.box.address, b"Subject: one\r\n\r\nwords")
    for _ in range(2):
        mailbox.mark(keys(mailbox))
    assert len(keys(mailbox)) == left
    assert caplog.text.count("messages stay unmarked") == left


@pytest.mark.parametrize("plain_dovecot", [()], indirect=True)
def test_the_sent_folder_is_found_by_its_role(plain_dovecot: Dovecot, desk: Desk) -> None:
    mailbox = desk.at(plain_dovecot)
    mailbox.append(
        "Sent", b"Message-ID: <mb.1@desk.test>\r\nSubject: letter\r\n\r\nwords\n", "<mb.1@desk.test>"
    )
    assert len(keys(mailbox, "Gesendet")) == 1
