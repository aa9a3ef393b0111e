"""What a message can be, what may follow from that, and what we must know of ourselves to tell."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from mailbot.mail.message import Message
from mailbot.mail.references import Signer


class MailKind(StrEnum):
    """In order of precedence: when several signs are seen, the first of these is what the message is."""

    OWN_MAIL = "own_mail"
    DELIVERY_REPORT = "delivery_report"
    DISPOSITION_NOTIFICATION = "disposition_notification"
    FEEDBACK_REPORT = "feedback_report"
    AUTO_REPLY = "auto_reply"
    SPAM = "spam"
    LIST_OR_BULK = "list_or_bulk"
    OTHER_ROBOT = "other_robot"
    NOT_ANSWERABLE = "not_answerable"
    PERSON = "person"


class CaseAction(StrEnum):
    """What the message may do to cases; nothing is ever deleted."""

    OPEN_OR_ADD = "open_or_add"  # may open a case, or be filed to one
    ATTACH_ONLY = "attach_only"  # filed to the case it speaks of; set aside when there is none
    NONE = "none"  # set aside, with its reasons


@dataclass(frozen=True)
class FormMailer:
    """A web form that writes to us for other people."""

    address: str  # in its From
    body_field: str | None = (
        None  # the label before the person's address in the text; None: it is in Reply-To
    )


@dataclass(frozen=True)
class OurMail:
    """What is ours: addresses (all mailboxes and aliases), marks, lists, border and web forms."""

    addresses: frozenset[str]
    signer: Signer
    list_ids: frozenset[str] = frozenset()  # groups in front of a mailbox: their List-Id without < >
    border: str | None = None  # authserv-id of our own border, None when it gives no results
    form_mailers: tuple[FormMailer, ...] = ()

    def owns(self, address: str) -> bool:
        """Whether an address is ours, whatever stands after a plus in it, a list of ours, or one of our bounce addresses."""
        return (
            plain_address(address) in self._plain
            or self.is_list(address)
            or self.signer.read_bounce_address(address) is not None
        )

    def is_list(self, name: str) -> bool:
        """Whether one of our lists has this id, or this address: that is its id with an @ (RFC 2919 section 2)."""
        return plain_address(name).replace("@", ".") in self._lists

    def form_mailer(self, address: str) -> FormMailer | None:
        wanted = address.lower()
        return next((form for form in self.form_mailers if form.address.lower() == wanted), None)

    @cached_property
    def _lists(self) -> frozenset[str]:
        return frozenset(id.strip("<> ").lower() for id in self.list_ids)

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset(map(plain_address, self.addresses))


def plain_address(address: str) -> str:
    """In lower case, and without what follows a plus in the local part."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


@dataclass(frozen=True)
class Reason:
    """One sign that was seen: which rule, what it takes the message for (None: that stays open), and where."""

    rule: str
    kind: MailKind | None
    detail: str


@dataclass(frozen=True)
class Rule:
    """One sign: a rule that matches always withholds the acknowledgement, and may say what the message is."""

    name: str
    kind: MailKind | None
    check: Callable[[Message, OurMail], str]  # what was seen, "" for nothing
    source: str
    binds_forms: bool = False  # holds for our own web forms too
