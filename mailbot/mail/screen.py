"""What a message is, what it may do to a case, and whether it may be acknowledged: three answers, all reasons kept."""

from dataclasses import dataclass

from mailbot.mail.kinds import CaseAction, FormMailer, MailKind, OurMail, Reason, Rule
from mailbot.mail.message import Message
from mailbot.mail.screening_rules import RULES
from mailbot.mail.senders import reply_address
from mailbot.mail.subjects import is_reply
from mailbot.mail.telltales import first_token

__all__ = [
    "CaseAction",
    "FormMailer",
    "MailKind",
    "OurMail",
    "Reason",
    "Rule",
    "Screening",
    "reply_address",
    "screen",
]

_ACTIONS = {
    MailKind.OWN_MAIL: CaseAction.NONE,
    MailKind.DELIVERY_REPORT: CaseAction.ATTACH_ONLY,
    MailKind.DISPOSITION_NOTIFICATION: CaseAction.ATTACH_ONLY,
    MailKind.FEEDBACK_REPORT: CaseAction.ATTACH_ONLY,
    MailKind.AUTO_REPLY: CaseAction.ATTACH_ONLY,
    MailKind.SPAM: CaseAction.ATTACH_ONLY,
    MailKind.LIST_OR_BULK: CaseAction.OPEN_OR_ADD,
    MailKind.OTHER_ROBOT: CaseAction.OPEN_OR_ADD,
    MailKind.NOT_ANSWERABLE: CaseAction.OPEN_OR_ADD,
    MailKind.PERSON: CaseAction.OPEN_OR_ADD,
}


@dataclass(frozen=True)
class Screening:
    kind: MailKind
    case_action: CaseAction
    may_acknowledge: bool
    reasons: tuple[Reason, ...]


def screen(message: Message, ours: OurMail) -> Screening:
    """Ask every rule; the first kind in MailKind's order that any of them names is what the message is."""
    form = message.sender is not None and ours.form_mailer(message.sender.address) is not None
    rules = (rule for rule in RULES if rule.binds_forms or not form)
    reasons = tuple(
        Reason(rule.name, rule.kind, seen) for rule in rules if (seen := rule.check(message, ours))
    )
    kinds = _kinds(reasons)
    kind = next((kind for kind in MailKind if kind in kinds), MailKind.PERSON)
    return Screening(kind, _action(kind, reasons, message), not reasons, reasons)


def _kinds(reasons: tuple[Reason, ...]) -> set[MailKind | None]:
    """Every kind that a sign names. An automatic answer at our bounce address is no bounce: it goes there by RFC 3834."""
    kinds = {reason.kind for reason in reasons}
    reports = {reason.rule for reason in reasons if reason.kind is MailKind.DELIVERY_REPORT}
    answers = MailKind.AUTO_REPLY in kinds or any(reason.rule == "speaks-of-absence" for reason in reasons)
    if reports == {"bounce-address"} and answers:
        return kinds - {MailKind.DELIVERY_REPORT} | {MailKind.AUTO_REPLY}
    return kinds


def _action(kind: MailKind, reasons: tuple[Reason, ...], message: Message) -> CaseAction:
    """The kind's action, with two exceptions that keep people's words from being set aside unread."""
    rules = {reason.rule for reason in reasons}
    if kind is MailKind.OWN_MAIL and not rules & {"own-message-id", "own-loop-token", "comes-round"}:
        return CaseAction.ATTACH_ONLY  # a colleague writing by hand, or a form that nobody told us of
    if kind is MailKind.AUTO_REPLY and _passes_something_on(rules, message):
        return CaseAction.OPEN_OR_ADD
    return _ACTIONS[kind]


def _passes_something_on(rules: set[str], message: Message) -> bool:
    """A program that calls its mail "auto-generated" and answers nothing may be a web form with a complaint in it."""
    replied = any(first_token(value) == "auto-replied" for value in message.all("auto-submitted"))
    answers = replied or bool(message.in_reply_to or message.references) or is_reply(message.subject)
    return rules & _AUTOMATIC == {"auto-submitted"} and not answers and not rules & _NEVER_A_FORM


_AUTOMATIC = frozenset(rule.name for rule in RULES if rule.kind is MailKind.AUTO_REPLY)
_NEVER_A_FORM = frozenset({"empty-return-path", "asks-for-silence", "bulk-precedence", "bounce-address"})
