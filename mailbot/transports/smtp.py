"""SMTP as the way out: each step by itself, so that it is always known whether the server may have the letter."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mailbot.errors import ConfigurationError
from mailbot.network import on_this_machine, verified_tls
from mailbot.transports.protocol import Outcome, Receipt
from mailbot.transports.smtp_answers import Answer, Phase, judge
from mailbot.transports.smtp_letter import Letter
from mailbot.transports.smtp_session import Way, open_session

_DOT_PATIENCE = 600.0  # seconds; RFC 5321 section 4.5.3.2.6: a server may think that long about the final dot


@dataclass
class SmtpTransport:
    """Sends over one kept connection; `password` is asked for anew at every sign-in. Not for several threads at once."""

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"] = "starttls"
    user: str | None = None
    password: Callable[[], str] | None = None
    ca_file: Path | None = None
    timeout: float = 60.0  # seconds for each step
    dot_timeout: float = _DOT_PATIENCE
    _context: ssl.SSLContext = field(init=False, repr=False)
    _client: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.user is not None and self.tls == "none" and not on_this_machine(self.host):
            problem = "a password would travel in clear text"
            raise ConfigurationError(f"smtp {self.host}", problem, 'use tls = "starttls" or "tls"')
        self._context = verified_tls(self.ca_file)

    def send(self, sender: str, recipient: str, raw: bytes, handing_over: Callable[[], None]) -> Receipt:
        """Everything before `handing_over` can be tried again; a connection lost after it leaves the letter UNKNOWN."""
        letter = Letter(sender, recipient, raw)
        try:
            receipt = self._offer(letter)
            if receipt is None:
                self._say(letter.on_the_wire())
                handing_over()
                receipt = self._finish()
        except smtplib.SMTPException as error:
            self._drop()
            return Receipt(Outcome.DEFERRED, f"connection lost before the letter was handed over: {error}")
        except BaseException:
            self._drop()  # without the final dot: what was said so far counts for nothing
            raise
        if receipt.outcome is not Outcome.SENT:
            self._forget_letter()
        return receipt

    def check(self) -> None:
        """Connect and sign in."""
        self._session()

    def close(self) -> None:
        """Take leave of the server."""
        if self._client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._client.quit()
        self._drop()

    def _offer(self, letter: Letter) -> Receipt | None:
        """MAIL, RCPT and DATA; None when the server waits for the letter."""
        if obstacle := letter.obstacle(self._session().esmtp_features):
            return Receipt(Outcome.FAILED, obstacle)
        if receipt := judge(Phase.MAIL, self._mail_renewed(letter)):
            return receipt
        for phase, command in ((Phase.RCPT, f"RCPT TO:<{letter.recipient}>"), (Phase.DATA, "DATA")):
            if receipt := judge(phase, self._do(command)):
                return receipt
        return None

    def _mail_renewed(self, letter: Letter) -> Answer:
        """The answer to MAIL; a kept connection that the server has given up meanwhile is renewed first, once."""
        with contextlib.suppress(smtplib.SMTPServerDisconnected):
            answer = self._mail(letter)
            if not answer.ends_the_session:
                return answer
        self._drop()
        return self._mail(letter)

    def _mail(self, letter: Letter) -> Answer:
        client = self._session()
        client.command_encoding = "utf-8" if letter.needs_utf8 else "ascii"
        return self._do(letter.mail_command(client.esmtp_features))

    def _finish(self) -> Receipt:
        """The final dot: from here on only a clear answer settles what became of the letter."""
        client = self._session()
        try:
            if client.sock is not None:
                client.sock.settimeout(self.dot_timeout)
            self._say(b".\r\n")
            answer = Answer.of(*client.getreply())
            if client.sock is not None:
                client.sock.settimeout(self.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Receipt(Outcome.UNKNOWN, f"no answer after the letter was handed over: {error}")
        return judge(Phase.DOT, answer) or Receipt(Outcome.UNKNOWN, str(answer))

    def _session(self) -> smtplib.SMTP:
        if self._client is None:
            user, password = self.user, self.password
            credentials = (lambda: (user, password())) if user is not None and password is not None else None
            way = Way(self.host, self.port, self.tls, self._context, self.timeout, credentials)
            self._client = open_session(way)
        return self._client

    def _do(self, command: str) -> Answer:
        return Answer.of(*self._session().docmd(command))

    def _say(self, data: bytes) -> None:
        self._session().send(data)

    def _forget_letter(self) -> None:
        """Ready for the next letter after a refusal: RSET, or a new connection where that fails."""
        if self._client is not None:
            try:
                if self._do("RSET").code != 250:
                    self._drop()
            except smtplib.SMTPException:
                self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
