"""One kept IMAP session: renewed when lost, opened no more often than the backoff allows."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, IMAPClientReadOnlyError

from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes.backoff import Backoff
from mailbot.mailboxes.imap_folders import ROLES, Folders
from mailbot.mailboxes.imap_session import LOST, Account, sign_in

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """A selected folder as the server described it."""

    folder: str
    validity: str
    exists: int  # messages in it
    next_uid: int | None  # None where the server does not say
    writable: bool
    lasting_flags: frozenset[bytes]

    def keeps(self, keyword: str) -> bool:
        return self.writable and not self.lasting_flags.isdisjoint({b"\\*", keyword.encode()})


class Session:
    """A signed-in session, its folders, and the one that is selected."""

    def __init__(self, account: Account, names: Mapping[str, str]) -> None:
        self.client: IMAPClient = sign_in(account)
        self.opened: Opened | None = None
        self._account, self._names = account, names
        self._folders: Folders | None = None

    @property
    def folders(self) -> Folders:
        if self._folders is None:
            self._folders = Folders.of(self.client)
        return self._folders

    def open(self, folder: str, writable: bool, again: bool = False) -> Opened:
        """Select `folder` unless it is selected already; `again` asks the server anew in any case."""
        now = self.opened
        if again or now is None or now.folder != folder or (writable and not now.writable):
            self.opened = None
            self.opened = _opened(folder, self._select(folder, writable))
        return self.here

    @property
    def here(self) -> Opened:
        """The selected folder."""
        assert self.opened is not None
        return self.opened

    def lacks(self, folder: str) -> bool:
        """Whether `folder` is Sent or Drafts and not made yet: it is empty then, and no mistake in the configuration."""
        if folder not in ROLES or folder in self._names or self._find(folder) is not None:
            return False
        self._folders = None  # look again next time: a person may make it
        return True

    def ensure(self, folder: str) -> str:
        """The server's name for `folder`, made and subscribed to if it is not there."""
        name = self._find(folder)
        if name is None:
            name = self.folders.to_be_made(self._names.get(folder, folder))
            self.client.create_folder(name)
            with contextlib.suppress(IMAPClientError):
                self.client.subscribe_folder(name)
            self._folders = None
        return name

    def _find(self, folder: str) -> str | None:
        wanted = self._names.get(folder, folder)
        return "INBOX" if wanted.upper() == "INBOX" else self.folders.find(wanted)

    def _select(self, folder: str, writable: bool) -> dict[bytes, Any]:
        name = self._find(folder)
        if name is None:
            there = ", ".join(sorted(self.folders.flags)) or "none at all"
            mend = f"check the folder's name in the configuration; on the server there are: {there}"
            self._folders = None
            raise self._account.unavailable(f"there is no folder {self._names.get(folder, folder)!r}", mend)
        try:
            return dict(self.client.select_folder(name, readonly=not writable))
        except IMAPClientReadOnlyError:
            return dict(self.client.select_folder(name, readonly=True))


class Connection:
    """Runs work on a session; one thread at a time."""

    def __init__(self, account: Account, names: Mapping[str, str]) -> None:
        self.backoff = Backoff()
        self._account, self._names = account, names
        self._session: Session | None = None
        self._failure: MailboxUnavailable | None = None
        self._lock = threading.RLock()

    def run(self, work: Callable[[Session], T]) -> T:
        """Do `work`, and once more on a new session where a kept one turns out to be lost: it must bear repeating."""
        with self._lock:
            if self._session is not None:
                try:
                    return self._guarded(work, self._session)
                except LOST:
                    self.drop()
            if self._failure is not None and self.backoff.left > 0:
                raise MailboxUnavailable(self._failure.problem, self._failure.mend)
            return self._anew(work)

    def drop(self) -> None:
        """Let the session go without a word to the server."""
        if self._session is not None:
            with contextlib.suppress(*LOST):
                self._session.client.shutdown()
            self._session = None

    def close(self) -> None:
        with self._lock:
            if self._session is not None:
                with contextlib.suppress(IMAPClientError, OSError):
                    self._session.client.logout()
            self.drop()

    def _guarded(self, work: Callable[[Session], T], session: Session) -> T:
        try:
            return work(session)
        except LOST:
            raise
        except IMAPClientError as error:
            problem = f"{self._account.host} refuses what mailbot asks: {error}"
            raise self._account.unavailable(problem, _RIGHTS) from error

    def _anew(self, work: Callable[[Session], T]) -> T:
        """Do `work` on a new session; a failure is remembered, and repeated until the backoff is over."""
        try:
            self._session = Session(self._account, self._names)
            answer = self._guarded(work, self._session)
        except LOST as error:
            self.drop()
            problem = f"{self._account.host} broke off: {error}"
            self._failure = self._account.unavailable(problem, _WAIT)
            self.backoff.failed()
            raise self._failure from error
        except MailboxUnavailable as failure:
            self._failure = failure
            self.backoff.failed()
            raise
        self._failure = None
        self.backoff.succeeded()
        return answer


def _opened(folder: str, said: dict[bytes, Any]) -> Opened:
    return Opened(
        folder=folder,
        validity=str(said.get(b"UIDVALIDITY", "")),
        exists=int(said.get(b"EXISTS", 0)),
        next_uid=said.get(b"UIDNEXT"),
        writable=b"READ-WRITE" in said,
        lasting_flags=frozenset(said.get(b"PERMANENTFLAGS", ())),
    )


_WAIT = "mailbot tries again by itself; if it lasts, ask whoever runs the mail server"
_RIGHTS = "check the mailbox's rights and its quota; mailbot tries again by itself"
