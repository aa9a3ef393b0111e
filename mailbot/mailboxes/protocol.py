"""What every mailbox can do, so that the flows need not know which kind it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Key:
    """What identifies a message on its server: unique with the mailbox's name."""

    folder: str
    validity: str  # IMAP UIDVALIDITY; "" for a Maildir
    uid: str  # IMAP UID; the unique part of a Maildir file name


@dataclass(frozen=True)
class Fetched:
    """Raw bytes as the server gave them, unread state untouched; `received` is the server's time."""

    key: Key
    raw: bytes
    received: datetime  # aware
    whole_size: int | None = None  # bytes, where `raw` is only the beginning of a message too large to take


@dataclass(frozen=True)
class Listing:
    """The messages of a folder above `after`: their keys in order of arrival."""

    validity: str
    keys: tuple[Key, ...]


class Mailbox(Protocol):
    """Reads without changing: never sets \\Seen, never deletes. Every method may raise MailboxUnavailable."""

    name: str

    def listing(self, folder: str, validity: str | None, after: str | None) -> Listing:
        """Keys in `folder`; those with UID <= `after` may be left out while `validity` still holds."""
        ...

    def fetch(self, keys: Sequence[Key]) -> Iterator[Fetched]:
        """The bytes of `keys`; those that have vanished meanwhile are simply not there."""
        ...

    def mark(self, keys: Sequence[Key]) -> None:
        """Show a person that mailbot has these (keyword or folder, as configured); doing it twice is fine."""
        ...

    def append(self, folder: str, raw: bytes, message_id: str) -> None:
        """Keep a copy in `folder` (Drafts, Sent) unless one with this Message-ID is there already."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait for a hint that something changed (True) or until `seconds` have passed (False)."""
        ...

    def interrupt(self) -> None:
        """End a `wait` that runs in another thread."""
        ...

    def close(self) -> None: ...
