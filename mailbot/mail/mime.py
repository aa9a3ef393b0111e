"""Raw bytes to a flat list of parts: iterative, capped, and in time that grows with the size only.

The standard library's parser builds nested generators and looks at every open boundary for every line, so
that depth multiplies time and 1,000 levels (66 kB) raise RecursionError; its walk also enters message/rfc822.
"""

import quopri
import re
from collections import deque
from dataclasses import dataclass

from mailbot.mail.defects import Defects
from mailbot.mail.encoded_words import base64_bytes, header_text, parameters
from mailbot.mail.header_block import Field, split_header

DEPTH = 20
PARTS = 300

_TYPE = re.compile(r"\s*([\w.+-]{1,80})\s*/\s*([\w.+-]{1,80})")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s]{1,200})[ \t]*\r?\n(?=content-)", re.I)
_STARTS_AS_PARTS = re.compile(rb"\s{0,10}--([^\s]{1,200})[ \t]*\r?\n(?=content-)", re.I)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|[A-Za-z0-9+/] +[A-Za-z0-9+/]")
_BASE64_LINE = re.compile(rb"^[A-Za-z0-9+/]{16,}={0,2}\s*$", re.M)


@dataclass(frozen=True)
class Part:
    """One part: its header fields, and its body as it stands (a container's is what precedes its first part)."""

    fields: tuple[Field, ...]
    body: bytes
    content_type: str
    type_parameters: dict[str, str]
    depth: int
    alternative: int | None = None  # number of the multipart/alternative that it is in, if any
    is_container: bool = False

    def header(self, name: str) -> str:
        """The first value of a header as text, "" when missing."""
        return next((header_text(value) for key, value in self.fields if key.lower() == name), "")

    @property
    def disposition(self) -> str:
        return self.header("content-disposition").partition(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """As the sender wrote it: not yet safe."""
        given = parameters(self.header("content-disposition"))
        return given.get("filename") or self.type_parameters.get("name", "")

    def octets(self) -> tuple[bytes, str]:
        """The body with its transfer encoding undone, and what had to be mended ("" for nothing)."""
        encoding = self.header("content-transfer-encoding").partition(";")[0].strip().lower()
        match encoding:
            case "base64":
                if _NOT_BASE64.search(self.body, 0, 4_096) and not _BASE64_LINE.search(self.body):
                    return self.body, "base64 that is none"
                return base64_bytes(self.body), ""
            case "quoted-printable":
                return quopri.decodestring(self.body), ""
            case "" | "7bit" | "8bit" | "binary":
                return self.body, ""
            case _:
                return self.body, f"transfer encoding {encoding[:40]!r} unknown"


def parts(raw: bytes, defects: Defects) -> list[Part]:
    """The message itself and every part below it, in order; message/* parts are leaves."""
    found: list[Part] = []
    waiting: deque[tuple[bytes, int, str, int | None]] = deque([(raw, 0, "text/plain", None)])
    while waiting:
        octets, depth, default, alternative = waiting.popleft()
        if len(found) >= PARTS:
            defects.note(f"more than {PARTS} parts")
            break
        part, inner = _open(octets, depth, default, alternative, defects)
        if inner and part.content_type == "multipart/alternative":
            alternative = len(found)
        found.append(part)
        child = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        waiting.extendleft((piece, depth + 1, child, alternative) for piece in reversed(inner))
    return found


def _open(
    octets: bytes, depth: int, default: str, alternative: int | None, defects: Defects
) -> tuple[Part, list[bytes]]:
    """A part and the bytes of the parts in it; a multipart that cannot be divided becomes text."""
    fields, body = split_header(octets, defects)
    kind, given = _content_type(fields, default, defects)
    if kind == "text/plain" and depth == 0 and "boundary" not in given and _STARTS_AS_PARTS.match(body):
        defects.note("parts without a multipart type")
        kind = "multipart/mixed"
    inner: list[bytes] = []
    if kind.startswith("multipart/"):
        if depth >= DEPTH:
            defects.note(f"more than {DEPTH} levels of parts")
        else:
            inner = _divide(body, given.get("boundary", ""), defects)
    part = Part(
        fields, inner.pop(0) if inner else body, kind, given, depth, alternative, is_container=bool(inner)
    )
    return part, inner


def _content_type(fields: tuple[Field, ...], default: str, defects: Defects) -> tuple[str, dict[str, str]]:
    value = next((header_text(value) for name, value in fields if name.lower() == "content-type"), "")
    if not value:
        return default, {}
    match = _TYPE.match(value)
    if not match:
        defects.note(f"content type {value[:40]!r} malformed")
    kind = f"{match[1]}/{match[2]}".lower() if match else "text/plain"
    return kind, parameters(value)


def _divide(body: bytes, boundary: str, defects: Defects) -> list[bytes]:
    """What precedes the first boundary line, then the parts between them; nothing when there is no such line."""
    pieces = _between(body, boundary.encode("utf-8", "replace"), defects) if boundary else []
    if pieces:
        return pieces
    if guess := _GUESSED_BOUNDARY.search(body):
        defects.note("multipart boundary guessed from the body")
        return _between(body, guess[1], defects)
    defects.note("multipart without its boundary, read as text")
    return []


def _between(body: bytes, boundary: bytes, defects: Defects) -> list[bytes]:
    line = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t]{0,80}(?:\r{0,2}\n|\r|\Z)")
    pieces: list[bytes] = []
    start = 0
    for match in line.finditer(body):
        if match.start() and body[match.start() - 1] not in b"\r\n":
            continue
        pieces.append(body[start : _before_line_end(body, match.start())])
        start = match.end()
        if match[1]:
            return pieces
        if len(pieces) > PARTS + 1:
            break
    if pieces:
        defects.note("multipart not closed")
        pieces.append(body[start:])
    return pieces


def _before_line_end(body: bytes, end: int) -> int:
    """The line end before a boundary line belongs to the boundary (RFC 2046 section 5.1.1)."""
    if body[end - 1 : end] == b"\n":
        end -= 1
        return end - (body[end - 1 : end] == b"\r") - (body[end - 2 : end] == b"\r\r")
    return end - (body[end - 1 : end] == b"\r")
