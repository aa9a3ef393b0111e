"""Signs of reports that mail servers write: delivery, reading, feedback; and of bounces in plain words."""

import re
from collections.abc import Callable

from mailbot.mail.envelope import has_empty_return_path
from mailbot.mail.kinds import MailKind, OurMail, Rule
from mailbot.mail.message import Message
from mailbot.mail.senders import is_daemon
from mailbot.mail.subjects import is_forward
from mailbot.mail.telltales import BOUNCE_SUBJECT, BOUNCE_TEXT, READ_SUBJECT, READ_TEXT, RETURNED_HEADERS

_Check = Callable[[Message, OurMail], str]
_OF_A_SERVER = frozenset({"empty Return-Path", "daemon sender"})
_RETURNED = frozenset({"bounce subject", "our letter inside"})


def _has_part(*types: str) -> _Check:
    def check(message: Message, _ours: OurMail) -> str:
        return next((kind for kind in message.content_types if kind in types), "")

    return check


def _is_report(report_type: str) -> _Check:
    pattern = re.compile(rf'multipart/report\b.{{0,2000}}report-type\s*=\s*"?{report_type}', re.I | re.S)

    def check(message: Message, _ours: OurMail) -> str:
        return f"report-type {report_type}" if pattern.search(message.first("content-type")[:3000]) else ""

    return check


def _has_failed_recipients(message: Message, _ours: OurMail) -> str:
    return "X-Failed-Recipients" if message.all("x-failed-recipients") else ""


def _bounce_signs(message: Message, ours: OurMail) -> dict[str, bool]:
    return {
        "empty Return-Path": has_empty_return_path(message),
        "daemon sender": is_daemon(message),
        "bounce subject": bool(BOUNCE_SUBJECT.match(message.subject)) and not is_forward(message.subject),
        "bounce words": bool(BOUNCE_TEXT.search(message.text[:2_000])),
        "returned headers": bool(_returns_headers(message, ours)),
        "our letter inside": any(ours.signer.read(inner.message_id) for inner in message.nested),
    }


def _is_a_bounce(message: Message, ours: OurMail) -> str:
    """Two signs, one of them of a mail server: people pass on bounces and complain about undelivered post."""
    seen = [name for name, there in _bounce_signs(message, ours).items() if there]
    by_server = _OF_A_SERVER & set(seen) or _RETURNED.issubset(seen)
    return ", ".join(seen) if len(seen) > 1 and by_server else ""


def _reads_like_a_bounce(message: Message, ours: OurMail) -> str:
    seen = [name for name, there in _bounce_signs(message, ours).items() if there]
    return ", ".join(seen) if len(seen) > 1 else ""


def _is_only_our_letter(message: Message, ours: OurMail) -> str:
    alone = not message.text.strip() and any(ours.signer.read(inner.message_id) for inner in message.nested)
    return "our own letter enclosed, and not a word" if alone else ""


def _has_empty_return_path(message: Message, _ours: OurMail) -> str:
    return "Return-Path <>" if has_empty_return_path(message) else ""


def _reads_like_a_receipt(message: Message, _ours: OurMail) -> str:
    seen = READ_SUBJECT.match(message.subject) and READ_TEXT.search(message.text[:2_000])
    return "a read receipt in words" if seen else ""


def _returns_headers(message: Message, _ours: OurMail) -> str:
    return "a returned letter's headers in the text" if RETURNED_HEADERS.search(message.text[:50_000]) else ""


_DSN, _MDN, _ARF = MailKind.DELIVERY_REPORT, MailKind.DISPOSITION_NOTIFICATION, MailKind.FEEDBACK_REPORT
_STATUS = _has_part("message/delivery-status", "message/global-delivery-status")
_RECEIPT = _has_part("message/disposition-notification", "message/global-disposition-notification")

RULES = (
    Rule("delivery-report", _DSN, _is_report("(?:global-)?delivery-status"), "RFC 3464", binds_forms=True),
    Rule("delivery-status-part", _DSN, _STATUS, "RFC 3464, RFC 6533"),
    Rule("failed-recipients", _DSN, _has_failed_recipients, "Exim, Gmail"),
    Rule("bounce-signs", _DSN, _is_a_bounce, "half of 896 bounces have no status part", binds_forms=True),
    Rule("bounce-words", None, _reads_like_a_bounce, "a bounce without any mark"),
    Rule("read-receipt", _MDN, _is_report("disposition-notification"), "RFC 8098"),
    Rule("read-receipt-part", _MDN, _RECEIPT, "RFC 8098"),
    Rule("read-receipt-words", _MDN, _reads_like_a_receipt, "Outlook through gateways"),
    Rule("feedback-report", _ARF, _is_report("feedback-report"), "RFC 5965"),
    Rule("feedback-part", _ARF, _has_part("message/feedback-report"), "RFC 5965"),
    Rule("returned-headers", None, _returns_headers, "a bounce without any mark"),
    Rule("only-our-letter", None, _is_only_our_letter, "feedback as Hotmail gave it; a returned letter"),
    Rule("empty-return-path", None, _has_empty_return_path, "RFC 3834 section 2; RFC 5321 section 4.5.5"),
)
