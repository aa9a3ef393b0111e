"""Bytes to facts: `parse` answers a Message for any bytes whatever, and says what it had to repair."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.mail.body import Body
from mailbot.mail.defects import Defects
from mailbot.mail.head import Head
from mailbot.mail.message import Message
from mailbot.mail.mime import DEPTH, Part, parts

ENCLOSED = 50

_BARE_CR = re.compile(rb"\r(?![\r\n])")
_MBOX_LINE = re.compile(rb">?From [^\r\n]*(?:\r\n|\n|\r)?")


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
    if match := _MBOX_LINE.match(raw):
        defects.note("mbox From line first")
        return raw[match.end() :]
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
    head = Head(found[0].fields, defects)
    authors = head.addresses("from")
    sender, ambiguous = head.sender(authors)
    return Message(
        headers=head.headers,
        message_id=head.message_id(),
        in_reply_to=head.cited("in-reply-to"),
        references=head.cited("references"),
        sender=sender,
        sender_ambiguous=ambiguous,
        senders=authors.addresses,
        reply_to=head.addresses("reply-to").addresses,
        to=head.addresses("to").addresses,
        cc=head.addresses("cc").addresses,
        subject=head.subject,
        date=head.date(received),
        received=received,
        text=body.text(),
        html=body.html(),
        attachments=tuple(body.attachments),
        nested=nested,
        content_types=tuple(part.content_type for part in found),
        reports=tuple(body.reports),
        defects=tuple(defects.seen),
    )
