"""Opening an SMTP session: connect, EHLO, TLS, AUTH; whatever fails here is the server's or the account's fault."""

import base64
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mailbot.errors import TransportUnavailable
from mailbot.network import tune, why_unreachable
from mailbot.transports.smtp_answers import Answer, refused_account

_WAIT = (
    "mailbot tries again by itself; if it lasts, ask whoever runs the mail server (and check host and port)"
)


@dataclass(frozen=True)
class Way:
    """How to reach the server; `credentials` are asked for anew at each sign-in."""

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    context: ssl.SSLContext
    timeout: float
    credentials: Callable[[], tuple[str, str]] | None


def open_session(way: Way) -> smtplib.SMTP:
    """A session ready for MAIL; raises TransportUnavailable with what to mend."""
    try:
        client = _connect(way)
    except smtplib.SMTPResponseException as error:
        answer = Answer.of(error.smtp_code, _bytes(error.smtp_error))
        raise TransportUnavailable(f"the mail server {way.host} turns us away: {answer}", _WAIT) from error
    except smtplib.SMTPException as error:
        raise TransportUnavailable(f"the mail server {way.host} broke off: {error}", _WAIT) from error
    except OSError as error:
        raise TransportUnavailable(*why_unreachable(error, way.host, way.port)) from error
    return client


def _connect(way: Way) -> smtplib.SMTP:
    if way.tls == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(way.host, way.port, timeout=way.timeout, context=way.context)
    else:
        client = smtplib.SMTP(way.host, way.port, timeout=way.timeout)
    try:
        if client.sock is not None:
            tune(client.sock)
        client.ehlo_or_helo_if_needed()
        if way.tls == "starttls":
            _start_tls(client, way)
        if way.credentials is not None:
            _sign_in(client, *way.credentials())
    except BaseException:
        client.close()
        raise
    return client


def _start_tls(client: smtplib.SMTP, way: Way) -> None:
    if not client.has_extn("starttls"):
        raise TransportUnavailable(
            f"{way.host}:{way.port} does not offer STARTTLS, and nothing is sent in clear text",
            'check the port, or use tls = "tls" on port 465',
        )
    client.starttls(context=way.context)
    client.ehlo()


def _sign_in(client: smtplib.SMTP, user: str, password: str) -> None:
    """AUTH PLAIN or LOGIN in UTF-8 (smtplib's own would stop at a pound sign in a password)."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    steps = next((steps(user, password) for name, steps in _MECHANISMS if name in offered), None)
    if steps is None:
        raise TransportUnavailable(
            f"the mail server offers no sign-in by password (AUTH {' '.join(offered) or 'not offered'})",
            "check port and tls, or leave user and password out if the server asks for none",
        )
    answer = Answer.of(*client.docmd("AUTH", steps[0]))
    for step in steps[1:]:
        if answer.code == 334:
            answer = Answer.of(*client.docmd(step))
    if answer.code != 235:
        raise refused_account(answer)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


_MECHANISMS: tuple[tuple[str, Callable[[str, str], tuple[str, ...]]], ...] = (
    ("PLAIN", lambda user, password: (f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}",)),
    ("LOGIN", lambda user, password: ("LOGIN", _base64(user), _base64(password))),
)
