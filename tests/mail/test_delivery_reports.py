"""Delivery reports: whom they speak of, whether for good, and which letter; with and without a part for machines."""

import pytest

from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.reports import Delivery, delivery_report

SIGNER = Signer(b"a secret for tests, long enough", "wrenfield.example")
LETTER = SIGNER.message_id("RST-000123-D", "ack/stage-1")


def dsn(status: str, returned: str = f"Message-ID: {LETTER}\nSubject: We have your complaint\n") -> Message:
    text = (
        "From: MAILER-DAEMON@post.example\nTo: bounce@wrenfield.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.post.example\n\n{status}\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\nDear Nia\n--b--\n"
    )
    return parse(text.encode())


def outcomes(message: Message) -> dict[str, Delivery]:
    report = delivery_report(message)
    assert report is not None
    return {recipient.address: recipient.action for recipient in report.recipients}


NIA = "Final-Recipient: rfc822; nia@post.example\n"


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ("Action: failed\nStatus: 5.1.1", Delivery.FAILED),
        ("ACTION:Failed (bad user)\nStatus: 5.1.1", Delivery.FAILED),
        ("Action: delayed\nStatus: 4.4.1", Delivery.DELAYED),
        ("Action: failed\nStatus: 4.4.7", Delivery.FAILED),  # the server gave up after trying for days
        ("Status: 4.2.2", Delivery.DELAYED),  # no word: the class of the status decides
        ("Diagnostic-Code: smtp; 452 mailbox full", Delivery.DELAYED),
        ("Diagnostic-Code: smtp; 550 no such user", Delivery.FAILED),
        ("Action: delivered\nStatus: 2.0.0", Delivery.DELIVERED),
        ("Action: relayed", Delivery.DELIVERED),
        ("Action: expanded", Delivery.DELIVERED),
    ],
)
def test_a_report_says_what_became_of_the_letter(fields: str, action: Delivery) -> None:
    assert outcomes(dsn(NIA + fields)) == {"nia@post.example": action}


def test_each_recipient_has_an_outcome_and_the_worst_counts() -> None:
    status = f"{NIA}Action: delayed\n\nFinal-Recipient: rfc822; owen@post.example\nAction: delivered\n\n{NIA}Action: failed\n"
    assert outcomes(dsn(status)) == {
        "nia@post.example": Delivery.FAILED,
        "owen@post.example": Delivery.DELIVERED,
    }


def test_the_address_we_wrote_to_comes_before_where_it_was_forwarded() -> None:
    status = f"Original-Recipient: rfc822;nia@home.example\n{NIA}Action: failed"
    assert outcomes(dsn(status)) == {"nia@home.example": Delivery.FAILED}


def test_the_reason_is_kept_in_one_line() -> None:
    report = delivery_report(
        dsn(f"{NIA}Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;\n  550 no\n  such user")
    )
    assert report is not None
    assert (report.recipients[0].status, report.recipients[0].diagnostic) == (
        "5.1.1",
        "smtp; 550 no such user",
    )


def test_the_letter_is_known_from_what_came_back() -> None:
    report = delivery_report(dsn(f"{NIA}Action: failed"))
    assert report is not None
    assert report.original_message_id == LETTER
    assert SIGNER.read(LETTER) == "RST-000123-D"


@pytest.mark.parametrize(
    "text",
    [
        f"<nia@post.example>: no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: {LETTER}\n",
        f"nia@post.example failed\n\n> Message-Id:\n> {LETTER}\n",
        f"This report relates to your message:\n  {LETTER}\nIt was not delivered to nia@post.example\n",
    ],
)
def test_the_letter_is_known_from_words_too(text: str) -> None:
    report = delivery_report(parse(f"Return-Path: <>\nSubject: failure notice\n\n{text}".encode()))
    assert report is not None
    assert report.original_message_id == LETTER
    assert [recipient.address for recipient in report.recipients] == ["nia@post.example"]


def test_words_of_delay_are_no_failure() -> None:
    text = "Subject: Warning: message delayed\nX-Failed-Recipients: nia@post.example\n\nWe will keep trying for 4 days.\n"
    assert outcomes(parse(text.encode())) == {"nia@post.example": Delivery.DELAYED}


def test_our_return_address_is_found_where_the_report_arrived() -> None:
    address = SIGNER.bounce_address(12, "bounce")
    report = delivery_report(parse(f"Return-Path: <>\nDelivered-To: {address}\n\nx".encode()))
    assert report is not None
    assert [SIGNER.read_bounce_address(one) for one in report.returned_to] == ["12"]


def test_a_persons_mail_is_no_report() -> None:
    assert delivery_report(parse(b"From: nia@post.example\nSubject: My fare\n\nNobody rang me.\n")) is None
