"""What a delivery report says: which recipients, whether for good, and which letter of ours it speaks of."""

import re
from dataclasses import dataclass
from enum import IntEnum

from mailbot.mail.addresses import valid_address
from mailbot.mail.envelope import addressed_to, has_empty_return_path
from mailbot.mail.message import Message
from mailbot.mail.senders import is_daemon
from mailbot.mail.telltales import BOUNCE_SUBJECT

_TEXT = 20_000
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_CODE = re.compile(r"\b([45])\d\d\b")
_MESSAGE_ID = re.compile(r"^[>\s|]{0,10}Message-ID:[\s>]{0,10}(<[^<>\s]{1,250}>)", re.I | re.M)
_SPOKEN_OF = re.compile(r"\b(?:your|original) message(?:[- ]id)?\s?:?\s{0,40}(<[^<>\s]{1,250}>)", re.I)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_STILL_TRYING = re.compile(
    r"delayed|will (?:be retried|keep trying|retry)|still (?:trying|being retried)|not yet been delivered|no action is required"
    r"|verzögert|noch nicht zugestellt|retard[ée]|retrasad|atrasad|in ritardo|vertraagd|fördröjd|forsinket|opóźnion|wedi['’]i oedi|задержан|遅延",
    re.I,
)


class Delivery(IntEnum):
    """What became of the letter for one recipient; a larger one is worse."""

    DELIVERED = 0
    DELAYED = 1
    FAILED = 2


@dataclass(frozen=True)
class Recipient:
    address: str
    action: Delivery
    status: str = ""  # such as "5.1.1"; "" when the report gives none
    diagnostic: str = ""  # the other server's words, one line


@dataclass(frozen=True)
class DeliveryReport:
    recipients: tuple[Recipient, ...]  # each once, with the worst that is said of it
    original_ids: tuple[str, ...]  # Message-IDs of the letter, the surest first
    returned_to: tuple[str, ...]  # addresses it came to: one of them may be our VERP address

    @property
    def original_message_id(self) -> str | None:
        return next(iter(self.original_ids), None)

    @property
    def failed(self) -> tuple[Recipient, ...]:
        return tuple(recipient for recipient in self.recipients if recipient.action is Delivery.FAILED)


def delivery_report(message: Message) -> DeliveryReport | None:
    """The report in a message, None when nothing in it looks like one."""
    if not _may_be_one(message):
        return None
    recipients = [
        one
        for report in message.reports
        if report.content_type in _STATUS_TYPES
        for one in _recipients(report.text)
    ]
    recipients = recipients or list(_told_in_words(message))
    return DeliveryReport(_worst_of_each(recipients), _original_ids(message), addressed_to(message))


def _may_be_one(message: Message) -> bool:
    return bool(
        any(kind in _STATUS_TYPES for kind in message.content_types)
        or message.all("x-failed-recipients")
        or "delivery-status" in message.first("content-type").lower()
        or is_daemon(message)
        or has_empty_return_path(message)
        or BOUNCE_SUBJECT.match(message.subject)
    )


def _recipients(text: str) -> list[Recipient]:
    """One for each group of fields that names a recipient (RFC 3464 section 2.3)."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        fields = _fields(block)
        # The recipient as we wrote it comes first: forwarding changes the final one.
        named = fields.get("original-recipient") or fields.get("final-recipient") or ""
        address = valid_address(named.rpartition(";")[2].strip("<> "))
        if address:
            status = (_STATUS.search(fields.get("status", "")) or [""])[0]
            diagnostic = fields.get("diagnostic-code", "")
            action = _action(fields.get("action", ""), f"{status} {diagnostic}")
            found.append(Recipient(address, action, status, diagnostic[:500]))
    return found


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line[:1] in " \t" and name:
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields.setdefault(name, value.strip())
    return fields


def _action(word: str, codes: str) -> Delivery:
    """The word decides when there is one: a server that gave up says "failed" even of a 4.x.x (RFC 3464 2.3.3)."""
    known = {
        "failed": Delivery.FAILED,
        "delayed": Delivery.DELAYED,
        "delivered": Delivery.DELIVERED,
        "relayed": Delivery.DELIVERED,
        "expanded": Delivery.DELIVERED,
    }
    given = re.match(r"[a-z]*", word.strip().lower())
    if given and given[0] in known:
        return known[given[0]]
    code = _STATUS.search(codes) or _CODE.search(codes)
    return {"4": Delivery.DELAYED, "2": Delivery.DELIVERED}.get(code[1] if code else "", Delivery.FAILED)


def _told_in_words(message: Message) -> list[Recipient]:
    """Recipients of a report without a machine-readable part: half of all bounces have none."""
    text = message.text[:_TEXT]
    text = re.split(
        r"^[-_=\s>]{0,80}(?:original|returned|copy of (?:the|your)) message|^Received: ",
        text,
        maxsplit=1,
        flags=re.I | re.M,
    )[0]
    action = Delivery.DELAYED if _STILL_TRYING.search(f"{message.subject}\n{text}") else Delivery.FAILED
    listed = " ".join(message.all("x-failed-recipients"))
    others = {address.address.lower() for address in (*message.to, *message.cc, *message.senders)}
    others.update(one.strip("<>").lower() for one in _ids_in_words(message))
    named = _ADDRESS.findall(listed or text)
    found = (
        address
        for word in named
        if (address := valid_address(word.strip("."))) and address.lower() not in others
    )
    status = (_STATUS.search(text) or [""])[0]
    return [Recipient(address, action, status) for address in dict.fromkeys(found)][:20]


def _worst_of_each(recipients: list[Recipient]) -> tuple[Recipient, ...]:
    worst: dict[str, Recipient] = {}
    for recipient in recipients:
        key = recipient.address.lower()
        if key not in worst or recipient.action > worst[key].action:
            worst[key] = recipient
    return tuple(worst.values())


def _original_ids(message: Message) -> tuple[str, ...]:
    """From the returned letter or its headers, then from the text, then from what the report itself answers."""
    returned = [nested.message_id for nested in message.nested]
    told = [found for report in message.reports for found in _MESSAGE_ID.findall(report.text)]
    answered = [*message.in_reply_to, *reversed(message.references)]
    return tuple(
        dict.fromkeys(found for found in (*returned, *told, *_ids_in_words(message), *answered) if found)
    )


def _ids_in_words(message: Message) -> list[str]:
    text = message.text[:200_000]
    return _MESSAGE_ID.findall(text) + _SPOKEN_OF.findall(text)
