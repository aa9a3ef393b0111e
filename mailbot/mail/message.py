"""What a message says, as facts: the record that parsing makes of any bytes whatever."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Address:
    name: str
    address: str  # addr-spec with the domain in lower case

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
class Message:
    """A message as read; the raw bytes are kept elsewhere and stay the truth.

    Every text encodes as UTF-8 and holds no NUL. `text` is all inline text (plain, else HTML as text);
    nested message/rfc822 parts are evidence in `nested`, never in `text`. `defects` lists every repair.
    """

    headers: tuple[tuple[str, str], ...]  # every occurrence, in order, decoded
    message_id: str  # "" when missing or malformed
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, capped at the first and the last 20
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
    defects: tuple[str, ...] = field(default=())

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    def first(self, name: str) -> str:
        """The first value of a header, "" when it is missing."""
        return next(iter(self.all(name)), "")
