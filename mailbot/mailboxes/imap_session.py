"""Signing in to an IMAP server, with verified TLS and with words for whatever goes wrong."""

import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from mailbot.errors import MailboxUnavailable
from mailbot.network import tune, why_unreachable

LOST = (IMAPClientAbortError, ProtocolError, OSError, ValueError)
"""The session is gone or no longer makes sense (ValueError: to the parser of its answers); a new one may do."""


@dataclass(frozen=True)
class Account:
    """How to reach one mailbox; `password` is asked for anew at every sign-in and appears in no message."""

    name: str
    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    context: ssl.SSLContext
    user: str
    password: Callable[[], str]
    timeout: float  # seconds for each step

    def unavailable(self, problem: str, mend: str) -> MailboxUnavailable:
        return MailboxUnavailable(f"mailbox {self.name}: {problem}", mend)


def sign_in(account: Account) -> IMAPClient:
    """A session ready to select a folder; raises MailboxUnavailable with what to mend."""
    try:
        client = _connect(account)
        try:
            _prepare(client, account)
        except BaseException:
            with contextlib.suppress(OSError):  # a failed TLS handshake has closed it already
                client.shutdown()
            raise
    except OSError as error:
        raise account.unavailable(*why_unreachable(error, account.host, account.port)) from error
    except IMAPClientError as error:
        raise account.unavailable(f"{account.host} broke off: {error}", _WAIT) from error
    return client


def _connect(account: Account) -> IMAPClient:
    direct = account.tls == "tls"
    client = IMAPClient(
        account.host,
        account.port,
        ssl=direct,
        ssl_context=account.context if direct else None,
        timeout=account.timeout,
    )
    client.normalise_times = False  # aware times, please
    return client


def _prepare(client: IMAPClient, account: Account) -> None:
    tune(client.socket())
    if account.tls == "starttls":
        if not client.has_capability("STARTTLS"):
            problem = f"{account.host}:{account.port} does not offer STARTTLS, and no password goes out in clear text"
            raise account.unavailable(problem, 'check the port, or use tls = "tls" on port 993')
        client.starttls(account.context)
    _log_in(client, account)


def _log_in(client: IMAPClient, account: Account) -> None:
    if client.has_capability("LOGINDISABLED"):
        problem = f"{account.host} takes no sign-in by password here"
        raise account.unavailable(
            problem, 'use tls = "tls" or "starttls", or ask whether passwords are allowed'
        )
    password = account.password()
    # LOGIN knows only ASCII; AUTHENTICATE PLAIN takes a pound sign too.
    enter = client.login if (account.user + password).isascii() else client.plain_login
    try:
        enter(account.user, password)
    except LoginError as error:
        if isinstance(error.__context__, LOST):  # imapclient calls a session that breaks off a refusal too
            raise error.__context__ from None
        said = str(error).replace(password, "...") if password else str(error)
        problem = f"{account.host} refuses user {account.user} or the password: {said}"
        raise account.unavailable(problem, _PASSWORD) from None


_WAIT = (
    "mailbot tries again by itself; if it lasts, ask whoever runs the mail server (and check host and port)"
)
_PASSWORD = "check user and password (an app password where the provider wants one) and that IMAP is switched on for the mailbox"
