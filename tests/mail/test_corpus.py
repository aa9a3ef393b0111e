"""Every odd message under tests/corpus gives what expected.toml says of it."""

import json
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from mailbot.mail.parse import Message, parse
from mailbot.mail.references import Signer
from mailbot.mail.reply_text import live_text
from mailbot.mail.reports import DeliveryReport, delivery_report
from mailbot.mail.screen import CaseAction, FormMailer, OurMail, Screening, reply_address, screen

CORPUS = Path(__file__).parents[1] / "corpus"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "expected.toml").read_text("utf-8"))
RECEIVED = datetime(2026, 5, 6, 8, 0, tzinfo=UTC)
OURS = OurMail(
    addresses=frozenset({"restart.complaints@serco.example"}),
    signer=Signer(b"a key for tests and nothing else", "serco.example"),
    list_ids=frozenset({"restart-complaints.serco.example"}),
    border="mx.serco.example",
    form_mailers=(
        FormMailer("wordpress@forms.serco.example"),
        FormMailer("noreply@forms.serco.example"),
        FormMailer("form@forms.serco.example", body_field="Email"),
    ),
)
MACHINES = (
    "auto_reply",
    "delivery_report",
    "disposition_notification",
    "feedback_report",
    "list_or_bulk",
    "other_robot",
)
OPEN_TO_PEOPLE = ("person", "list_or_bulk", "not_answerable", "other_robot")


@dataclass(frozen=True)
class Reading:
    """All that mailbot makes of one message."""

    raw: bytes

    @cached_property
    def message(self) -> Message:
        return parse(self.raw, RECEIVED)

    @cached_property
    def screening(self) -> Screening:
        return screen(self.message, OURS)

    @cached_property
    def live(self) -> str:
        return live_text(self.message)

    @cached_property
    def report(self) -> DeliveryReport | None:
        return delivery_report(self.message)


def _sender(reading: Reading) -> str:
    return reading.message.sender.address if reading.message.sender else ""


def _sender_name(reading: Reading) -> str:
    return reading.message.sender.name if reading.message.sender else ""


def _answer_to(reading: Reading) -> str:
    address = reply_address(reading.message, OURS)
    return address.address if address else ""


def _date(reading: Reading) -> str:
    return reading.message.date.astimezone(UTC).isoformat() if reading.message.date else ""


def _recipients(reading: Reading) -> list[str]:
    return [recipient.address for recipient in reading.report.recipients] if reading.report else []


def _original(reading: Reading) -> str:
    return (reading.report.original_message_id or "") if reading.report else ""


FACTS: Mapping[str, Callable[[Reading], Any]] = {
    "kind": lambda reading: str(reading.screening.kind),
    "may_acknowledge": lambda reading: reading.screening.may_acknowledge,
    "answer_to": _answer_to,
    "sender": _sender,
    "sender_name": _sender_name,
    "sender_ambiguous": lambda reading: reading.message.sender_ambiguous,
    "reply_to": lambda reading: [address.address for address in reading.message.reply_to],
    "subject": lambda reading: reading.message.subject,
    "date": _date,
    "message_id": lambda reading: reading.message.message_id,
    "in_reply_to": lambda reading: list(reading.message.in_reply_to),
    "references": lambda reading: list(reading.message.references),
    "text": lambda reading: reading.message.text.strip(),
    "html": lambda reading: reading.message.html,
    "live": lambda reading: reading.live,
    "live_is_empty": lambda reading: not reading.live.strip(),
    "attachments": lambda reading: [attachment.name for attachment in reading.message.attachments],
    "attachment_count": lambda reading: len(reading.message.attachments),
    "nested": lambda reading: len(reading.message.nested),
    "nested_subjects": lambda reading: [inner.subject for inner in reading.message.nested],
    "report_recipients": _recipients,
    "report_original": _original,
    "report_failed": lambda reading: bool(reading.report and reading.report.failed),
    "repaired": lambda reading: bool(reading.message.defects),
}


def _is(found: Any, wanted: Any) -> bool:
    """Equal; where one value was found and a list is expected, any of the list."""
    return found in wanted if isinstance(wanted, list) and not isinstance(found, list) else found == wanted


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "": _is,
    "_contains": lambda found, wanted: all(word in found for word in wanted),
    "_lacks": lambda found, wanted: not any(word in found for word in wanted),
    "_any": lambda found, wanted: any(word in found for word in wanted),
}


def _disagreements(reading: Reading, expected: Mapping[str, Any]) -> list[str]:
    told = []
    for key, wanted in expected.items():
        if key in ("why", "only_signs"):
            continue
        suffix = next(end for end in reversed(COMPARISONS) if key.endswith(end))
        found = FACTS[key.removesuffix(suffix)](reading)
        if not COMPARISONS[suffix](found, wanted):
            told.append(f"{key} should be {wanted!r}, found {found!r:.600}")
    return told


def _reading(name: str) -> Reading:
    return Reading((CORPUS / f"{name}.eml").read_bytes())


def test_every_file_is_expected_and_every_expectation_has_its_file() -> None:
    assert sorted(path.stem for path in CORPUS.glob("*.eml")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_odd_message_gives_what_is_expected_of_it(name: str) -> None:
    reading = _reading(name)
    told = _disagreements(reading, EXPECTED[name])
    assert not told, "\n".join([EXPECTED[name]["why"], *told, *map(str, reading.screening.reasons)])


@pytest.mark.parametrize("name", EXPECTED)
def test_whatever_is_read_is_clean_text_and_safe_names(name: str) -> None:
    reading = _reading(name)
    message = reading.message
    record = json.dumps(asdict(message), ensure_ascii=False, default=str).encode("utf-8")
    assert b"\\u0000" not in record
    assert not re.search(r"[\x00-\x1f\x7f]", message.subject + _sender(reading) + _sender_name(reading))
    for attachment in message.attachments:
        assert not re.search(r"[/\\\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", attachment.name)
        assert attachment.name not in (".", "..")
        assert len(attachment.name.encode()) <= 255
    assert bool(reading.live.strip()) == bool(message.text.strip())


def test_nothing_that_a_person_may_have_written_is_set_aside() -> None:
    """List mail, robots and senders without an address too: a complaint may come through any of them."""
    people = [name for name, expected in EXPECTED.items() if expected.get("kind") in OPEN_TO_PEOPLE]
    assert not [name for name in people if _reading(name).screening.case_action is not CaseAction.OPEN_OR_ADD]


def _is_machine(name: str) -> bool:
    kind = EXPECTED[name].get("kind", "person")
    return all(one in MACHINES for one in ([kind] if isinstance(kind, str) else kind))


@pytest.mark.parametrize("name", [name for name in EXPECTED if _is_machine(name)])
def test_a_machine_is_not_answered_when_one_of_its_headers_is_missing(name: str) -> None:
    """Ablation: every header in turn, From apart; `only_signs` lists the headers without which nothing is left to see."""
    reading = _reading(name)
    names = {header.lower() for header, _ in reading.message.headers} - {"from"}
    answered = {
        header
        for header in names
        if screen(parse(_without(header, reading.raw), RECEIVED), OURS).may_acknowledge
    }
    assert answered <= set(EXPECTED[name].get("only_signs", ()))


def _without(header: str, raw: bytes) -> bytes:
    """The message without a header, all its occurrences and folded lines; the body as it was."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    pattern = rb"(?im)^" + re.escape(header.encode()) + rb"[ \t]*:.*(?:\r\n[ \t].*)*(?:\r\n|\Z)"
    return re.sub(pattern, b"", head + b"\r\n") + blank[2:] + body


_HEAD = b"From: Nia Pryce <nia.pryce@post.example>\r\nTo: restart.complaints@serco.example\r\n"
_PLAIN = _HEAD + b"Subject: Re: My complaint\r\nIn-Reply-To: <x@post.example>\r\n\r\n"
_HTML = _PLAIN[:-2] + b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def _nested_multiparts(depth: int) -> bytes:
    return _HEAD + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )


HOSTILE: Mapping[str, bytes] = {
    "2,000 multiparts, one inside the other": _nested_multiparts(2000),
    "2,000 messages, one inside the other": (_HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 2000,
    "20,000 parts": _nested_multiparts(1) + b"\r\nx\r\n--b0\r\n" * 20_000,
    "20,000 recipients": b"To: " + b"a@b.example, " * 20_000 + b"\r\n" + _PLAIN,
    "20,000 encoded words": b"Subject: " + b"=?utf-8?q?x?=\r\n " * 20_000 + b"y\r\n" + _PLAIN,
    "100,000 header lines": b"X-Junk: x\r\n" * 100_000 + _PLAIN,
    "a header of 2 MB": b"X-Junk: " + b"x" * 2_000_000 + b"\r\n" + _PLAIN,
    "5,000 comments around an address": b"From: " + b"(" * 5000 + b")" * 5000 + b" a@b.example\r\n\r\n",
    "quotes that never end": b'From: "' + b'\\"' * 50_000 + b"\r\n" + _PLAIN,
    "20,000 references": b"References:" + b"\r\n <r@post.example>" * 20_000 + b"\r\n" + _PLAIN,
    "a boundary of 100,000 characters": _HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 100_000,
    "one line of 3 MB": _PLAIN + b"x" * 3_000_000,
    "20,000 lines From:": _PLAIN + b"From: a\r\n" * 20_000,
    "20,000 times On in one line": _PLAIN + b"On " * 20_000,
    "100,000 blank lines": _PLAIN + b"\r\n" * 100_000,
    "100,000 quote marks in one line": _PLAIN + b">" * 100_000,
    "20,000 lines quoted ever deeper": _PLAIN + b"".join(b">" * (n % 500) + b" x\r\n" for n in range(20_000)),
    "50,000 divs never closed": _HTML + b"<div>" * 50_000 + b"words",
    "20,000 blockquotes never closed": _HTML + b'<blockquote type="cite">' * 20_000 + b"words",
    "200,000 less-than signs": _HTML + b"<" * 200_000,
    "an attribute of 2 MB": _HTML + b'<p style="' + b"a" * 2_000_000 + b'">words',
    "100,000 entities": _HTML + b"&amp" * 100_000,
    "base64 of nothing but line ends": _HEAD
    + b"Content-Transfer-Encoding: base64\r\n\r\n"
    + b"\r\n" * 500_000,
    "uuencode that never ends": _PLAIN + b"begin 644 a\r\n" + b"M" * 60 + b"\r\n" * 100_000,
    "50,000 signature marks": _PLAIN + b"-- \r\n" * 50_000,
    "a report on 20,000 recipients": _HEAD
    + b"Content-Type: message/delivery-status\r\n\r\n"
    + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_in_seconds(name: str) -> None:
    reading = Reading(HOSTILE[name])
    started = time.process_time()
    record = (reading.message, reading.screening, reading.live, reading.report)
    assert time.process_time() - started < 5
    assert json.dumps([asdict(part) for part in record[:2]], default=str).encode("utf-8")
