"""Signs of programs: autoresponders, lists and bulk mail, other ticket systems."""

from collections.abc import Callable

from mailbot.mail.kinds import MailKind, OurMail, Rule
from mailbot.mail.message import Message
from mailbot.mail.reply_text import live_text
from mailbot.mail.subjects import is_forward, is_reply
from mailbot.mail.telltales import (
    ABSENCE,
    ABSENCE_CHARACTERS,
    ABSENCE_SUBJECT,
    AUTO_REPLY_HEADERS,
    AUTO_REPLY_SUBJECT,
    AUTOMATED,
    LIST_HEADERS,
    ROBOT_HEADERS,
    first_token,
    tokens,
)

_Check = Callable[[Message, OurMail], str]


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
    """An answer by its headers, though not by its subject, that opens as autoresponders do: people leave the "Re:"."""
    answers = (message.in_reply_to or message.references) and not is_reply(message.subject)
    text = live_text(message) if answers else ""
    if not text or len(text) >= ABSENCE_CHARACTERS:
        return ""
    match = ABSENCE_SUBJECT.match(message.subject) or ABSENCE.match(text)
    return f"says {match[0].strip()[:100]!r}" if match else ""


def _calls_itself_automated(message: Message, _ours: OurMail) -> str:
    match = None if is_forward(message.subject) else AUTOMATED.search(live_text(message)[:4000])
    return f"says {match[0].strip()!r}" if match else ""


def _asks_for_silence(message: Message, _ours: OurMail) -> str:
    asked = {token for value in message.all("x-auto-response-suppress") for token in tokens(value)}
    return "X-Auto-Response-Suppress" if asked & {"all", "oof", "autoreply"} else ""


def _has_foreign_loop_mark(message: Message, ours: OurMail) -> str:
    return "X-Loop" if any(not ours.signer.verify_loop(value) for value in message.all("x-loop")) else ""


def _unless_our_list(check: _Check) -> _Check:
    def checked(message: Message, ours: OurMail) -> str:
        ids = (value.rpartition("<")[2].strip("<> ") for value in message.all("list-id"))
        return "" if any(map(ours.is_list, ids)) else check(message, ours)

    return checked


_AUTO, _LIST = MailKind.AUTO_REPLY, MailKind.LIST_OR_BULK
_THROUGH_A_LIST = _unless_our_list(_has_header("list", LIST_HEADERS))
_IN_BULK = _unless_our_list(_precedence("bulk", "list", "junk"))

RULES = (
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
    Rule("list-header", _LIST, _THROUGH_A_LIST, "RFC 2369, RFC 2919"),
    Rule("bulk-precedence", _LIST, _IN_BULK, "RFC 2076"),
    Rule("robot-header", MailKind.OTHER_ROBOT, _has_header("robot", ROBOT_HEADERS), "other ticket systems"),
    Rule("asks-for-silence", None, _asks_for_silence, "MS-OXCMAIL, X-Auto-Response-Suppress"),
    Rule("foreign-loop-mark", None, _has_foreign_loop_mark, "somebody's robot"),
    Rule("speaks-of-absence", None, _speaks_of_absence, "an autoresponder without any mark"),
    Rule("calls-itself-automated", None, _calls_itself_automated, "a robot without any mark"),
)
