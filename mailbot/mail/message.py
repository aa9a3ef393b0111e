"""What a message says, as facts: the record that parsing makes of any bytes whatever."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Address:
    name: str
    address: str  # addr-spec with the domain in lower case

    @property
    def local(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Attachment:
    name: str  # made safe: no path, no control characters
    content_type: str
    size: int  # octets, decoded
    sha256: str


@dataclass(frozen=True)
class Report:
    """A part written by a mail server for mail servers: delivery status, feedback, returned headers."""

    content_type: str
    text: str


@dataclass(frozen=True)
class Message:
    """A message as read; the raw bytes are kept elsewhere and stay the truth.

    Every text encodes as UTF-8 and holds no NUL. `text` is all inline text (plain, else HTML as text);
    nested message/rfc822 parts are evidence in `nested`, never in `text`. `defects` lists every repair.
    """

    headers: tuple[tuple[str, str], ...]  # every occurrence, in order, decoded
    message_id: str  # "" when missing or malformed
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, capped at the first one and the last 20
    sender: Address | None  # the single From address, None when there is none that can be trusted
    sender_ambiguous: bool
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None  # the Date header when aware and sane
    received: datetime | None  # the server's time, aware
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    nested: tuple["Message", ...] = ()
    content_types: tuple[str, ...] = ()  # every part's type, in order of the walk
    defects: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()  # every address that From may be read as, for a person to look at
    reports: tuple[Report, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        index: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            index[name.lower()] = (*index.get(name.lower(), ()), value)
        return index

    @property
    def names(self) -> frozenset[str]:
        """The names of all headers, in lower case."""
        return frozenset(self._by_name)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order."""
        return self._by_name.get(name.lower(), ())

    def first(self, name: str) -> str:
        """The first value of a header, "" when it is missing."""
        return next(iter(self.all(name)), "")

    def as_record(self) -> dict[str, Any]:
        """Plain values only, which always encode as UTF-8 JSON."""
        return _plain(self)  # type: ignore[no-any-return]  # a dataclass becomes a dict


def _plain(value: Any) -> Any:
    match value:
        case Message() | Address() | Attachment() | Report():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case tuple():
            return [_plain(item) for item in value]
        case datetime():
            return value.isoformat()
        case _:
            return value
