"""A whole mail world on loopback for tests: Dovecot, Postfix, a sink for the outside, and the people in it.

    def test_a_person_gets_an_answer(mail_system):
        desk = mail_system.mailbox("complaints")          # a fresh, empty mailbox: .address, .password
        ann = mail_system.person("ann")                   # has a mailbox of her own here
        sent = ann.send(desk.address, "Broken shelf", "It arrived broken.")
        answer = ann.answer_to(sent, seconds=20)
        ann.reply(answer, "Here is the number.")

        eve = mail_system.stranger("eve@elsewhere.example")   # anywhere else; reads what reached the sink
        eve.send(desk.address, "Re: case", "Tell me about it.")
        assert eve.stays_quiet(3)

The fixture `mail_system` (session-wide, up in about a second) is in tests/live/conftest.py. Addresses are made
unique, so that tests do not meet in a mailbox. Ports: imap_port, imaps_port, mx_port, submission_port (STARTTLS and
AUTH); `ca_file` signs them all. `system.dovecot` can kick, renumber, stop and start; `system.postfix` can stop, start
and flush; `system.sink.refusals[address] = "550 5.1.1 no"` makes Postfix send a real bounce back.
"""

import itertools
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.live.certificates import make_certificate
from tests.live.dovecot import HOST, Dovecot
from tests.live.people import Person, Stranger
from tests.live.postfix import Postfix
from tests.live.sink import Sink

DOMAINS = ("desk.test", "home.test")
_PROGRAMS = ("dovecot", "postfix", "openssl")


def why_not() -> str:
    """Why these servers cannot run here; "" when they can."""
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: dovecot-imapd dovecot-lmtpd postfix openssl)"
    return "" if os.geteuid() == 0 else "Dovecot and Postfix need root to start"


@dataclass(frozen=True)
class Box:
    """A mailbox that a test made."""

    address: str
    password: str


class MailSystem:
    """Everything runs in one folder of its own, which is gone after `stop`."""

    host = HOST

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mailbot-live."))
        self.folder.chmod(0o755)  # Dovecot works as nobody
        certificate = make_certificate(self.folder / "tls")
        self.ca_file = certificate.file
        self.sink = Sink()
        self.sink.start()
        self.dovecot = Dovecot(self.folder / "dovecot", certificate)
        self.postfix = Postfix(self.folder / "postfix", self.dovecot, self.sink.port, DOMAINS)
        self.imap_port, self.imaps_port = self.dovecot.imap_port, self.dovecot.imaps_port
        self.mx_port, self.submission_port = self.postfix.mx_port, self.postfix.submission_port
        self._numbers = itertools.count(1)

    def start(self) -> "MailSystem":
        with ThreadPoolExecutor() as both:
            for started in [both.submit(self.dovecot.start), both.submit(self.postfix.start)]:
                started.result()
        return self

    def stop(self) -> None:
        for server in (self.postfix, self.dovecot, self.sink):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def mailbox(self, name: str = "complaints", password: str = "pa55 word") -> Box:
        """A fresh mailbox `name`-N@desk.test."""
        address = f"{name}-{next(self._numbers)}@desk.test"
        return Box(address, self.dovecot.add(address, password))

    def person(self, name: str) -> Person:
        """A person with a fresh mailbox `name`-N@home.test."""
        return Person(self, f"{name}-{next(self._numbers)}@home.test", name.capitalize())

    def stranger(self, address: str, name: str = "") -> Stranger:
        return Stranger(self, address, name)

    def owner(self, box: Box) -> Person:
        """The person who looks into a mailbox by hand, as a colleague does."""
        return Person(self, box.address)

    def deliver(self, box: Box, raw: bytes) -> None:
        """Straight into the mailbox, without Postfix."""
        self.dovecot.deliver(box.address, raw)
