"""Words out of any bytes without reading them as mail: for a message that could not be read, so that a cry for help in it is heard.

It shares no step with the parser but the decoding of characters, and each of its steps takes time with the size only.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

from mailbot.mail.charsets import clean, decode

OCTETS = 4_000_000
CHARACTERS = 400_000

_BASE64 = re.compile(
    rb"(?:^[A-Za-z0-9+/]{40,100}={0,2}[ \t]*\r?\n)+(?:^[A-Za-z0-9+/]{1,99}={0,2}[ \t]*$)?", re.M
)
_SHORT_BASE64 = re.compile(rb"^[A-Za-z0-9+/]{16,100}={0,2}[ \t]*\r?$", re.M)
_WORD = re.compile(rb"=\?[^?\s]{1,60}\?([bBqQ])\?([^?\s]{0,200})\?=")
_ESCAPED = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")
_UNSEEN = re.compile(r"<(style|script)\b[^<>]{0,500}>[^<]{0,50000}", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACES = re.compile(r"[ \t]+")
_LEGIBLE = 0.9  # of the characters of a decoded block, so that pictures are left out
_JUDGED = 2_000


def rough_text(raw: bytes) -> str:
    """Whatever in the first 4 MB looks like words, headers and quotations too: rather more than a person wrote than less."""
    octets = raw[:OCTETS].replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")
    octets = _WORD.sub(_word, octets)
    octets = _SHORT_BASE64.sub(_block, _BASE64.sub(_block, octets))
    if _ESCAPED.search(octets):
        octets = quopri.decodestring(octets)
    text = clean(decode(octets, "").text).replace("\r\n", "\n").replace("\r", "\n")
    text = _TAG.sub(" ", _UNSEEN.sub(" ", text))
    return _SPACES.sub(" ", unescape(text)).strip()[:CHARACTERS]


def pieces(text: str, length: int, overlap: int = 200) -> Iterator[str]:
    """`text` in pieces of at most `length` characters, each beginning with the end of the one before."""
    for start in range(0, max(len(text) - overlap, 1), length - overlap):
        yield text[start : start + length]


def _word(match: re.Match[bytes]) -> bytes:
    if match[1] in b"bB":
        return _undone(match[2]) or b" "
    return quopri.decodestring(match[2].replace(b"_", b" "))


def _block(match: re.Match[bytes]) -> bytes:
    """What a block of base64 says, nothing when that is no text; a block that is none stays."""
    octets = _undone(match[0])
    if octets is None:
        return match[0]
    return octets if _is_legible(octets) else b"\n"


def _undone(data: bytes) -> bytes | None:
    letters = b"".join(data.split()).rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    with suppress(binascii.Error):
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)).replace(b"\x00", b"")
    return None


def _is_legible(octets: bytes) -> bool:
    text = decode(octets[:_JUDGED], "").text
    legible = sum(one.isalnum() or one in " \r\n\t.,;:!?'\"()-<>/=&#" for one in text)
    return legible >= _LEGIBLE * max(len(text), 1)
