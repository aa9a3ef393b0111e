"""Each name in the tables of telltales, alone on a person's mail: enough to send no letter, and never enough to lose it."""

import pytest

from mailbot.mail.kinds import CaseAction, MailKind
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.screen import OurMail, Screening, screen
from mailbot.mail.senders import is_machine_name
from mailbot.mail.telltales import AUTO_REPLY_HEADERS, LIST_HEADERS, ROBOT_HEADERS

OURS = OurMail(frozenset({"desk@ours.example"}), Signer(b"a secret for tests, long enough", "ours.example"))
HEAD = b"From: Nia Pryce <nia@post.example>\r\nTo: desk@ours.example\r\nSubject: My fares\r\n"


def letter(*lines: str, head: bytes = HEAD) -> Message:
    return parse("".join(f"{line}\r\n" for line in lines).encode() + head + b"\r\nNobody rang me.")


def seen(*lines: str) -> Screening:
    return screen(letter(*lines), OURS)


@pytest.mark.parametrize("name", [*AUTO_REPLY_HEADERS, *LIST_HEADERS, *ROBOT_HEADERS])
def test_a_header_of_a_machine_alone_sends_no_letter(name: str) -> None:
    kinds = (
        (AUTO_REPLY_HEADERS, MailKind.AUTO_REPLY),
        (LIST_HEADERS, MailKind.LIST_OR_BULK),
        (ROBOT_HEADERS, MailKind.OTHER_ROBOT),
    )
    written = f"{name}Thing" if name.endswith("-") else name
    for spelt in (written, written.upper()):
        screening = seen(f"{spelt}: yes")
        assert not screening.may_acknowledge
        assert screening.kind is next(kind for table, kind in kinds if name in table)
        keeps = CaseAction.ATTACH_ONLY if name in AUTO_REPLY_HEADERS else CaseAction.OPEN_OR_ADD
        assert screening.case_action is keeps


@pytest.mark.parametrize(
    "line",
    [
        *(
            f"Auto-Submitted: {word}"
            for word in ("auto-replied", "auto-generated", "auto-notified", "x-new", "")
        ),
        *(f"Precedence: {word}" for word in ("bulk", "list", "junk", "auto_reply", "Bulk ")),
        "X-Precedence: bulk",
        *(f"X-Auto-Response-Suppress: {word}" for word in ("All", "OOF", "AutoReply", "DR, OOF, AutoReply")),
        "X-Loop: sam@other.example",
        "Return-Path: <>",
        "Return-Path: <MAILER-DAEMON@post.example>",
        "Sender: bounces+12@post.example",
        "X-Failed-Recipients: sam@other.example",
    ],
)
def test_a_value_of_a_machine_alone_sends_no_letter(line: str) -> None:
    assert not seen(line).may_acknowledge


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "Precedence: normal",
        *(f"X-Auto-Response-Suppress: {word}" for word in ("DR", "RN", "NRN", "DR, RN, NRN")),
        "Return-Path: <nia@post.example>",
        "X-Mailbot-Kind: own_mail",
        "X-Spam-Flag: YES",
        "Authentication-Results: mx.ours.example; dmarc=fail",
        "Received-SPF: fail",
        "X-Mailer: Bulk Mailer 3",
    ],
)
def test_a_line_that_people_and_their_servers_write_takes_no_letter_away(line: str) -> None:
    assert seen(line).may_acknowledge


MACHINES = (
    "mailer-daemon mailer_daemon mailerdaemon postmaster post_master mdaemon noreply no-reply no_reply no.reply donotreply "
    "do-not-reply do_not_reply bounce bounces bounces+12=ab owner-news news-owner news-request news-bounces listserv "
    "majordomo autoreply auto-reply double-bounce uucp jobs-no-reply noreply-12 MAILER-DAEMON"
)
PEOPLE = (
    "root abuse admin support info office nia.pryce owen postmasterson bounceworth noreen donotelli lister uucpson "
    "requestor n.oreply daemon.jones"
)


@pytest.mark.parametrize("local", MACHINES.split())
def test_the_name_of_a_machine_is_known(local: str) -> None:
    assert is_machine_name(local)
    screening = screen(letter(head=HEAD.replace(b"nia@", f"{local}@".encode())), OURS)
    assert (screening.may_acknowledge, screening.case_action) == (False, CaseAction.OPEN_OR_ADD)


@pytest.mark.parametrize("local", PEOPLE.split())
def test_the_name_of_a_person_or_an_office_is_no_machine(local: str) -> None:
    assert not is_machine_name(local)
