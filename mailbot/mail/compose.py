"""One letter as bytes: the same Draft always gives the same bytes, and nothing in it can start a new header."""

import quopri
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256

from mailbot.mail.charsets import clean
from mailbot.mail.message import Address

_CRLF = b"\r\n"
_REFERENCES_CHARACTERS = 1_500  # some relays refuse a header block of more than 4,096
_SUBJECT_CHARACTERS = 250
_ID = re.compile(r"<[^<>\s]{1,250}>")
# Not "All": that would suppress the non-delivery reports we need (MS-OXCMAIL).
_SUPPRESS = "DR, RN, NRN, OOF, AutoReply"


@dataclass(frozen=True)
class Draft:
    """All that a letter consists of; texts may come from strangers, they are made safe here."""

    sender: Address
    to: Address
    subject: str
    text: str
    html: str  # "" for a letter in plain text only
    message_id: str
    date: datetime  # aware
    thread_root: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()  # oldest first, without the root
    loop_token: str = ""
    auto_submitted: str = (
        "auto-replied"  # "auto-generated" for what answers nothing, such as a digest; "" for people
    )
    reply_to: Address | None = None
    language: str = "en-GB"


def compose(draft: Draft) -> bytes:
    """The letter with CRLF line ends, ASCII throughout."""
    content_type, body = _body(draft)
    lines = [_field(name, value) for name, value in _headers(draft) if value]
    return _CRLF.join([*lines, *content_type, b"", body])


def _headers(draft: Draft) -> tuple[tuple[str, str], ...]:
    automatic = bool(draft.auto_submitted)
    return (
        ("Date", format_datetime(draft.date)),
        ("From", _mailbox(draft.sender)),
        ("To", _mailbox(draft.to)),
        ("Reply-To", _mailbox(draft.reply_to) if draft.reply_to else ""),
        ("Subject", _encoded(_one_line(draft.subject)[:_SUBJECT_CHARACTERS], len("Subject: "))),
        ("Message-ID", _ids((draft.message_id,))),
        ("In-Reply-To", _ids((draft.in_reply_to,))),
        ("References", _ids(_thread(draft))),
        ("Auto-Submitted", _one_line(draft.auto_submitted)),
        ("X-Auto-Response-Suppress", _SUPPRESS if automatic else ""),
        ("X-Loop", _one_line(draft.loop_token)),
        ("Content-Language", _one_line(draft.language)),
        ("MIME-Version", "1.0"),
    )


def _field(name: str, value: str) -> bytes:
    return f"{name}: {value}".encode("ascii", "replace")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _encoded(text: str, taken: int) -> str:
    """ASCII as it is, folded at spaces; else RFC 2047 words that never cut a character in two."""
    if text.isascii() and "=?" not in text:
        return Header(text, "us-ascii", maxlinelen=76, header_name=" " * taken).encode(linesep="\r\n")
    return Header(text, "utf-8", maxlinelen=75 - taken).encode(linesep="\r\n")


def _mailbox(address: Address) -> str:
    spec = re.sub(r"[\s<>,;]", "", clean(address.address))
    name = _one_line(address.name)[:120]
    if not name:
        return spec
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{_encoded(name, len('Reply-To: '))}\r\n <{spec}>"


def _ids(ids: tuple[str, ...]) -> str:
    """One id a line, never encoded: the standard library turns ids of 78 characters and more into RFC 2047 words."""
    return "\r\n ".join(found for text in ids for found in _ID.findall(text) if found.isascii())


def _thread(draft: Draft) -> tuple[str, ...]:
    """Our root first, then as many of the newest ids as fit, the one answered last."""
    room = _REFERENCES_CHARACTERS - len(draft.thread_root) - 3
    kept: list[str] = []
    for one in dict.fromkeys((draft.in_reply_to, *reversed(draft.references))):
        if not one or one == draft.thread_root:
            continue
        room -= len(one) + 3
        if room < 0:
            break
        kept.append(one)
    return (draft.thread_root, *reversed(kept))


def _body(draft: Draft) -> tuple[list[bytes], bytes]:
    """The Content- fields and the encoded body."""
    plain = _text_part("plain", draft.text)
    if not draft.html:
        return plain
    # "=_" cannot stand in quoted-printable text, so the boundary cannot either (RFC 2045 section 6.7).
    boundary = (
        b"=_"
        + sha256(f"{draft.message_id}\0{draft.text}\0{draft.html}".encode("utf-8", "replace"))
        .hexdigest()[:32]
        .encode()
    )
    pieces = [
        b"--" + boundary + _CRLF + _CRLF.join([*head, b"", body])
        for head, body in (plain, _text_part("html", draft.html))
    ]
    closed = _CRLF.join([*pieces, b"--" + boundary + b"--", b""])
    return [b'Content-Type: multipart/alternative; boundary="' + boundary + b'"'], closed


def _text_part(subtype: str, text: str) -> tuple[list[bytes], bytes]:
    lines = clean(text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n") + "\n"
    encoded = quopri.encodestring(lines.encode("utf-8", "replace")).replace(b"\n", _CRLF)
    head = [
        f'Content-Type: text/{subtype}; charset="utf-8"'.encode(),
        b"Content-Transfer-Encoding: quoted-printable",
    ]
    return head, encoded
