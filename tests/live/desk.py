"""A fresh mailbox on the live Dovecot, the colleague in it, and the way to open it as mailbot does."""

from contextlib import ExitStack
from dataclasses import dataclass

from mailbot.mailboxes.imap import ImapMailbox
from mailbot.mailboxes.protocol import Key
from tests.live.dovecot import Dovecot
from tests.live.peers import Box, MailSystem
from tests.live.people import Person


@dataclass
class Desk:
    """A fresh mailbox, the colleague who works in it by hand, and the way to open it as mailbot does."""

    system: MailSystem
    box: Box
    colleague: Person
    cleaning: ExitStack

    def mailbox(self, **settings: object) -> ImapMailbox:
        usual: dict[str, object] = {
            "name": "team",
            "host": "127.0.0.1",
            "port": self.system.imap_port,
            "tls": "none",
            "user": self.box.address,
            "password": lambda: self.box.password,
            "timeout": 20.0,
        }
        made = ImapMailbox(**(usual | settings))  # type: ignore[arg-type]
        self.cleaning.callback(made.close)
        return made

    def at(self, dovecot: Dovecot, **settings: object) -> ImapMailbox:
        """The same mailbox on another server."""
        dovecot.add(self.box.address, self.box.password)
        return self.mailbox(port=dovecot.imap_port, **settings)

    def deliver(self, *texts: str) -> None:
        for text in texts:
            raw = f"Message-ID: <{text}@home.example>\r\nSubject: {text}\r\n\r\n{text}\r\n"
            self.system.deliver(self.box, raw.encode())


def keys(mailbox: ImapMailbox, folder: str = "INBOX") -> tuple[Key, ...]:
    return mailbox.listing(folder, None, None).keys


def subjects(mailbox: ImapMailbox, wanted: tuple[Key, ...]) -> list[str]:
    return [one.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for one in mailbox.fetch(wanted)]
