"""What came with a message: safe names, sizes and hashes; Outlook's winmail.dat opened when that is possible."""

import hashlib
import importlib
import re
from typing import Any

from mailbot.mail.charsets import clean, decode
from mailbot.mail.defects import Defects
from mailbot.mail.message import Attachment

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def attachment(name: str, content_type: str, octets: bytes) -> Attachment:
    return Attachment(safe_name(name), content_type, len(octets), hashlib.sha256(octets).hexdigest())


def safe_name(name: str) -> str:
    """The last part of a path, without characters that a file system or a reader's eye could be misled by."""
    last = re.split(r"[\\/]", clean(name))[-1]
    return " ".join(_UNSAFE.sub("_", last).split()).strip(". ")[:150]


def is_tnef(content_type: str, name: str) -> bool:
    return content_type in _TNEF_TYPES or name.lower() == "winmail.dat"


def open_tnef(octets: bytes, defects: Defects) -> tuple[str, tuple[Attachment, ...]]:
    """Text and attachments inside a winmail.dat; nothing (and a defect) when it cannot be opened."""
    try:
        tnefparse: Any = importlib.import_module("tnefparse")
    except ImportError:
        defects.note("winmail.dat kept closed: tnefparse is not installed")
        return "", ()
    try:
        opened = tnefparse.TNEF(octets, do_checksum=False)
        inside = tuple(
            attachment(item.long_filename() or str(item.name), "application/octet-stream", bytes(item.data))
            for item in opened.attachments
        )
        return _tnef_text(opened), inside
    except Exception as error:  # a foreign parser on a stranger's bytes: whatever it raises, the mail is kept
        defects.note(f"winmail.dat kept closed: {type(error).__name__}")
        return "", ()


def _tnef_text(opened: Any) -> str:
    body = opened.body or ""
    return clean(decode(body, "").text if isinstance(body, bytes) else str(body)).strip()
