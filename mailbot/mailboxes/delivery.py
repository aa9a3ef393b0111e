"""Putting a message into a Maildir the way a mail server does: whole, durable, and only once."""

import hashlib
import os
import socket
import time
from datetime import datetime
from itertools import count
from pathlib import Path

from mailbot.durable import write_new

_PARTS = ("tmp", "new", "cur")
_SERIAL = count()


def make_maildir(path: Path) -> None:
    """Make `path` a Maildir; what is there already stays."""
    for part in _PARTS:
        (path / part).mkdir(parents=True, exist_ok=True)


def deliver(path: Path, raw: bytes, received: datetime | None = None) -> Path:
    """Deliver `raw` as new mail; `received` (aware, default now) becomes the file's time. Answers the new file."""
    return _place(path, "new", _unique_name("0"), raw, received)


def keep_once(path: Path, raw: bytes, message_id: str, flags: str = "") -> bool:
    """File `raw` in cur/ with `flags` (Maildir letters); False where `message_id` was filed here before.

    Recognised by the hash of the Message-ID in the file's name, which people's mail programs leave alone.
    """
    mark = "H" + hashlib.sha256(message_id.strip().encode()).hexdigest()[:24]
    if any(mark in name for part in ("new", "cur") for name in os.listdir(path / part)):
        return False
    _place(path, "cur", f"{_unique_name(mark)}:2,{flags}", raw, None)
    return True


def _place(path: Path, part: str, name: str, raw: bytes, received: datetime | None) -> Path:
    scratch, target = path / "tmp" / name, path / part / name
    write_new(scratch, target, raw)
    if received is not None:
        os.utime(target, (received.timestamp(), received.timestamp()))
    return target


def _unique_name(mark: str) -> str:
    """Seconds, then microseconds, process, a serial number and `mark`, then the host with its two odd characters hidden."""
    now = time.time_ns()
    host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
    return f"{now // 10**9}.M{now // 1000 % 10**6}P{os.getpid()}Q{next(_SERIAL)}{mark}.{host}"
