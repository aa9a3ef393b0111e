"""Reading a kept message: what it says, what kind it is, who wrote it; nothing is changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailbot.casework.labels import Label
from mailbot.casework.procedure import Partner
from mailbot.flows.parts import Parts
from mailbot.flows.threading import Writer
from mailbot.mail.authentication import Authentication
from mailbot.mail.message import Address, Message
from mailbot.mail.references import normal_subject
from mailbot.mail.screen import MailKind, Screening
from mailbot.settings import MailboxSettings
from mailbot.store import messages


@dataclass(frozen=True)
class Reading:
    id: int
    message: Message
    screening: Screening
    live: str  # what the person wrote now
    author: Address | None  # who wrote it, as well as a From proves that
    answer_to: Address | None  # where an acknowledgement may go
    partner: Partner | None
    verified: bool | None  # our border's word on the sender; None when it gave none
    digest: str
    said: Label | None = None  # what a person has said that it is
    said_by: str = ""
    unread: str = ""  # why the text is not all that it says, for the person who must read the rest

    @property
    def words(self) -> str:
        """Subject and live text; of a message without a word of its own, also what is enclosed in it."""
        enclosed = () if self.live else (inner.text for inner in self.message.nested)
        return "\n".join((self.message.subject, self.live, *enclosed))

    @property
    def first_line(self) -> str:
        """The first line that says anything, where the team's word stands."""
        return next((line for line in self.live.splitlines() if line.strip()), "")

    @property
    def signs(self) -> str:
        """What screening saw, in words."""
        seen = (f"{reason.rule}: {reason.detail}" for reason in self.screening.reasons)
        return "; ".join(seen) or "no reason given"

    @property
    def sender(self) -> str:
        """The address of whoever wrote, lower case; "" when it cannot be told."""
        address = self.answer_to or self.author
        return address.address.lower() if address else ""

    @property
    def sender_name(self) -> str:
        address = self.author or self.answer_to
        return address.name if address else ""

    @property
    def writer(self) -> Writer:
        return Writer(self.author, self.answer_to, self.partner, self.verified)


def read(parts: Parts, box: MailboxSettings, row: Mapping[str, Any]) -> Reading:
    """Everything that can be said of a kept message by itself."""
    seen = parts.examine(messages.content_of(row), row["received"], parts.our_mail(box))
    message = seen.message
    procedure = parts.rules_on(box, row["received"]).procedure
    wrote = seen.answer_to or seen.author
    by_itself = seen.author == message.sender  # else the border's word is about a list or a form
    return Reading(
        id=row["id"],
        message=message,
        screening=seen.screening,
        live=seen.live,
        author=seen.author,
        answer_to=seen.answer_to,
        partner=procedure.partner(seen.author.address if seen.author else "", seen.live),
        verified=_verified(seen.authentication) if by_itself else None,
        digest=_digest(wrote.address if wrote else message.first("from"), message),
        said=Label(row["said"]) if row["said"] else None,
        said_by=row["said_by"] or "",
        unread=_cut(row["whole_octets"]) or _elsewhere(message, seen.screening),
    )


def _cut(whole: int | None) -> str:
    """The words for a message of which only the beginning was taken; the mailbox has all of it."""
    return f"only the beginning of {whole / 1e6:.0f} MB was taken: read it in the mailbox" if whole else ""


def _elsewhere(message: Message, screening: Screening) -> str:
    """The words for a message that says nothing itself; of what machines send, attachments alone are not worth them."""
    if message.text.strip():
        return ""
    if message.nested:
        return "it has no words of its own, only another message enclosed: read that in the mailbox"
    if message.attachments and screening.kind is MailKind.PERSON:
        return "it has no words of its own, only what is attached: read that in the mailbox"
    return ""


def _verified(authentication: Authentication) -> bool | None:
    """DMARC decides, since DKIM and SPF alone may speak of another domain than the one in From."""
    return {"pass": True, "fail": False}.get(authentication.dmarc or "")


def _digest(sender: str, message: Message) -> str:
    """Equal for two messages that say the same."""
    said = "\n".join((sender.lower(), normal_subject(message.subject), " ".join(message.text.split())))
    attached = "\n".join(attachment.sha256 for attachment in message.attachments)
    return hashlib.sha256(f"{said}\n{attached}".encode()).hexdigest()
