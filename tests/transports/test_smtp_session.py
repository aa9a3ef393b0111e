"""Opening an SMTP session: TLS verified, sign-in with any password, and faults that are the account's."""

from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError, TransportUnavailable
from mailbot.transports.protocol import Outcome
from mailbot.transports.smtp import SmtpTransport
from tests.live.certificates import Certificate, make_certificate
from tests.transports.desk import LETTER, Opening, serving
from tests.transports.scripted_smtp import DROP, HANG, ScriptedSmtp


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls") / "good")


ACCOUNT = [
    ("CONNECT", "554 5.7.1 go away"),
    ("CONNECT", "421 4.3.2 busy"),
    ("CONNECT", DROP),
    ("CONNECT", HANG),
    ("EHLO", DROP),
    ("AUTH", "535 5.7.8 bad credentials"),
    ("AUTH", "550 5.7.30 basic authentication is not supported"),
    ("AUTH", "454 4.7.0 temporary failure"),
    ("AUTH", "421 4.7.0 too many tries"),
    ("AUTH", DROP),
    ("MAIL", "530 5.7.57 client not authenticated"),
    ("MAIL", "550 5.7.1 sender not allowed"),
    ("RCPT", "530 5.7.0 authentication required"),
    ("DOT", "554 5.2.252 SendAsDenied"),
]


@pytest.mark.parametrize(("step", "answer"), ACCOUNT)
def test_a_fault_of_server_or_account_stops_the_sending_and_blames_no_letter(
    open_desk: Opening, server: ScriptedSmtp, step: str, answer: str
) -> None:
    server.script[step] = [answer]
    desk = open_desk(server, user="desk", password=lambda: "s3cret-word")
    with pytest.raises(TransportUnavailable) as caught:
        desk.send()
    assert caught.value.mend
    assert "s3cret-word" not in str(caught.value)


@pytest.mark.parametrize("offered", [("AUTH PLAIN",), ("AUTH LOGIN",), ("AUTH XOAUTH2 LOGIN PLAIN",)])
def test_signing_in_takes_any_password(
    open_desk: Opening, server: ScriptedSmtp, offered: tuple[str, ...]
) -> None:
    server.extensions = offered
    open_desk(server, user="desk", password=lambda: "p£ss wörd").send()
    assert server.signed_in == [("desk", "p£ss wörd")]


def test_a_server_without_sign_in_is_named(open_desk: Opening, server: ScriptedSmtp) -> None:
    server.extensions = ()
    with pytest.raises(TransportUnavailable, match="offers no sign-in by password"):
        open_desk(server, user="desk", password=lambda: "x").send()


def test_a_password_never_travels_in_clear_text() -> None:
    with pytest.raises(ConfigurationError, match="clear text"):
        SmtpTransport("smtp.desk.example", 25, tls="none", user="desk", password=lambda: "x")


@pytest.mark.parametrize("at_once", [True, False])
def test_tls_is_used_and_verified(open_desk: Opening, certificate: Certificate, at_once: bool) -> None:
    with ScriptedSmtp(tls=serving(certificate), tls_at_once=at_once) as server:
        tls = "tls" if at_once else "starttls"
        desk = open_desk(server, tls=tls, ca_file=certificate.file, user="desk", password=lambda: "x")
        assert desk.send().outcome is Outcome.SENT
        assert server.signed_in == [("desk", "x")]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"ends": timedelta(days=-1)}, "expired"),
        ({"names": "DNS:other.example"}, "127.0.0.1"),
        (None, "self-signed"),
    ],
)
def test_a_bad_certificate_stops_before_the_password(
    open_desk: Opening,
    tmp_path: Path,
    certificate: Certificate,
    faults: dict[str, object] | None,
    words: str,
    at_once: bool,
) -> None:
    shown = make_certificate(tmp_path / "bad", **faults) if faults else certificate  # type: ignore[arg-type]
    with ScriptedSmtp(tls=serving(shown), tls_at_once=at_once) as server:
        tls, trusted = ("tls" if at_once else "starttls"), (shown.file if faults else None)
        desk = open_desk(server, tls=tls, ca_file=trusted, user="desk", password=lambda: "x")
        with pytest.raises(TransportUnavailable, match=words) as caught:
            desk.send()
        assert "ca_file" in caught.value.mend
        assert server.signed_in == []


def test_a_server_that_offers_no_starttls_gets_nothing(open_desk: Opening, server: ScriptedSmtp) -> None:
    with pytest.raises(TransportUnavailable, match="does not offer STARTTLS"):
        open_desk(server, tls="starttls", user="desk", password=lambda: "x").send()
    assert (server.signed_in, server.letters) == ([], [])


def test_a_wrong_ca_file_stops_start_up(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(ConfigurationError, match="cannot be used as ca_file"):
            SmtpTransport("smtp.desk.example", 465, tls="tls", ca_file=file)


def test_a_closed_port_and_an_unknown_host_have_their_own_words() -> None:
    with pytest.raises(TransportUnavailable, match="nothing answers on"):
        SmtpTransport("127.0.0.1", 1, tls="none").send("a@b.example", "c@d.example", LETTER, lambda: None)
    with pytest.raises(TransportUnavailable, match="no server called"):
        SmtpTransport("nowhere.invalid", 25).send("a@b.example", "c@d.example", LETTER, lambda: None)
