"""The table of signs by which machines are known from people; a new sign is one small function and one line.

Every rule withholds the acknowledgement. Counts behind them are in docs/mail.md.
"""

import re
from collections.abc import Callable

from mailbot.mail.authentication import added_by_border, verdict
from mailbot.mail.kinds import MailKind, OurMail, Rule, plain_address
from mailbot.mail.message import Message
from mailbot.mail.reply_text import live_text
from mailbot.mail.senders import answerable, is_daemon, is_machine_name, is_unanswered_name, reply_address
from mailbot.mail.subjects import is_forward, is_reply
from mailbot.mail.telltales import (
    ABSENCE,
    AUTO_REPLY_HEADERS,
    AUTO_REPLY_SUBJECT,
    AUTOMATED,
    BOUNCE_SUBJECT,
    LIST_HEADERS,
    RETURNED_HEADERS,
    ROBOT_HEADERS,
    SPAM_SCORE,
    first_token,
    tokens,
)

HOPS = 50
_Check = Callable[[Message, OurMail], str]
_ARRIVAL_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "apparently-to",
    "x-forwarded-to",
    "x-envelope-to",
)
_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")


def _is_ours_by_id(message: Message, ours: OurMail) -> str:
    return "our Message-ID" if ours.signer.read(message.message_id) else ""


def _bears_our_loop_token(message: Message, ours: OurMail) -> str:
    return "our X-Loop" if any(map(ours.signer.verify_loop, message.all("x-loop"))) else ""


def _has_come_round(message: Message, ours: OurMail) -> str:
    for name in ("delivered-to", "x-loop"):
        arrived = [plain_address(value) for value in message.all(name) if ours.owns(value)]
        if len(arrived) > len(set(arrived)):
            return f"{name} names us twice"
    hops = len(message.all("received"))
    return f"{hops} hops" if hops > HOPS else ""


def _is_from_ourselves(message: Message, ours: OurMail) -> str:
    return next((f"From {sender.address}" for sender in message.senders if ours.owns(sender.address)), "")


def _returns_to(message: Message, ours: OurMail) -> str:
    arrived = [address.address for address in (*message.to, *message.cc)] + _arrivals(message)
    return next((f"came to {address}" for address in arrived if ours.signer.read_bounce_address(address)), "")


def _has_part(*types: str) -> _Check:
    def check(message: Message, _ours: OurMail) -> str:
        return next((kind for kind in message.content_types if kind in types), "")

    return check


def _is_report(report_type: str) -> _Check:
    pattern = re.compile(rf'multipart/report\b.{{0,2000}}report-type\s*=\s*"?{report_type}', re.I | re.S)

    def check(message: Message, _ours: OurMail) -> str:
        return f"report-type {report_type}" if pattern.search(message.first("content-type")[:3000]) else ""

    return check


def _has_header(kind: str, prefixes: tuple[str, ...]) -> _Check:
    """Any header whose name is one of `prefixes`, or begins with one that ends in a dash."""
    exact = frozenset(prefixes)
    beginnings = tuple(prefix for prefix in prefixes if prefix.endswith("-"))

    def check(message: Message, _ours: OurMail) -> str:
        seen = (name for name in sorted(message.names) if name in exact or name.startswith(beginnings))
        return next(
            (f"{kind} header {name}" for name in seen if first_token(message.first(name)) != "no"), ""
        )

    return check


def _has_failed_recipients(message: Message, _ours: OurMail) -> str:
    return "X-Failed-Recipients" if message.all("x-failed-recipients") else ""


def _reads_like_a_bounce(message: Message, ours: OurMail) -> str:
    """Two of: empty return path, a mail server as sender, a bounce's subject, headers of a returned letter."""
    signs = [
        sign
        for sign, seen in (
            ("empty Return-Path", _has_empty_return_path(message, ours)),
            ("daemon sender", is_daemon(message)),
            ("bounce subject", BOUNCE_SUBJECT.match(message.subject) and not is_forward(message.subject)),
            ("returned headers in the text", RETURNED_HEADERS.search(message.text[:50_000])),
            ("our letter inside", any(ours.signer.read(inner.message_id) for inner in message.nested)),
        )
        if seen
    ]
    return ", ".join(signs) if len(signs) > 1 else ""


def _has_empty_return_path(message: Message, _ours: OurMail) -> str:
    return "Return-Path <>" if any(not value.strip("<> ") for value in message.all("return-path")) else ""


def _says_auto_submitted(message: Message, _ours: OurMail) -> str:
    # RFC 3834 section 5: parameters may follow the keyword, and only "no" means a person.
    values = [first_token(value) for value in message.all("auto-submitted")]
    return next((f"Auto-Submitted: {value[:40]}" for value in values if value != "no"), "")


def _precedence(*wanted: str) -> _Check:
    def check(message: Message, _ours: OurMail) -> str:
        values = map(first_token, message.all("precedence") + message.all("x-precedence"))
        return next((f"Precedence: {value}" for value in values if value in wanted), "")

    return check


def _is_delivered_by_autoresponder(message: Message, _ours: OurMail) -> str:
    found = any(value.strip().lower().startswith("autoresponder") for value in message.all("delivered-to"))
    return "Delivered-To: autoresponder" if found else ""


def _is_outlook_out_of_office(message: Message, _ours: OurMail) -> str:
    both = message.all("x-ms-exchange-inbox-rules-loop") and message.all("x-auto-response-suppress")
    return "Exchange inbox rule" if both else ""


def _has_auto_reply_subject(message: Message, _ours: OurMail) -> str:
    match = AUTO_REPLY_SUBJECT.match(message.subject)
    return f"subject begins {match[0].strip()!r}" if match else ""


def _speaks_of_absence(message: Message, _ours: OurMail) -> str:
    answers = message.in_reply_to or message.references or is_reply(message.subject)
    match = ABSENCE.search(live_text(message)[:400]) if answers else None
    return f"says {match[0]!r}" if match else ""


def _calls_itself_automated(message: Message, _ours: OurMail) -> str:
    match = AUTOMATED.search(live_text(message)[:4000])
    return f"says {match[0].strip()!r}" if match else ""


def _asks_for_silence(message: Message, _ours: OurMail) -> str:
    asked = {token for value in message.all("x-auto-response-suppress") for token in tokens(value)}
    return "X-Auto-Response-Suppress" if asked & {"all", "oof", "autoreply"} else ""


def _has_foreign_loop_mark(message: Message, ours: OurMail) -> str:
    return "X-Loop" if any(not ours.signer.verify_loop(value) for value in message.all("x-loop")) else ""


def _unless_our_list(check: _Check) -> _Check:
    def checked(message: Message, ours: OurMail) -> str:
        ids = {value.rpartition("<")[2].strip("<> ").lower() for value in message.all("list-id")}
        return "" if ids & {known.lower() for known in ours.list_ids} else check(message, ours)

    return checked


def _is_marked_spam(message: Message, ours: OurMail) -> str:
    for name, pattern in SPAM_SCORE.items():
        if pattern.search(added_by_border(message, ours.border, name)):
            return name
    return ""


def _fails_dmarc(message: Message, ours: OurMail) -> str:
    return "dmarc=fail" if verdict(message, ours.border).dmarc == "fail" else ""


def _has_no_single_sender(message: Message, _ours: OurMail) -> str:
    if message.sender is not None:
        return ""
    return "From is ambiguous" if message.sender_ambiguous else "From has no address"


def _has_machine_sender(message: Message, _ours: OurMail) -> str:
    return next((f"From {sender.address}" for sender in message.senders if is_machine_name(sender.local)), "")


def _has_unanswered_sender(message: Message, _ours: OurMail) -> str:
    return next(
        (f"From {sender.address}" for sender in message.senders if is_unanswered_name(sender.local)), ""
    )


def _sender_is_a_machine_too(message: Message, _ours: OurMail) -> str:
    found = _ADDRESS.search(message.first("sender")[:2000]) or _ADDRESS.search(
        message.first("return-path")[:2000]
    )
    return f"sent by {found[0]}" if found and is_machine_name(found[0].rpartition("@")[0]) else ""


def _is_nobody_to_answer(message: Message, ours: OurMail) -> str:
    return "" if answerable(reply_address(message, ours), ours) else "no address to answer to"


def _is_not_addressed_to_us(message: Message, ours: OurMail) -> str:
    named = [address.address for address in (*message.to, *message.cc)] + _arrivals(message)
    return (
        ""
        if not ours.addresses or any(map(ours.owns, named))
        else "none of our addresses in To, Cc or Delivered-To"
    )


def _arrivals(message: Message) -> list[str]:
    return [
        found
        for name in _ARRIVAL_HEADERS
        for value in message.all(name)
        for found in _ADDRESS.findall(value[:2000])
    ]


_OWN, _DSN, _MDN = MailKind.OWN_MAIL, MailKind.DELIVERY_REPORT, MailKind.DISPOSITION_NOTIFICATION
_ARF, _AUTO, _LIST = MailKind.FEEDBACK_REPORT, MailKind.AUTO_REPLY, MailKind.LIST_OR_BULK

RULES = (
    Rule("own-message-id", _OWN, _is_ours_by_id, "loop: our own letter", binds_forms=True),
    Rule("own-loop-token", _OWN, _bears_our_loop_token, "loop: our own letter", binds_forms=True),
    Rule(
        "comes-round", _OWN, _has_come_round, "Postfix hopcount_limit; RFC 5321 section 6.3", binds_forms=True
    ),
    Rule("own-sender", _OWN, _is_from_ourselves, "loop: our own mailbox"),
    Rule("bounce-address", _DSN, _returns_to, "VERP: only a bounce comes there", binds_forms=True),
    Rule("delivery-report", _DSN, _is_report("(?:global-)?delivery-status"), "RFC 3464", binds_forms=True),
    Rule(
        "delivery-status-part",
        _DSN,
        _has_part("message/delivery-status", "message/global-delivery-status"),
        "RFC 3464",
    ),
    Rule("failed-recipients", _DSN, _has_failed_recipients, "Exim, Gmail"),
    Rule(
        "bounce-signs",
        _DSN,
        _reads_like_a_bounce,
        "half of 896 bounces have no status part",
        binds_forms=True,
    ),
    Rule("read-receipt", _MDN, _is_report("disposition-notification"), "RFC 8098"),
    Rule("read-receipt-part", _MDN, _has_part("message/disposition-notification"), "RFC 8098"),
    Rule("feedback-report", _ARF, _is_report("feedback-report"), "RFC 5965"),
    Rule("feedback-part", _ARF, _has_part("message/feedback-report"), "RFC 5965"),
    Rule("auto-submitted", _AUTO, _says_auto_submitted, "RFC 3834 section 5"),
    Rule(
        "auto-reply-header",
        _AUTO,
        _has_header("automatic", AUTO_REPLY_HEADERS),
        "autoresponders' own headers",
    ),
    Rule("auto-reply-precedence", _AUTO, _precedence("auto_reply", "auto-reply"), "RFC 2076"),
    Rule("autoresponder-delivered", _AUTO, _is_delivered_by_autoresponder, "qmail autoresponder"),
    Rule("outlook-out-of-office", _AUTO, _is_outlook_out_of_office, "Exchange inbox rules"),
    Rule("auto-reply-subject", _AUTO, _has_auto_reply_subject, "autoresponders' subjects, by language"),
    Rule("marked-spam", MailKind.SPAM, _is_marked_spam, "our own border only", binds_forms=True),
    Rule("list-header", _LIST, _unless_our_list(_has_header("list", LIST_HEADERS)), "RFC 2369, RFC 2919"),
    Rule("bulk-precedence", _LIST, _unless_our_list(_precedence("bulk", "list", "junk")), "RFC 2076"),
    Rule("robot-header", MailKind.OTHER_ROBOT, _has_header("robot", ROBOT_HEADERS), "other ticket systems"),
    Rule("machine-sender", MailKind.NOT_ANSWERABLE, _has_machine_sender, "RFC 3834 section 2; RFC 2142"),
    Rule(
        "no-single-sender",
        MailKind.NOT_ANSWERABLE,
        _has_no_single_sender,
        "RFC 5322 section 3.6.2",
        binds_forms=True,
    ),
    Rule("empty-return-path", None, _has_empty_return_path, "RFC 3834 section 2; RFC 5321 section 4.5.5"),
    Rule("asks-for-silence", None, _asks_for_silence, "MS-OXCMAIL 2.1.3.2.14"),
    Rule("foreign-loop-mark", None, _has_foreign_loop_mark, "somebody's robot"),
    Rule("sent-by-machine", None, _sender_is_a_machine_too, "RFC 3834 section 2"),
    Rule("speaks-of-absence", None, _speaks_of_absence, "an autoresponder without any mark"),
    Rule("calls-itself-automated", None, _calls_itself_automated, "a robot without any mark"),
    Rule("unanswered-sender", None, _has_unanswered_sender, "RFC 2142"),
    Rule("fails-dmarc", None, _fails_dmarc, "backscatter: the sender may be forged", binds_forms=True),
    Rule("not-to-us", None, _is_not_addressed_to_us, "RFC 3834 section 2"),
    Rule("nobody-to-answer", None, _is_nobody_to_answer, "RFC 3834 section 4", binds_forms=True),
)
