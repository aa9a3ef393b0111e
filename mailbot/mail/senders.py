"""Who can be answered: the sender's address, and the addresses that are machines by their names."""

import re

from mailbot.mail.addresses import valid_address
from mailbot.mail.authentication import verdict
from mailbot.mail.kinds import FormMailer, OurMail, plain_address
from mailbot.mail.message import Address, Message
from mailbot.mail.passed_on import passed_on

_MACHINE_NAMES = (
    r"mailer[-_.]?daemon|post[-_.]?master|mdaemon|(?:.{0,60}[-_.])?no[-_.]?reply|(?:.{0,60}[-_.])?do[-_.]?not[-_.]?reply"
    r"|bounces?|owner|listserv|list-?master|majordomo|auto-?reply|auto-?responder|double-bounce|uucp|nobody"
)
_MACHINE = re.compile(
    rf"(?:{_MACHINE_NAMES})(?:[-+._=].*)?|owner-.+|.+-(?:request|bounces?|owner|errors)(?:\+.*)?", re.I
)
_DAEMON = re.compile(r"(?:mailer[-_.]?daemon|post[-_.]?master|mdaemon|double-bounce|uucp)(?:[-+._].*)?", re.I)
_DAEMON_ALONE = re.compile(
    r"\W{0,3}(?:mailer[-_. ]?daemon|mail delivery (?:sub)?system|post[-_. ]?master)\b", re.I
)
_UNANSWERED = frozenset({"root", "abuse"})
_PUBLIC_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


def is_machine_name(local: str) -> bool:
    return bool(_MACHINE.fullmatch(local[:64]))


def is_daemon_name(local: str) -> bool:
    return bool(_DAEMON.fullmatch(local[:64]))


def is_daemon(message: Message) -> bool:
    """Whether a mail server's own account wrote this: any reading of From counts, and a name without an address."""
    if not message.senders:
        return bool(_DAEMON_ALONE.match(message.first("from")))
    return any(is_daemon_name(address.local) for address in message.senders)


def is_unanswered_name(local: str) -> bool:
    """Accounts that people do write from, and that are never written to automatically."""
    return local.lower() in _UNANSWERED


def answerable(address: Address | None, ours: OurMail) -> bool:
    """Whether a letter may go there at all: deliverable, not a machine by its name, and not ourselves."""
    return (
        address is not None
        and address.address.isascii()
        and bool(_PUBLIC_DOMAIN.fullmatch(address.domain))
        and not is_machine_name(address.local)
        and not is_unanswered_name(address.local)
        and not ours.owns(address.address)
    )


def author(message: Message, ours: OurMail) -> Address | None:
    """Who wrote it, as well as From proves that: for a list of ours whoever it names, for a web form nobody."""
    if message.sender is None or ours.form_mailer(message.sender.address):
        return None
    passed = passed_on(message, ours)
    return passed.author if passed else message.sender


def reply_address(message: Message, ours: OurMail) -> Address | None:
    """Whom an acknowledgement may go to: the author, or whoever our web form says wrote; None for nobody.

    Reply-To is followed only where DMARC vouches for the sender: otherwise anybody could aim our letter.
    """
    form = ours.form_mailer(message.sender.address) if message.sender else None
    candidate = _behind_form(message, form) if form else _author_or_reply_to(message, ours)
    return candidate if answerable(candidate, ours) else None


def _author_or_reply_to(message: Message, ours: OurMail) -> Address | None:
    writer, wanted = author(message, ours), message.reply_to
    if (
        writer is None
        or writer != message.sender
        or len(wanted) != 1
        or plain_address(wanted[0].address) == plain_address(writer.address)
    ):
        return writer
    vouched = verdict(message, ours.border).dmarc == "pass"
    return wanted[0] if vouched and answerable(wanted[0], ours) else writer


def _behind_form(message: Message, form: FormMailer) -> Address | None:
    """The person's address as the form passes it on."""
    if form.body_field is None:
        return message.reply_to[0] if len(message.reply_to) == 1 else None
    label = re.escape(form.body_field.strip().rstrip(":"))
    found = re.findall(
        rf"^[ \t*]{{0,20}}{label}[ \t*]{{0,20}}[:=]?[ \t]*\n?[ \t]*(\S{{3,320}})",
        message.text[:50_000],
        re.M | re.I,
    )
    address = valid_address(found[0].strip("<>()[],;\"'*").removeprefix("mailto:")) if found else None
    return Address("", address) if address else None
