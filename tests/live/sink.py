"""Where mail for the outside world ends: an SMTP server that keeps everything, or refuses what a test tells it to."""

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.live.dovecot import HOST, free_ports


@dataclass(frozen=True)
class Kept:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass
class Sink:
    """`refusals` maps a recipient to the answer it gets at RCPT, such as "550 5.1.1 no such user"."""

    refusals: dict[str, str] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    _first: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    def start(self) -> None:
        (self.port,) = free_ports(1)
        self._arrived = threading.Condition()
        self._controller = Controller(_Handler(self), hostname=HOST, port=self.port, enable_SMTPUTF8=True)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def received(self, address: str) -> list[bytes]:
        """What came for `address`, oldest first."""
        return [one.raw for one in self.kept if address in one.recipients]

    def keep(self, one: Kept) -> None:
        with self._arrived:
            self.kept.append(one)
            for recipient in one.recipients:
                self._first.setdefault(recipient, one.at)
            self._arrived.notify_all()

    def wait_for(self, recipients: Collection[str], seconds: float) -> dict[str, float]:
        """When each of `recipients` was first written to (as time.monotonic); TimeoutError if some are not."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._first.keys() >= set(recipients), seconds)
            missing = set(recipients) - self._first.keys()
            if missing:
                raise TimeoutError(f"{len(missing)} of {len(recipients)} got no letter within {seconds} s")
            return {recipient: self._first[recipient] for recipient in recipients}

    def forget(self) -> None:
        """As if nothing had come yet."""
        with self._arrived:
            self.kept.clear()
            self._first.clear()


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_RCPT(  # noqa: N802 - the name and arguments are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.sink.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 fine"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.sink.keep(Kept(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 2.0.0 kept"
