"""IDLE as a hint: a session of its own that listens all the time, so that nothing falls between fetching and waiting."""

import contextlib
import logging
import time
from collections.abc import Callable

from imapclient.exceptions import IMAPClientError

from mailbot.errors import MailboxUnavailable
from mailbot.mailboxes.backoff import Backoff
from mailbot.mailboxes.bell import Bell
from mailbot.mailboxes.imap_connection import Session

_RENEW_AFTER = 500.0  # seconds; some networks forget a silent connection after ten minutes (RFC 2177 says 29)
_HEALTHY = 30.0  # seconds; a watch lost sooner waits for its backoff
_log = logging.getLogger(__name__)


class Watch:
    """Listens on `folder` between the waits too: what comes while mail is fetched is heard by the next wait."""

    def __init__(self, folder: str, open_session: Callable[[], Session], bell: Bell) -> None:
        self.offered = True  # until a server says otherwise
        self.backoff = Backoff()
        self._folder, self._open_session, self._bell = folder, open_session, bell
        self._session: Session | None = None
        self._since = self._renew_at = 0.0

    def wait(self, seconds: float) -> bool:
        """True for a hint; a new, renewed or lost watch is one too, since something may have been missed."""
        try:
            return self._listen(seconds) if self._session else self._start()
        except (IMAPClientError, OSError, MailboxUnavailable) as error:
            _log.warning("the watch on %s was lost: %s", self._folder, str(error).splitlines()[0])
            self._lost()
            return True

    def drop(self) -> None:
        if self._session is not None:
            with contextlib.suppress(IMAPClientError, OSError):
                self._session.client.shutdown()
            self._session = None

    def _start(self) -> bool:
        self._since = time.monotonic()
        self._session = self._open_session()
        self.offered = bool(self._session.client.has_capability("IDLE"))
        if self.offered:
            self._session.open(self._folder, writable=False)
            self._idle(self._session)
        else:
            self.drop()
        return True

    def _listen(self, seconds: float) -> bool:
        assert self._session is not None
        client, end = self._session.client, time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            if now >= self._renew_at:
                client.idle_done()
                self._idle(self._session)
                return True
            rung, spoken = self._bell.wait(min(end, self._renew_at) - now, client.socket().fileno())
            if rung:
                return False
            if spoken and self._is_hint(client.idle_check(timeout=0)):
                return True
        return False

    def _is_hint(self, said: list[tuple[object, ...]]) -> bool:
        """New mail, or the end of the session (nothing to read, or BYE); not the server's "still here"."""
        if not said or any(response[0] == b"BYE" for response in said):
            self._lost()
            return True
        return any(b"EXISTS" in response for response in said)

    def _lost(self) -> None:
        self.drop()
        if time.monotonic() - self._since < _HEALTHY:
            self.backoff.failed()
        else:
            self.backoff.succeeded()

    def _idle(self, session: Session) -> None:
        session.client.idle()
        self._renew_at = time.monotonic() + _RENEW_AFTER
