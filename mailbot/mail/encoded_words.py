"""Header values from bytes to text: 8-bit bytes, RFC 2047 encoded words and RFC 2231 parameters."""

import binascii
import re
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from mailbot.mail.charsets import clean, decode

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_PARAMETER = re.compile(r"""[; ] ?([^ =;"]{1,60}) ?= ?("(?:[^"\\]|\\.){0,2000}"?|[^;]{0,2000})""", re.S)
_SECTION = re.compile(r"^(.+?)(?:\*(\d{1,3}))?(\*)?$")
_SPACES = re.compile(r"[ \t\r\n]+")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]")
_HEX_PAIR = re.compile(rb"=([0-9A-Fa-f]{2})")


def header_text(value: bytes) -> str:
    """An unstructured header: unfolded, decoded, without control characters; its bytes as UTF-8 else cp1252."""
    text = decode(value, "").text
    if "=?" in text:
        text = decode_words(text)
    return _SPACES.sub(" ", clean(text)).strip()


def decode_words(text: str) -> str:
    """Every RFC 2047 word decoded; neighbours with one charset are joined first, as a character may be cut in two."""
    pieces: list[str] = []
    pending: list[bytes] = []
    charset = ""
    end = 0
    text = _BETWEEN_WORDS.sub(r"\1", text)
    for match in _WORD.finditer(text):
        label = match[1].partition("*")[0].lower()
        if pending and (match.start() != end or label != charset):
            pieces.append(decode(b"".join(pending), charset).text)
            pending = []
        pieces.append(text[end : match.start()])
        pending.append(_word_bytes(match[2], match[3]))
        charset, end = label, match.end()
    if pending:
        pieces.append(decode(b"".join(pending), charset).text)
    return "".join(pieces) + text[end:]


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8")
    if encoding in "bB":
        return base64_bytes(data)
    return _HEX_PAIR.sub(lambda pair: bytes.fromhex(pair[1].decode()), data.replace(b"_", b" "))


def base64_bytes(data: bytes) -> bytes:
    """Base64 as it arrives: foreign characters skipped, padding mended, a cut last group dropped.

    What follows the padding was added on the way and is no base64.
    """
    with suppress(binascii.Error):
        return binascii.a2b_base64(data)
    kept = _FOREIGN.sub(b"", data)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, names in lower case, RFC 2231 pieces joined."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    _, semicolon, listed = _SPACES.sub(" ", value[:20_000]).partition(";")
    for name, raw in _PARAMETER.findall(semicolon + listed):
        section = _SECTION.match(name.lower())
        text = _unquoted(raw.strip())
        if section and (section[2] or section[3]):
            pieces.setdefault(section[1], {})[int(section[2] or 0)] = (text, bool(section[3]))
        else:
            plain.setdefault(name.lower(), text)
    joined = {name: _joined(found) for name, found in pieces.items()}
    return {name: decode_words(text) if "=?" in text else text for name, text in (plain | joined).items()}


def _unquoted(raw: str) -> str:
    if raw.startswith('"'):
        return re.sub(r"\\(.)", r"\1", raw.strip('"'))
    return raw


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    ordered = [pieces[number] for number in sorted(pieces)]
    charset = ""
    if ordered[0][1] and ordered[0][0].count("'") >= 2:
        charset, _, rest = ordered[0][0].split("'", 2)
        ordered[0] = (rest, True)
    data = b"".join(unquote_to_bytes(text) if coded else text.encode() for text, coded in ordered)
    return decode(data, charset).text
