"""SMTP submission to a real Postfix: AUTH over STARTTLS, bytes unchanged, a server that restarts."""

from collections.abc import Iterator

import pytest

from mailbot.errors import TransportUnavailable
from mailbot.transports.protocol import Outcome
from mailbot.transports.smtp import SmtpTransport
from tests.live.peers import MailSystem

pytestmark = pytest.mark.live


@pytest.fixture
def transport(mail_system: MailSystem) -> Iterator[SmtpTransport]:
    box = mail_system.mailbox("desk", "p£ss wörd")
    made = SmtpTransport(
        "127.0.0.1",
        mail_system.submission_port,
        user=box.address,
        password=lambda: box.password,
        ca_file=mail_system.ca_file,
        timeout=20,
    )
    yield made
    made.close()


def letter(text: str) -> bytes:
    return f"From: desk@desk.test\r\nSubject: {text}\r\nMessage-ID: <{text}@desk.test>\r\n\r\n{text}\r\n".encode()


def test_letters_reach_a_mailbox_byte_for_byte_over_one_connection(
    mail_system: MailSystem, transport: SmtpTransport
) -> None:
    ann = mail_system.person("ann")
    for text in ("one", ".two\r\n..\r\n.", "three"):
        raw = letter("three") if text == "three" else b"Subject: dots\r\n\r\n" + text.encode() + b"\r\n"
        receipt = transport.send("desk@desk.test", ann.address, raw, lambda: None)
        assert receipt.outcome is Outcome.SENT
        assert receipt.answer.startswith("250 2.0.0 Ok: queued as")
    ann.wait(lambda _: len(ann.inbox()) == 3)  # Postfix delivers side by side, in any order
    bodies = sorted(message.get_content() for message in ann.inbox())
    assert bodies == [".two\r\n..\r\n.\r\n", "one\r\n", "three\r\n"]


def test_addresses_beyond_ascii_travel_where_the_way_is_open(
    mail_system: MailSystem, transport: SmtpTransport
) -> None:
    sian = mail_system.stranger("siân@cartref.example")
    raw = "Subject: Croeso\r\nX-Note: ŵ ŷ\r\n\r\nŵ ŷ £\r\n".encode()
    assert transport.send("desk@desk.test", sian.address, raw, lambda: None).outcome is Outcome.SENT
    assert sian.wait().get_content_type() == "text/plain"
    assert "ŵ ŷ £".encode() in mail_system.sink.received(sian.address)[0]


def test_a_refused_recipient_fails_and_the_next_letter_goes_out(
    mail_system: MailSystem, transport: SmtpTransport
) -> None:
    ann = mail_system.person("ann")
    refused = transport.send("desk@desk.test", "no@such..domain.test", letter("one"), lambda: None)
    assert refused.outcome is Outcome.FAILED
    assert transport.send("desk@desk.test", ann.address, letter("two"), lambda: None).outcome is Outcome.SENT


def test_a_wrong_password_is_the_accounts_fault(transport: SmtpTransport) -> None:
    transport.password = lambda: "wrong-w0rd"
    with pytest.raises(TransportUnavailable, match="refuses this account: 535") as caught:
        transport.send("desk@desk.test", "ann@home.test", letter("one"), lambda: None)
    assert "wrong-w0rd" not in str(caught.value)


def test_a_server_that_restarts_between_two_letters_is_found_again(
    mail_system: MailSystem, transport: SmtpTransport
) -> None:
    ann = mail_system.person("ann")
    transport.send("desk@desk.test", ann.address, letter("one"), lambda: None)
    mail_system.postfix.stop()
    try:
        # Postfix lets a running session end its work; a new one finds nobody.
        transport.close()
        with pytest.raises(TransportUnavailable, match=r"nothing answers on|broke off"):
            transport.send("desk@desk.test", ann.address, letter("two"), lambda: None)
    finally:
        mail_system.postfix.start()
    assert (
        transport.send("desk@desk.test", ann.address, letter("three"), lambda: None).outcome is Outcome.SENT
    )
    ann.wait(lambda message: message["Subject"] == "three")
