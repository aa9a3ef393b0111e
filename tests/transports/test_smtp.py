"""SMTP against a server scripted to fail at each phase: never a letter lost, never one sent twice."""

import threading

import pytest

from mailbot.transports.protocol import Outcome, Receipt
from tests.transports.desk import LETTER, Opening
from tests.transports.scripted_smtp import DROP, EXTENSIONS, HANG, ScriptedSmtp


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
