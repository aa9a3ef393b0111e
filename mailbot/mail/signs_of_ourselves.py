"""Signs of our own mail coming back to us: loops, copies of our letters, bounces sent to our own return addresses."""

from mailbot.mail.envelope import addressed_to
from mailbot.mail.kinds import MailKind, OurMail, Rule
from mailbot.mail.message import Message
from mailbot.mail.passed_on import passed_on

HOPS = 50


def _is_ours_by_id(message: Message, ours: OurMail) -> str:
    return "our Message-ID" if ours.signer.read(message.message_id) else ""


def _bears_our_loop_token(message: Message, ours: OurMail) -> str:
    return "our X-Loop" if any(map(ours.signer.verify_loop, message.all("x-loop"))) else ""


def _has_come_round(message: Message, ours: OurMail) -> str:
    for name in ("delivered-to", "x-loop"):
        arrived = [value.strip().lower() for value in message.all(name) if ours.owns(value)]
        if len(arrived) > len(set(arrived)):
            return f"{name} names us twice"
    hops = len(message.all("received"))
    return f"{hops} hops" if hops > HOPS else ""


def _is_from_ourselves(message: Message, ours: OurMail) -> str:
    if passed_on(message, ours):
        return ""  # a list in front of our mailbox has put its address on somebody's mail
    return next((f"From {sender.address}" for sender in message.senders if ours.owns(sender.address)), "")


def _returns_to(message: Message, ours: OurMail) -> str:
    found = (address for address in addressed_to(message) if ours.signer.read_bounce_address(address))
    return next((f"came to {address}" for address in found), "")


_OWN = MailKind.OWN_MAIL

RULES = (
    Rule("own-message-id", _OWN, _is_ours_by_id, "loop: our own letter", binds_forms=True),
    Rule("own-loop-token", _OWN, _bears_our_loop_token, "loop: our own letter", binds_forms=True),
    Rule("comes-round", _OWN, _has_come_round, "Postfix hopcount_limit; RFC 5321 6.3", binds_forms=True),
    Rule("own-sender", _OWN, _is_from_ourselves, "loop: our own mailbox"),
    Rule(
        "bounce-address",
        MailKind.DELIVERY_REPORT,
        _returns_to,
        "VERP: only bounces come there",
        binds_forms=True,
    ),
)
