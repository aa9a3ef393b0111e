"""SMTP against a server scripted to fail at each phase: never a letter lost, never one sent twice."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError, TransportUnavailable
from mailbot.transports.protocol import Outcome, Receipt
from mailbot.transports.smtp import SmtpTransport
from tests.live.certificates import Certificate, make_certificate
from tests.transports.scripted_smtp import DROP, EXTENSIONS, HANG, ScriptedSmtp

LETTER = b"Subject: Your complaint\r\n\r\nThank you.\r\n"


class Desk:
    """A transport beside its scripted server; `dots` counts the handings-over."""

    def __init__(self, server: ScriptedSmtp, **settings: object) -> None:
        self.server, self.dots = server, 0
        usual: dict[str, object] = {"tls": "none", "timeout": 0.4, "dot_timeout": 0.4}
        self.transport = SmtpTransport("127.0.0.1", server.port, **(usual | settings))  # type: ignore[arg-type]

    def send(
        self, raw: bytes = LETTER, to: str = "ann@home.example", sender: str = "desk@desk.example"
    ) -> Receipt:
        return self.transport.send(sender, to, raw, self._dot)

    def _dot(self) -> None:
        self.dots += 1


Opening = Callable[..., Desk]


@pytest.fixture
def open_desk() -> Iterator[Opening]:
    """Makes desks, and closes their connections at the end."""
    desks: list[Desk] = []

    def opening(server: ScriptedSmtp, **settings: object) -> Desk:
        desks.append(Desk(server, **settings))
        return desks[-1]

    yield opening
    for desk in desks:
        desk.transport.close()


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls") / "good")


def serving(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.file, certificate.key)
    return context


def test_a_letter_arrives_byte_for_byte_over_one_kept_connection(
    open_desk: Opening, server: ScriptedSmtp
) -> None:
    desk = open_desk(server)
    raw = b"Subject: dots\r\n\r\n.\r\n..two\r\nlast line"
    assert desk.send(raw) == Receipt(Outcome.SENT, "250 2.0.0 taken")
    assert desk.send().outcome is Outcome.SENT
    desk.transport.close()
    assert server.letters == [raw + b"\r\n", LETTER]
    assert (server.connections, desk.dots, server.commands[-1]) == (1, 2, "quit")


def test_other_line_ends_become_crlf(open_desk: Opening, server: ScriptedSmtp) -> None:
    open_desk(server).send(b"A: b\n\nbare\rold mac\n.dot\n")
    assert server.letters == [b"A: b\r\n\r\nbare\r\nold mac\r\n.dot\r\n"]


SURE = [  # step, answer, what becomes of the letter, whether the dot was reached
    ("MAIL", "451 4.3.0 later", Outcome.DEFERRED, 0),
    ("MAIL", "552 5.3.4 too big", Outcome.FAILED, 0),
    ("MAIL", "421 4.3.2 shutting down", Outcome.DEFERRED, 0),
    ("MAIL", DROP, Outcome.DEFERRED, 0),
    ("MAIL", HANG, Outcome.DEFERRED, 0),
    ("RCPT", "450 4.7.1 greylisted", Outcome.DEFERRED, 0),
    ("RCPT", "550 5.1.1 no such user", Outcome.FAILED, 0),
    ("RCPT", "421 4.7.0 too many", Outcome.DEFERRED, 0),
    ("RCPT", DROP, Outcome.DEFERRED, 0),
    ("RCPT", HANG, Outcome.DEFERRED, 0),
    ("RCPT", "gibberish", Outcome.DEFERRED, 0),
    ("DATA", "451 4.3.0 later", Outcome.DEFERRED, 0),
    ("DATA", "554 5.5.1 no valid recipients", Outcome.FAILED, 0),
    ("DATA", "421 4.3.2 shutting down", Outcome.DEFERRED, 0),
    ("DATA", DROP, Outcome.DEFERRED, 0),
    ("DATA", HANG, Outcome.DEFERRED, 0),
    ("DOT", "451 4.3.0 disk full", Outcome.DEFERRED, 1),
    ("DOT", "421 4.3.2 shutting down", Outcome.DEFERRED, 1),
    ("DOT", "554 5.6.0 content refused", Outcome.FAILED, 1),
    ("DOT", DROP, Outcome.UNKNOWN, 1),
    ("DOT", HANG, Outcome.UNKNOWN, 1),
    ("DOT", "gibberish", Outcome.UNKNOWN, 1),
    ("DOT", "354 what", Outcome.UNKNOWN, 1),
]


@pytest.mark.parametrize(("step", "answer", "outcome", "dots"), SURE)
def test_each_failure_is_judged_by_its_phase_and_the_next_letter_goes_out(
    open_desk: Opening, server: ScriptedSmtp, step: str, answer: str, outcome: Outcome, dots: int
) -> None:
    lost = step == "MAIL" and answer in (DROP, HANG, "421 4.3.2 shutting down")
    repeats = 2 if lost else 1  # a lost or closing session is renewed once at MAIL
    server.script[step] = [answer] * repeats + ["354 go ahead" if step == "DATA" else "250 2.0.0 fine"]
    desk = open_desk(server)
    assert (desk.send().outcome, desk.dots) == (outcome, dots)
    assert desk.send(b"A: second\r\n\r\nx\r\n").outcome is Outcome.SENT
    assert server.letters[-1] == b"A: second\r\n\r\nx\r\n"


def test_a_connection_lost_within_the_letter_is_a_sure_failure(
    open_desk: Opening, server: ScriptedSmtp
) -> None:
    server.script["BODY"], server.extensions = [DROP], ()
    desk = open_desk(server, timeout=3)
    receipt = desk.send(b"A: b\r\n\r\n" + b"line\r\n" * 3_000_000)
    assert (receipt.outcome, desk.dots, server.letters) == (Outcome.DEFERRED, 0, [])


def test_a_crash_at_the_handing_over_leaves_the_letter_unsent(
    open_desk: Opening, server: ScriptedSmtp
) -> None:
    desk = open_desk(server)

    def crash() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.transport.send("desk@desk.example", "ann@home.example", LETTER, crash)
    assert desk.send().outcome is Outcome.SENT
    assert (server.letters, server.connections) == ([LETTER], 2)


@pytest.mark.parametrize("answer", [DROP, "421 4.4.2 idle too long"])
def test_a_kept_connection_that_the_server_gave_up_is_renewed(
    open_desk: Opening, server: ScriptedSmtp, answer: str
) -> None:
    desk = open_desk(server)
    desk.send()
    server.script["MAIL"] = [answer, "250 fine"]
    assert desk.send().outcome is Outcome.SENT
    assert server.connections == 2


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


NEEDS = [  # raw, recipient, extensions needed, the options of MAIL
    (b"A: b\r\n\r\nplain\r\n", "ann@home.example", (), ""),
    (b"A: b\r\n\r\n\xc2\xa35\r\n", "ann@home.example", ("8BITMIME",), " BODY=8BITMIME"),
    (b"A: b\r\n\r\nplain\r\n", "siân@cartref.example", ("SMTPUTF8",), " SMTPUTF8"),
    (
        "A: ŵ\r\n\r\nplain\r\n".encode(),
        "ann@home.example",
        ("SMTPUTF8", "8BITMIME"),
        " BODY=8BITMIME SMTPUTF8",
    ),
]


@pytest.mark.parametrize(("raw", "recipient", "needed", "options"), NEEDS)
def test_letters_beyond_ascii_are_announced_or_refused(
    open_desk: Opening,
    server: ScriptedSmtp,
    raw: bytes,
    recipient: str,
    needed: tuple[str, ...],
    options: str,
) -> None:
    server.extensions = needed
    assert open_desk(server).send(raw, recipient).outcome is Outcome.SENT
    assert server.commands[1] == f"MAIL FROM:<desk@desk.example>{options}"
    assert server.letters == [raw]
    for missing in needed:
        server.extensions = tuple(extension for extension in needed if extension != missing)
        receipt = open_desk(server).send(raw, recipient)
        assert receipt.outcome is Outcome.FAILED
        assert missing in receipt.answer


@pytest.mark.parametrize(
    "recipient", ["", "a b@home.example", "a@home.example>\r\nRCPT TO:<eve@evil.example"]
)
def test_what_is_no_address_never_reaches_the_server(
    open_desk: Opening, server: ScriptedSmtp, recipient: str
) -> None:
    assert open_desk(server).send(to=recipient).outcome is Outcome.FAILED
    assert not any(command.startswith(("MAIL", "RCPT")) for command in server.commands)


def test_a_letter_too_big_for_the_server_fails_before_it_is_offered(
    open_desk: Opening, server: ScriptedSmtp
) -> None:
    server.extensions = ("SIZE 100", *EXTENSIONS[1:])
    receipt = open_desk(server).send(LETTER * 10)
    assert (receipt.outcome, receipt.answer) == (
        Outcome.FAILED,
        "the letter has 390 bytes, and the mail server takes 100",
    )


def test_a_slow_answer_to_the_dot_is_waited_for(open_desk: Opening, server: ScriptedSmtp) -> None:
    slow = threading.Event()
    usual = server.answer

    def think(step: str, said: str) -> str:
        if step == "DOT":
            slow.wait(0.8)
        return usual(step, said)

    server.answer = think  # type: ignore[method-assign]
    assert open_desk(server, timeout=0.3, dot_timeout=5).send().outcome is Outcome.SENT
