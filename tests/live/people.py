"""The people around a mailbox: each can send, reply, and wait for what comes."""

import email.policy
import imaplib
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tests.live.peers import MailSystem

_POLICY = email.policy.SMTP
_LOOK_EVERY = 0.1  # seconds


class Stranger:
    """Somebody at a domain that is not ours: delivers to our public port, and is read from the sink."""

    def __init__(self, system: "MailSystem", address: str, name: str = "") -> None:
        self.system, self.address, self.name = system, address, name

    def compose(
        self,
        to: str,
        subject: str,
        text: str,
        html: str = "",
        headers: Mapping[str, str] | None = None,
        parent: EmailMessage | None = None,
    ) -> EmailMessage:
        message = EmailMessage(policy=_POLICY)
        message["From"], message["To"], message["Subject"] = (
            formataddr((self.name, self.address)),
            to,
            subject,
        )
        message["Date"] = formatdate(localtime=True)
        message["Message-ID"] = make_msgid(domain=self.address.split("@")[1])
        if parent is not None:
            message["In-Reply-To"] = parent["Message-ID"]
            message["References"] = " ".join(f"{parent['References'] or ''} {parent['Message-ID']}".split())
        for name, value in (headers or {}).items():
            del message[name]
            message[name] = value
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        return message

    def send(self, to: str, subject: str, text: str, **more: object) -> EmailMessage:
        """`more`: html, headers, parent, as in `compose`. Answers the message as sent."""
        message = self.compose(to, subject, text, **more)  # type: ignore[arg-type]
        self.transmit(to, message.as_bytes())
        return message

    def reply(self, to_this: EmailMessage, text: str, quoting: bool = True, **more: object) -> EmailMessage:
        """Answers as mail programs do: "Re:", the references, and the original below unless not `quoting`."""
        subject = str(to_this["Subject"] or "")
        if not subject.lower().startswith("re:"):
            subject = f"Re: {subject}"
        body = to_this.get_body(("plain",)) if quoting else None
        if body is not None:
            quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
            text = f"{text}\n\nOn {to_this['Date']}, {to_this['From']} wrote:\n{quoted}"
        to = parseaddr(str(to_this["Reply-To"] or to_this["From"]))[1]
        return self.send(to, subject, text, parent=to_this, **more)

    def transmit(self, to: str, raw: bytes) -> None:
        with smtplib.SMTP(self.system.host, self.system.mx_port) as smtp:
            smtp.sendmail(self.address, [to], raw)

    def inbox(self) -> list[EmailMessage]:
        return [_parsed(raw) for raw in self.system.sink.received(self.address)]

    def wait(
        self, wanted: Callable[[EmailMessage], bool] = lambda _: True, seconds: float = 30
    ) -> EmailMessage:
        """The first message in the inbox that is `wanted`; TimeoutError when none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.inbox():
                if wanted(message):
                    return message
            time.sleep(_LOOK_EVERY)
        raise TimeoutError(f"{self.address} waited {seconds} s for a message")

    def answer_to(self, sent: EmailMessage, seconds: float = 30) -> EmailMessage:
        """The first message whose In-Reply-To names `sent`."""
        return self.wait(lambda message: sent["Message-ID"] in (message["In-Reply-To"] or ""), seconds)

    def stays_quiet(self, seconds: float) -> bool:
        """Whether nothing new comes within `seconds`."""
        before = len(self.inbox())
        time.sleep(seconds)
        return len(self.inbox()) == before


class Person(Stranger):
    """Somebody with a mailbox here: submits with AUTH over STARTTLS, and reads by IMAP."""

    def __init__(self, system: "MailSystem", address: str, name: str = "") -> None:
        super().__init__(system, address, name)
        self.password = system.dovecot.passwords.get(address) or system.dovecot.add(address, "pa55word")

    def transmit(self, to: str, raw: bytes) -> None:
        with smtplib.SMTP(self.system.host, self.system.submission_port) as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=self.system.ca_file))
            smtp.login(self.address, self.password)
            smtp.sendmail(self.address, [to], raw)

    def imap(self, folder: str = "INBOX", readonly: bool = True) -> imaplib.IMAP4:
        """A signed-in session with `folder` selected, for what tests do by hand; the caller logs out."""
        session = imaplib.IMAP4(self.system.host, self.system.dovecot.imap_port, timeout=30)
        session.login(self.address, self.password)
        session.select(f'"{folder}"', readonly=readonly)
        return session

    def inbox(self, folder: str = "INBOX") -> list[EmailMessage]:
        session = self.imap(folder)
        try:
            numbers = session.search(None, "ALL")[1][0].split()
            parts = session.fetch(b",".join(numbers).decode(), "(BODY.PEEK[])")[1] if numbers else []
            return [_parsed(part[1]) for part in parts if isinstance(part, tuple)]
        finally:
            session.logout()

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """The flags of each message, in order; \\Recent left out."""
        session = self.imap(folder)
        try:
            lines = [line for line in session.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]
            return [{flag.decode() for flag in imaplib.ParseFlags(line)} - {"\\Recent"} for line in lines]
        finally:
            session.logout()


def _parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=email.policy.default))
