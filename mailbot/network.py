"""What every room that talks to a server needs: verified TLS, and plain words when a server cannot be reached."""

import ipaddress
import socket
import ssl
from pathlib import Path

from mailbot.errors import ConfigurationError

Words = tuple[str, str]
"""What is wrong, and how to mend it."""


def on_this_machine(host: str) -> bool:
    """Whether what is said to `host` never leaves the machine, so that clear text does no harm."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def verified_tls(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates and host names are always checked, against `ca_file` where given, else the system's list."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        mend = "ca_file must be a file of PEM certificates that mailbot may read"
        raise ConfigurationError(str(ca_file), f"cannot be used as ca_file: {error}", mend) from error


def tune(peer: socket.socket) -> None:
    """Notice a vanished peer within three minutes, and send small commands at once instead of 40 ms later."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _TUNING:
        peer.setsockopt(socket.IPPROTO_TCP, option, value)


def why_unreachable(error: OSError, host: str, port: int) -> Words:
    """The first line of _REASONS that fits `error`."""
    problem, mend = next(words for kind, *words in _REASONS if isinstance(error, kind))
    why = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.strerror or error
    facts = {"host": host, "port": port, "why": why}
    return problem.format(**facts), mend.format(**facts)


# Seconds of silence, seconds between probes, probes; and no waiting for more to send (Nagle's algorithm).
_TUNING = (
    (socket.TCP_KEEPIDLE, 60),
    (socket.TCP_KEEPINTVL, 30),
    (socket.TCP_KEEPCNT, 4),
    (socket.TCP_NODELAY, 1),
)
_REASONS = (
    (
        ssl.SSLCertVerificationError,
        "the certificate of {host}:{port} cannot be trusted: {why}",
        "have the server's certificate renewed, use the host name it was issued for, "
        "or name the authority that issued it in ca_file",
    ),
    (
        ssl.SSLError,
        "{host}:{port} does not speak TLS as expected: {why}",
        'check port and tls: "tls" is usual on 993 and 465, "starttls" on 143 and 587',
    ),
    (
        socket.gaierror,
        "there is no server called {host}: {why}",
        "check the host name and this machine's DNS",
    ),
    (
        ConnectionRefusedError,
        "nothing answers on {host}:{port}",
        "check host and port, and that the server runs",
    ),
    (
        TimeoutError,
        "{host}:{port} does not answer in time",
        "check host and port, and any firewall on the way",
    ),
    (
        OSError,
        "the connection to {host}:{port} failed: {why}",
        "check the network; mailbot tries again by itself",
    ),
)
