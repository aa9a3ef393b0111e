"""A transport beside its scripted server, as the SMTP tests use it."""

import ssl
from collections.abc import Callable

from mailbot.transports.protocol import Receipt
from mailbot.transports.smtp import SmtpTransport
from tests.live.certificates import Certificate
from tests.transports.scripted_smtp import ScriptedSmtp

LETTER = b"Subject: Your complaint\r\n\r\nThank you.\r\n"


class Desk:
    """A transport beside its scripted server; `dots` counts the handings-over."""

    def __init__(self, server: ScriptedSmtp, **settings: object) -> None:
        self.server, self.dots = server, 0
        usual: dict[str, object] = {"tls": "none", "timeout": 0.4, "dot_timeout": 0.4}
        self.transport = SmtpTransport("127.0.0.1", server.port, **(usual | settings))  # type: ignore[arg-type]

    def send(
        self, raw: bytes = LETTER, to: str = "ann@home.example", sender: str = "desk@desk.example"
    ) -> Receipt:
        return self.transport.send(sender, to, raw, self._dot)

    def _dot(self) -> None:
        self.dots += 1


Opening = Callable[..., Desk]


def serving(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.file, certificate.key)
    return context
