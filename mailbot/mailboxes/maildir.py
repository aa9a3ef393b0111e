"""A Maildir as a mailbox: the embedded default, for the demo, for tests and for servers that deliver to files."""

import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from mailbot.durable import sync_folder
from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes.delivery import keep_once, make_maildir
from mailbot.mailboxes.protocol import Fetched, Key, Listing

_INFO = re.compile(r"[:;!]2,")  # ";" and "!" stand in for ":" on file systems that forbid it
_FLAGS = {"Sent": "S", "Drafts": "D"}
_LOOK_EVERY = 0.2  # seconds between two looks at the folder's times
_SETTLED = 50_000_000  # nanoseconds: a folder changed more recently may change again without a new time


@dataclass
class MaildirMailbox:
    """The Maildir at `path`, with subfolders `.Sent`, `.Drafts`. `received` is the file's time, as in Dovecot.

    `filing="move"` renames handled messages into `.{filed_folder}`; with "none" nothing is ever changed.
    """

    name: str
    path: Path
    filing: Literal["none", "move"] = "none"
    filed_folder: str = "mailbot"
    inbox: str = "INBOX"
    _names: dict[Key, Path] = field(default_factory=dict, init=False, repr=False)
    _seen: tuple[int, int] | None = field(default=None, init=False, repr=False)
    _wake: threading.Event = field(default_factory=threading.Event, init=False, repr=False)

    def listing(self, folder: str, validity: str | None, after: str | None) -> Listing:  # noqa: ARG002
        """Every message of `folder`, oldest first: unique names have no order, so `after` cannot shorten this."""
        if folder == self.inbox:
            self._seen = self._settled_times()
        found = sorted(self._scan(folder))
        self._names = {key: known for key, known in self._names.items() if key.folder != folder}
        self._names |= {key: file for _, _, key, file in found}
        return Listing("", tuple(key for _, _, key, _ in found))

    def fetch(self, keys: Sequence[Key]) -> Iterator[Fetched]:
        for key in keys:
            for file in self._places(key):
                try:
                    yield _read(key, file)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise self._unavailable(error) from error
                break

    def mark(self, keys: Sequence[Key]) -> None:
        """With `filing="move"`, rename into the folder for handled mail; what has gone already is fine."""
        if self.filing == "none" or not keys:
            return
        filed = self._folder(self.filed_folder)
        try:
            make_maildir(filed)
            for key in keys:
                self._move(key, filed / "cur")
            sync_folder(filed / "cur")
        except OSError as error:
            raise self._unavailable(error) from error

    def append(self, folder: str, raw: bytes, message_id: str) -> None:
        target = self._folder(folder)
        try:
            make_maildir(target)
            keep_once(target, raw, message_id, _FLAGS.get(folder, ""))
        except OSError as error:
            raise self._unavailable(error) from error

    def wait(self, seconds: float) -> bool:
        """True as soon as the inbox differs from what the last `listing` saw, checked five times a second."""
        end = time.monotonic() + seconds
        while True:
            if self._seen is None or self._times() != self._seen:
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            if self._wake.wait(min(_LOOK_EVERY, left)):
                self._wake.clear()
                return False

    def interrupt(self) -> None:
        self._wake.set()

    def close(self) -> None:
        self._names.clear()

    def _folder(self, folder: str) -> Path:
        return self.path if folder == self.inbox else self.path / f".{folder}"

    def _scan(self, folder: str) -> Iterator[tuple[int, str, Key, Path]]:
        """(time, name, key, file) of each message. A file may be renamed from new/ to cur/ meanwhile: new/ comes first."""
        keys = set()
        for part in ("new", "cur"):
            for entry, modified in self._entries(self._folder(folder) / part):
                key = Key(folder, "", _INFO.split(entry, maxsplit=1)[0])
                if key not in keys:
                    keys.add(key)
                    yield modified, entry, key, self._folder(folder) / part / entry

    def _entries(self, path: Path) -> Iterator[tuple[str, int]]:
        """Name and time (nanoseconds) of each message file; a folder not made yet is an empty one."""
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and (modified := _modified(entry)) is not None:
                        yield entry.name, modified
        except FileNotFoundError:
            if not self.path.is_dir():
                raise self._unavailable("the folder does not exist") from None
        except OSError as error:
            raise self._unavailable(error) from error

    def _places(self, key: Key) -> Iterator[Path]:
        """Where `key` was last seen, then where it is now (a mail program renames files when flags change)."""
        known = self._names.get(key)
        if known is not None:
            yield known
        for _, _, found, file in self._scan(key.folder):
            if found == key and file != known:
                self._names[key] = file
                yield file

    def _move(self, key: Key, target: Path) -> None:
        for file in self._places(key):
            info = "" if _INFO.search(file.name) else ":2,"
            try:
                os.rename(file, target / (file.name + info))
            except FileNotFoundError:
                continue
            return

    def _times(self) -> tuple[int, int]:
        try:
            new, cur = (os.stat(self.path / part).st_mtime_ns for part in ("new", "cur"))
        except OSError:
            return (0, 0)
        return new, cur

    def _settled_times(self) -> tuple[int, int] | None:
        """The folders' times, or None while they are so fresh that one more delivery might not show."""
        times = self._times()
        return times if time.time_ns() - max(times) > _SETTLED else None

    def _unavailable(self, why: object) -> MailboxUnavailable:
        return MailboxUnavailable(
            f"mailbox {self.name}: cannot use the Maildir {self.path}: {why}",
            "check the path in the configuration, and that mailbot may read it",
        )


def _modified(entry: os.DirEntry[str]) -> int | None:
    """The file's time in nanoseconds; None for what is no message or has just vanished."""
    try:
        return entry.stat().st_mtime_ns if entry.is_file() else None
    except FileNotFoundError:
        return None


def _read(key: Key, file: Path) -> Fetched:
    with open(file, "rb") as handle:
        received = datetime.fromtimestamp(os.fstat(handle.fileno()).st_mtime, UTC)
        return Fetched(key, handle.read(), received)
