"""A folder of .eml files as the way out: for the demo, for tests and for trying mailbot without a mail server."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from mailbot.durable import write_new
from mailbot.errors import TransportUnavailable
from mailbot.transports.protocol import Outcome, Receipt

_HEADER = re.compile(rb"^message-id:[ \t\r\n]*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^A-Za-z0-9@._+=-]+")
_LONGEST = 150  # characters of a name that every file system takes, with room for the ending


class FolderTransport:
    """Writes each letter to `path` as one .eml file, named by Message-ID and recipient: a repeat finds its own file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, sender: str, recipient: str, raw: bytes, handing_over: Callable[[], None]) -> Receipt:  # noqa: ARG002
        """Write `raw`; SENT also when the very file is there already."""
        name = file_name(raw, recipient)
        handing_over()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            fresh = write_new(self.path / f".{name}.{os.getpid()}", self.path / name, raw)
        except OSError as error:
            problem = f"cannot write letters to {self.path}: {error.strerror}"
            raise TransportUnavailable(problem, "check the folder and its permissions") from error
        return Receipt(Outcome.SENT, f"written to {name}" if fresh else f"already written to {name}")

    def check(self) -> None:
        """Make the folder where it is missing."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TransportUnavailable(
                f"cannot make {self.path}: {error.strerror}", "check its permissions"
            ) from error

    def close(self) -> None:
        """Nothing is kept open."""


def file_name(raw: bytes, recipient: str) -> str:
    """A readable file name that is the same for the same Message-ID (else the same bytes) and recipient."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    found = _HEADER.search(head)
    identity = found[1].decode("ascii", "replace").strip() if found else hashlib.sha256(raw).hexdigest()
    wanted = f"{identity}_{recipient}"
    plain = _UNSAFE.sub("_", wanted).lstrip(".")
    if plain != wanted or len(plain) > _LONGEST:
        plain = f"{plain[:_LONGEST]}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    return f"{plain}.eml"
