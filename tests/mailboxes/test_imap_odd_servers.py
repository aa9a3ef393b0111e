"""The IMAP mailbox against servers with oddities that no Dovecot shows."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import ConfigurationError, MailboxUnavailable
from mailbot.mailboxes.imap import ImapMailbox
from mailbot.mailboxes.protocol import Fetched, Key
from tests.mailboxes.scripted_imap import Gone, Refused, ScriptedImap

Opening = Callable[..., ImapMailbox]
RECEIVED = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with ScriptedImap({5: b"five", 9: b"nine"}) as scripted:
        yield scripted


@pytest.fixture
def open_mailbox(server: ScriptedImap) -> Iterator[Opening]:
    with ExitStack() as cleaning:

        def opening(**settings: object) -> ImapMailbox:
            usual: dict[str, object] = {"password": lambda: "s3cret-word", "timeout": 2.0, "filing": "none"}
            made = ImapMailbox("team", "127.0.0.1", server.port, "none", "desk", **(usual | settings))  # type: ignore[arg-type]
            cleaning.callback(made.close)
            return made

        yield opening


def keys(mailbox: ImapMailbox) -> tuple[Key, ...]:
    return mailbox.listing("INBOX", None, None).keys


def test_a_plain_server_gives_bytes_and_time(open_mailbox: Opening) -> None:
    mailbox = open_mailbox()
    five, nine = Key("INBOX", "7", "5"), Key("INBOX", "7", "9")
    assert list(mailbox.fetch(keys(mailbox))) == [
        Fetched(five, b"five", RECEIVED),
        Fetched(nine, b"nine", RECEIVED),
    ]


def test_the_last_message_is_not_listed_again_though_the_server_names_it(open_mailbox: Opening) -> None:
    mailbox = open_mailbox()
    assert [key.uid for key in mailbox.listing("INBOX", "7", "5").keys] == ["9"]
    assert mailbox.listing("INBOX", "7", "9").keys == ()
    assert [key.uid for key in mailbox.listing("INBOX", "6", "9").keys] == ["5", "9"]


def test_a_hundred_and_fifty_thousand_messages_are_listed_without_a_line_too_long(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    server.messages = dict.fromkeys(range(1_000_000, 1_149_312), b"")
    assert len(keys(open_mailbox())) == 149_312
    searches = [command for command in server.commands if command.startswith("UID SEARCH")]
    assert (len(searches), any("ALL" in command for command in searches)) == (8, False)


def test_of_a_large_folder_only_the_end_is_searched_for_new_mail(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    server.messages = dict.fromkeys(range(1_000_000, 1_149_312), b"")
    mailbox = open_mailbox()
    assert [key.uid for key in mailbox.listing("INBOX", "7", "1149310").keys] == ["1149311"]
    assert [command for command in server.commands if "SEARCH" in command] == [
        "UID SEARCH 129313:* UID 1149311:*"
    ]


def test_a_server_that_knows_only_rfc822_is_asked_with_the_folder_read_only(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    def only_old(command: str) -> Iterable[bytes]:
        if "RFC822)" not in command:
            return [b"* 1 FETCH (UID %d FLAGS ())" % uid for uid in server.asked(command)]
        assert [one for one in server.commands if one.startswith(("SELECT", "EXAMINE"))][
            -1
        ] == 'EXAMINE "INBOX"'
        return [
            b"* 1 FETCH (UID %d RFC822 {4}\r\n%s)" % (uid, server.messages[uid])
            for uid in server.asked(command)
        ]

    server.script = {"UID FETCH 5,9 (RFC822.SIZE": server._fetch, "UID FETCH": only_old}
    mailbox = open_mailbox(filing="keyword")
    assert [one.raw for one in mailbox.fetch(keys(mailbox))] == [b"five", b"nine"]


def test_a_message_that_the_server_cannot_give_holds_up_no_other(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    def broken(command: str) -> Iterable[bytes]:
        if "SIZE" not in command and 5 in server.asked(command):
            raise Refused("[SERVERBUG] cannot read message")
        return server._fetch(command)

    server.script = {"UID FETCH": broken}
    mailbox = open_mailbox()
    assert [one.raw for one in mailbox.fetch(keys(mailbox))] == [b"nine"]


@pytest.mark.parametrize("date", [b'"30-Feb-2026 09:30:00 +0000"', b'"nonsense"', b"NIL"])
def test_a_date_of_arrival_that_no_calendar_has_is_taken_for_now(
    server: ScriptedImap, open_mailbox: Opening, date: bytes
) -> None:
    def odd(command: str) -> Iterable[bytes]:
        for line in server._fetch(command):
            odd_one = b"UID 5 " in line and "INTERNALDATE" in command
            yield line.split(b"INTERNALDATE")[0] + b"INTERNALDATE " + date + b")" if odd_one else line

    server.script = {"UID FETCH": odd}
    mailbox = open_mailbox()
    five, nine = mailbox.fetch(keys(mailbox))
    assert abs(five.received - datetime.now(UTC)) < timedelta(minutes=1)
    assert (five.raw, nine) == (b"five", Fetched(Key("INBOX", "7", "9"), b"nine", RECEIVED))


def test_a_server_that_drops_us_after_each_sign_in_is_not_hammered(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    def leave(_: str) -> Iterable[bytes]:
        raise Gone

    server.script = {"EXAMINE": leave}
    mailbox = open_mailbox()
    for _ in range(5):
        with pytest.raises(MailboxUnavailable, match="broke off"):
            keys(mailbox)
    assert sum(command.startswith("LOGIN") for command in server.commands) == 1


@pytest.mark.parametrize("size", [b"0", b"99999999"])
def test_a_wrong_size_loses_nothing_of_a_message(
    server: ScriptedImap, open_mailbox: Opening, size: bytes
) -> None:
    def liar(command: str) -> Iterable[bytes]:
        for line in server._fetch(command):
            yield line.replace(b"RFC822.SIZE 4", b"RFC822.SIZE " + size).replace(b"BODY[] ", answers)

    answers = b"BODY[]<0> " if size != b"0" else b"BODY[] "
    server.script = {"UID FETCH": liar}
    mailbox = open_mailbox()
    assert [(one.raw, one.whole_size) for one in mailbox.fetch(keys(mailbox))] == [
        (b"five", None),
        (b"nine", None),
    ]


def test_without_lasting_keywords_nothing_is_stored_and_it_is_said_once(
    server: ScriptedImap, open_mailbox: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    server.lasting_flags = r"\Seen \Deleted"
    mailbox = open_mailbox(filing="keyword")
    for _ in range(2):
        mailbox.mark(keys(mailbox))
    assert not any("STORE" in command for command in server.commands)
    assert caplog.text.count("keeps no keywords") == 1


def test_what_is_said_together_with_the_start_of_idle_is_no_gap(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    server.idle_hears = [b"* 3 EXISTS"]
    assert open_mailbox().wait(5) is True


def test_still_here_is_no_hint_but_new_mail_is(server: ScriptedImap, open_mailbox: Opening) -> None:
    mailbox = open_mailbox()
    mailbox.wait(1)
    server.say(b"* OK Still here")
    assert mailbox.wait(0.3) is False
    server.say(b"* 3 EXISTS")
    assert mailbox.wait(5) is True


@pytest.mark.parametrize("ends", [lambda s: s.break_off(), lambda s: s.say(b"* BYE going down")])
def test_a_watch_that_ends_early_is_a_hint_and_then_waits_its_turn(
    server: ScriptedImap, open_mailbox: Opening, ends: Callable[[ScriptedImap], None]
) -> None:
    mailbox = open_mailbox()
    mailbox.wait(1)
    threading.Timer(0.1, ends, [server]).start()
    started = time.monotonic()
    assert mailbox.wait(5) is True
    assert time.monotonic() - started < 1
    assert mailbox.wait(0.2) is False
    assert server.commands.count("IDLE") == 1


def test_a_server_that_never_ends_idle_is_given_up(
    server: ScriptedImap, open_mailbox: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailbot.mailboxes.imap_watch._RENEW_AFTER", 0.2)
    server.hush = True
    mailbox = open_mailbox(timeout=0.5)
    mailbox.wait(1)
    started = time.monotonic()
    assert mailbox.wait(5) is True
    assert time.monotonic() - started < 2


def test_a_server_that_hangs_does_not_hang_us(server: ScriptedImap, open_mailbox: Opening) -> None:
    def hang(_: str) -> Iterable[bytes]:
        time.sleep(1)
        raise Gone

    server.script = {"SELECT": hang, "EXAMINE": hang}
    mailbox = open_mailbox(timeout=0.3)
    started = time.monotonic()
    with pytest.raises(MailboxUnavailable, match=r"broke off: .*timed out"):
        keys(mailbox)
    assert time.monotonic() - started < 1


def test_a_connection_that_broke_in_silence_is_renewed(server: ScriptedImap, open_mailbox: Opening) -> None:
    mailbox = open_mailbox()
    listed = keys(mailbox)
    server.break_off()
    assert [one.raw for one in mailbox.fetch(listed)] == [b"five", b"nine"]


@pytest.mark.parametrize(
    ("capabilities", "script", "words"),
    [
        ("IMAP4rev1 LOGINDISABLED", {}, "no sign-in by password"),
        ("IMAP4rev1", {"LOGIN": "desk s3cret-word is no account here"}, "refuses user desk"),
        ("IMAP4rev1", {"EXAMINE": "[NOPERM] not for you"}, "not for you"),
    ],
)
def test_refusals_are_told_without_the_password(
    server: ScriptedImap, open_mailbox: Opening, capabilities: str, script: dict[str, str], words: str
) -> None:
    def refusing(text: str) -> Callable[[str], Iterable[bytes]]:
        def answer(_: str) -> Iterable[bytes]:
            raise Refused(text)

        return answer

    server.capabilities = capabilities
    server.script = {start: refusing(text) for start, text in script.items()}
    with pytest.raises(MailboxUnavailable, match=words) as caught:
        keys(open_mailbox())
    assert caught.value.mend
    assert "s3cret-word" not in str(caught.value)


def test_a_folder_that_may_only_be_read_is_read_and_not_marked(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    server.script = {
        "SELECT": lambda _: (line.replace(b"READ-WRITE", b"READ-ONLY") for line in server._select("SELECT"))
    }
    mailbox = open_mailbox(filing="keyword")
    mailbox.mark(keys(mailbox))
    assert [one.raw for one in mailbox.fetch(keys(mailbox))] == [b"five", b"nine"]
    assert not any("STORE" in command for command in server.commands)


def test_sent_mail_is_empty_while_there_is_no_such_folder(
    server: ScriptedImap, open_mailbox: Opening
) -> None:
    server.script = {"LIST": lambda _: [b'* LIST () "." INBOX']}
    assert open_mailbox().listing("Sent", None, None).keys == ()
    with pytest.raises(MailboxUnavailable, match="there is no folder 'Gesendet'"):
        open_mailbox(sent_folder="Gesendet").listing("Sent", None, None)


def test_a_password_never_travels_in_clear_text() -> None:
    with pytest.raises(ConfigurationError, match="clear text"):
        ImapMailbox("team", "imap.desk.example", 143, "none", "desk", lambda: "x")
