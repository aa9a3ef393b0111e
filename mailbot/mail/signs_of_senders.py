"""Signs in the sender: forged, machine, nobody, or not writing to us at all."""

import re

from mailbot.mail.authentication import added_by_border, verdict
from mailbot.mail.envelope import addressed_to
from mailbot.mail.kinds import MailKind, OurMail, Rule
from mailbot.mail.message import Message
from mailbot.mail.passed_on import passed_on
from mailbot.mail.senders import is_machine_name, is_unanswered_name, reply_address
from mailbot.mail.telltales import SPAM_SCORE

_ADDRESS = re.compile(r"([^\s<>,;:\"()]{1,64})@[^\s<>,;:\"()]{1,255}")


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


def _is_from_a_list(message: Message, ours: OurMail) -> str:
    passed = passed_on(message, ours)
    if passed is None or passed.believed:
        return ""
    named = f"names {passed.named.address}" if passed.named else "does not say for whom"
    return f"a list wrote its own address in From and {named}; nobody vouches for that"


def _is_sent_by_a_machine(message: Message, _ours: OurMail) -> str:
    found = _ADDRESS.search(message.first("sender")[:2000])
    return f"Sender {found[0]}" if found and is_machine_name(found[1]) else ""


def _is_nobody_to_answer(message: Message, ours: OurMail) -> str:
    return "" if reply_address(message, ours) else "no address to answer to"


def _is_not_addressed_to_us(message: Message, ours: OurMail) -> str:
    if not ours.addresses or any(map(ours.owns, addressed_to(message))):
        return ""
    return "none of our addresses in To, Cc or Delivered-To"


_NOBODY = MailKind.NOT_ANSWERABLE

RULES = (
    Rule("marked-spam", MailKind.SPAM, _is_marked_spam, "our own border only", binds_forms=True),
    Rule("machine-sender", _NOBODY, _has_machine_sender, "RFC 3834 section 2; RFC 2142"),
    Rule("no-single-sender", _NOBODY, _has_no_single_sender, "RFC 5322 section 3.6.2", binds_forms=True),
    Rule("rewritten-by-list", _NOBODY, _is_from_a_list, "Google Groups, Mailman: DMARC mitigation"),
    Rule("sent-by-machine", None, _is_sent_by_a_machine, "RFC 3834 section 2"),
    Rule("unanswered-sender", None, _has_unanswered_sender, "RFC 2142"),
    Rule("fails-dmarc", None, _fails_dmarc, "backscatter: the sender may be forged", binds_forms=True),
    Rule("not-to-us", None, _is_not_addressed_to_us, "RFC 3834 section 2"),
    Rule("nobody-to-answer", None, _is_nobody_to_answer, "RFC 3834 section 4", binds_forms=True),
)
