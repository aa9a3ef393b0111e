"""Reading one message, in a process of its own that can be stopped: nobody's odd mail holds up everybody else's.

Every guard and cap in `mail/` is meant to make reading quick; this is for the message that proves one of them wrong.
"""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection

from mailbot.errors import MailbotError
from mailbot.mail.authentication import Authentication, verdict
from mailbot.mail.message import Address, Message
from mailbot.mail.parse import parse
from mailbot.mail.reply_text import live_text
from mailbot.mail.screen import OurMail, Screening, reply_address, screen
from mailbot.mail.senders import author

_PATIENCE = 30.0  # seconds for one message; the median takes a few milliseconds


class TooSlow(MailbotError):  # noqa: N818 - a fact about a message
    """Reading a message took longer than any message should."""


class NoReader(MailbotError):  # noqa: N818 - a fact about the machine, and none about the message
    """No process to read in can be started now; the next tick tries again."""


@dataclass(frozen=True)
class Examined:
    """What can be said of a message from its bytes and from knowing what is ours."""

    message: Message
    screening: Screening
    live: str  # what the person wrote now
    author: Address | None  # who wrote it, as well as From proves that
    answer_to: Address | None  # where an acknowledgement may go
    authentication: Authentication


def examine(content: bytes, received: datetime, ours: OurMail) -> Examined:
    """Read a message here and now."""
    message = parse(content, received)
    return Examined(
        message=message,
        screening=screen(message, ours),
        live=live_text(message),
        author=author(message, ours),
        answer_to=reply_address(message, ours),
        authentication=verdict(message, ours.border),
    )


class Examiner:
    """`examine` in a child process, which is stopped and replaced when a message takes longer than `patience` seconds."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __call__(self, content: bytes, received: datetime, ours: OurMail) -> Examined:
        """As `examine`, one message at a time. Raises TooSlow, NoReader, or what `examine` raised over there."""
        with self._turn:
            try:
                return self._ask(content, received, ours)
            except (EOFError, OSError):  # the child was gone: its end says nothing of this message
                return self._ask(content, received, ours)

    def _ask(self, content: bytes, received: datetime, ours: OurMail) -> Examined:
        line = self._ready()
        try:
            line.send((content, received, ours))
            if not line.poll(self._patience):
                raise TooSlow(f"reading it took longer than {self._patience:g} seconds")
            answer = line.recv()
        except (EOFError, OSError, TooSlow):
            self.close()
            raise
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Examined)
        return answer

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._line = None

    def _ready(self) -> Connection:
        """The line to the child, which is started when there is none."""
        if self._line is None:
            try:
                self._line = self._started()
            except OSError as error:
                problem = f"no process to read mail in can be started: {error.strerror}"
                raise NoReader(problem, "look at the memory and the open files of this machine") from error
        return self._line

    def _started(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            told = f"from mailbot.flows.examination import serve; serve({theirs.fileno()})"
            command = [sys.executable, "-c", told]
            try:
                self._child = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
            except OSError:
                ours.close()
                raise
        return Connection(ours.detach())


def serve(handle: int) -> None:
    """The child: examine what comes over the socket `handle` until the parent is gone."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)  # they stop the parent, which finishes this message first
    line = Connection(handle)
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
        while True:
            content, received, ours = line.recv()
            try:
                line.send(examine(content, received, ours))
            except Exception as error:  # the parent holds the message, with this as its reason
                line.send(error)
