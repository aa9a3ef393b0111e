"""A mailbox on an IMAP server: read by UID without changing it, watched by IDLE, marked only as configured."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from mailbot.errors import ConfigurationError
from mailbot.mailboxes import imap_read
from mailbot.mailboxes.bell import Bell
from mailbot.mailboxes.imap_connection import Connection, Session
from mailbot.mailboxes.imap_filing import add_keyword, move_to
from mailbot.mailboxes.imap_session import Account
from mailbot.mailboxes.imap_watch import Watch
from mailbot.mailboxes.protocol import Fetched, Key, Listing
from mailbot.network import on_this_machine, verified_tls

T = TypeVar("T")
_TOGETHER = 50  # messages in one request
_LARGEST = 50 << 20  # bytes
_FLAGS = {"Sent": (b"\\Seen",), "Drafts": (b"\\Draft",)}
_log = logging.getLogger(__name__)


@dataclass
class ImapMailbox:
    """`folder` is the one that is watched; "Sent" and "Drafts" are found by their role unless named here.

    Our own copies in Sent are filed as read; nothing else ever touches the read flag. One thread may `wait` while
    another lists, fetches and marks.
    """

    name: str
    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    user: str
    password: Callable[[], str]
    ca_file: Path | None = None
    folder: str = "INBOX"
    sent_folder: str | None = None
    drafts_folder: str | None = None
    filing: Literal["keyword", "move", "none"] = "keyword"
    filed_folder: str = "mailbot"
    timeout: float = 60.0  # seconds for each step
    poll_seconds: float = 120.0  # between looks where IDLE is not offered
    largest: int = _LARGEST  # bytes; of a larger message only the beginning is taken
    _work: Connection = field(init=False, repr=False)
    _watch: Watch = field(init=False, repr=False)
    _bell: Bell = field(default_factory=Bell, init=False, repr=False)
    _told: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.tls == "none" and not on_this_machine(self.host):
            problem = "the password would travel in clear text"
            raise ConfigurationError(f"mailbox {self.name}", problem, 'use tls = "tls" or "starttls"')
        account = Account(
            self.name,
            self.host,
            self.port,
            self.tls,
            verified_tls(self.ca_file),
            self.user,
            self.password,
            self.timeout,
        )
        names = {
            role: name for role, name in (("Sent", self.sent_folder), ("Drafts", self.drafts_folder)) if name
        }
        self._work = Connection(account, names)
        self._watch = Watch(self.folder, lambda: Session(account, names), self._bell)

    def listing(self, folder: str, validity: str | None, after: str | None) -> Listing:
        """Keys above `after`, or all of them where the server has numbered the folder anew."""

        def look(session: Session) -> Listing:
            if session.lacks(folder):
                return Listing("", ())
            opened = session.open(folder, self.filing != "none", again=True)
            known = int(after) if after and opened.validity == validity else 0
            uids = imap_read.uids_above(session, known)
            return Listing(opened.validity, tuple(Key(folder, opened.validity, str(uid)) for uid in uids))

        return self._work.run(look)

    def fetch(self, keys: Sequence[Key]) -> Iterator[Fetched]:
        """In batches, so that a caller may keep one batch before the next is asked for."""
        for group in _groups(keys):
            for batch in imap_read.batches(self._in_folder(group, imap_read.sizes) or [], self.largest):
                yield from self._load(group, batch)

    def mark(self, keys: Sequence[Key]) -> None:
        """Keyword or move; where the server allows neither, nothing, said once in the log."""
        if self.filing == "none":
            return
        file = add_keyword if self.filing == "keyword" else partial(move_to, self.filed_folder)
        for group in _groups(keys):
            problem = self._in_folder(group, file, writable=True)
            if problem and not self._told:
                _log.warning("mailbox %s: messages stay unmarked: %s", self.name, problem)
                self._told = True

    def append(self, folder: str, raw: bytes, message_id: str) -> None:
        def keep(session: Session) -> None:
            name = session.ensure(folder)
            opened = session.open(folder, writable=False, again=True)
            if not (opened.exists and session.client.search(["HEADER", "Message-ID", message_id])):
                session.client.append(name, raw, _FLAGS.get(folder, ()))

        self._work.run(keep)

    def wait(self, seconds: float) -> bool:
        """IDLE where it is offered, else the pause between two looks; a server that is away gets its backoff."""
        pause = max(
            self._work.backoff.left, self._watch.backoff.left if self._watch.offered else self.poll_seconds
        )
        if pause > 0:
            rung = self._bell.pause(min(seconds, pause))
            return pause < seconds and not rung
        return self._watch.wait(seconds)

    def interrupt(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        """Take leave of the server; only once no `wait` runs any more."""
        self._watch.drop()
        self._work.close()
        self._bell.close()

    def _load(self, group: "_Group", batch: Sequence[imap_read.Size]) -> Iterator[Fetched]:
        """One batch whole, or the beginning of one message above the cap."""
        read = imap_read.heads if batch[0].size > self.largest else imap_read.bodies
        wanted = _Group(group.folder, group.validity, [one.uid for one in batch])
        raws = self._in_folder(wanted, read) or {}
        for one in batch:
            if one.uid in raws:
                key = Key(group.folder, group.validity, str(one.uid))
                cut = read is imap_read.heads and len(raws[one.uid]) >= imap_read.HEAD_BYTES
                yield Fetched(key, raws[one.uid], one.received, one.size if cut else None)

    def _in_folder(
        self, group: "_Group", work: Callable[[Session, Sequence[int]], T], writable: bool = False
    ) -> T | None:
        """The answer of `work`; None where the server has numbered the folder anew: those UIDs name nothing."""

        def there(session: Session) -> T | None:
            opened = session.open(group.folder, writable)
            return work(session, group.uids) if opened.validity == group.validity else None

        return self._work.run(there)


@dataclass(frozen=True)
class _Group:
    folder: str
    validity: str
    uids: Sequence[int]


def _groups(keys: Sequence[Key]) -> Iterator[_Group]:
    """The UIDs of each folder, as many at a time as one request takes."""
    folders: dict[tuple[str, str], list[int]] = {}
    for key in keys:
        folders.setdefault((key.folder, key.validity), []).append(int(key.uid))
    for (folder, validity), uids in folders.items():
        for start in range(0, len(uids), _TOGETHER):
            yield _Group(folder, validity, uids[start : start + _TOGETHER])
