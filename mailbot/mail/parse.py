"""Bytes to facts: `parse` answers a Message for any bytes whatever, and says what it had to repair."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.mail.addresses import AddressList, read_addresses
from mailbot.mail.body import Body
from mailbot.mail.charsets import clean, decode
from mailbot.mail.dates import sane_date
from mailbot.mail.defects import Defects
from mailbot.mail.encoded_words import header_text
from mailbot.mail.header_block import Field
from mailbot.mail.message import Address, Message
from mailbot.mail.mime import DEPTH, Part, parts

ENCLOSED = 50

_ADDRESS_FIELDS = ("from", "reply-to", "to", "cc")
_ONCE = (
    "from",
    "sender",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "content-type",
    "in-reply-to",
    "references",
)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_BARE_CR = re.compile(rb"\r(?![\r\n])")
_SPACES = re.compile(r"[ \t\r\n]+")


def parse(raw: bytes, received: datetime | None = None) -> Message:
    """What `raw` says. `received` is the server's time (aware): a Date beyond it by a day is not believed."""
    return _parse(raw, received, _Room(ENCLOSED))


@dataclass
class _Room:
    """How many more enclosed messages may be opened, at any depth together."""

    left: int


def _parse(raw: bytes, received: datetime | None, room: _Room, depth: int = 0) -> Message:
    defects = Defects()
    found = parts(_without_mbox_line(raw, defects), defects)
    body = Body(defects)
    for part in found:
        body.take(part)
    nested = tuple(_enclosed(body, room, depth, defects))
    return _message(found, body, received, nested, defects)


def _without_mbox_line(raw: bytes, defects: Defects) -> bytes:
    if b"\x00" in raw:
        defects.note("NUL bytes")
    if _BARE_CR.search(raw):
        defects.note("bare CR")
    raw = raw.lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        defects.note("mbox From line first")
        return raw[re.match(rb"[^\r\n]*(?:\r\n|\n|\r)?", raw).end() :]  # type: ignore[union-attr]  # always matches
    return raw


def _enclosed(body: Body, room: _Room, depth: int, defects: Defects) -> Iterator[Message]:
    for octets in body.enclosed:
        if depth >= DEPTH or room.left <= 0:
            defects.note("enclosed messages left closed at the cap")
            return
        room.left -= 1
        yield _parse(octets, None, room, depth + 1)


def _message(
    found: list[Part], body: Body, received: datetime | None, nested: tuple[Message, ...], defects: Defects
) -> Message:
    fields = found[0].fields
    headers = tuple((name, header_text(value)) for name, value in fields)
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    _note_oddities(fields, defects)
    lists = {name: _address_list(fields, name, defects) for name in _ADDRESS_FIELDS}
    sender, ambiguous = _sender(fields, lists["from"], defects)
    date, wrong = sane_date(first.get("date", ""), received)
    defects.note(wrong)
    references = _ids(" ".join(value for name, value in headers if name.lower() == "references"))
    return Message(
        headers=headers,
        message_id=_own_id(headers, defects),
        in_reply_to=_ids(first.get("in-reply-to", ""))[:20],
        references=references if len(references) <= 21 else references[:1] + references[-20:],
        sender=sender,
        sender_ambiguous=ambiguous,
        senders=lists["from"].addresses,
        reply_to=lists["reply-to"].addresses,
        to=lists["to"].addresses,
        cc=lists["cc"].addresses,
        subject=first.get("subject", "")[:1000],
        date=date,
        received=received,
        text=body.text(),
        html=body.html(),
        attachments=tuple(body.attachments),
        nested=nested,
        content_types=tuple(part.content_type for part in found),
        reports=tuple(body.reports),
        defects=tuple(defects.seen),
    )


def _note_oddities(fields: tuple[Field, ...], defects: Defects) -> None:
    names = [name.lower() for name, _ in fields]
    for name in _ONCE:
        if names.count(name) > 1:
            defects.note(f"{name} stands more than once")
    if not all(value.isascii() for _, value in fields):
        defects.note("8-bit bytes in the header")


def _address_list(fields: tuple[Field, ...], name: str, defects: Defects) -> AddressList:
    """The addresses of all fields of that name: what another program may take for the sender must be seen."""
    values = [value for key, value in fields if key.lower() == name]
    text = ", ".join(_SPACES.sub(" ", clean(decode(value, "").text)) for value in values)
    listed = read_addresses(text)
    if listed.capped:
        defects.note(f"{name} cut at its cap")
    return listed


def _sender(fields: tuple[Field, ...], listed: AddressList, defects: Defects) -> tuple[Address | None, bool]:
    """The one address in From, and whether From may be read in more than one way."""
    repeated = sum(name.lower() == "from" for name, _ in fields) > 1
    ambiguous = repeated or listed.doubtful or len(listed.addresses) > 1
    if ambiguous:
        defects.note("From is ambiguous")
    elif not listed.addresses:
        defects.note("From has no address")
    return (None if ambiguous or not listed.addresses else listed.addresses[0]), ambiguous


def _own_id(headers: tuple[tuple[str, str], ...], defects: Defects) -> str:
    """The Message-ID when there is exactly one and it is well formed."""
    values = [value for name, value in headers if name.lower() == "message-id"]
    found = _MESSAGE_ID.findall(" ".join(values))
    if len(values) == len(found) == 1:
        return str(found[0])
    defects.note("Message-ID malformed" if values else "no Message-ID")
    return ""


def _ids(value: str) -> tuple[str, ...]:
    """Message-IDs in their order, each once."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))
