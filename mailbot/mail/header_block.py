"""The header fields of a message or part, and the body after them, in time that grows with the size only."""

import re
from collections.abc import Iterator

from mailbot.mail.defects import Defects

HEADER_OCTETS = 256 * 1024
HEADER_FIELDS = 5_000

# A line feed with what gateways put before it, or a lone carriage return; bounded, as runs of them are sent too.
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_BLANK_LINE = re.compile(rb"\r{0,2}\n\r{0,2}\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_MBOX_LINE = re.compile(rb">?From ")

Field = tuple[str, bytes]


def split_header(raw: bytes, defects: Defects) -> tuple[tuple[Field, ...], bytes]:
    """The header fields (values unfolded later, by their reader) and the body after them."""
    fields: list[tuple[str, list[bytes]]] = []
    for start, end, after in _lines(raw):
        line = raw[start:end]
        if not line:
            return _finished(fields), raw[after:]
        if after > HEADER_OCTETS or len(fields) >= HEADER_FIELDS:
            defects.note("header block cut at its cap")
            return _finished(fields), _after_blank_line(raw, after)
        if line[:1] in b" \t":
            _continue(fields, line, defects)
        elif match := _FIELD.match(line):
            fields.append((match[1].decode("ascii"), [line[match.end() :]]))
        elif _MBOX_LINE.match(line):
            defects.note("mbox From line inside the header")
        else:
            defects.note("no blank line between header and body")
            return _finished(fields), raw[start:]
    return _finished(fields), b""


def _lines(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """Start, end and start of the next line, for each line."""
    start = 0
    for match in _LINE_END.finditer(raw):
        yield start, match.start(), match.end()
        start = match.end()
    if start < len(raw):
        yield start, len(raw), len(raw)


def _continue(fields: list[tuple[str, list[bytes]]], line: bytes, defects: Defects) -> None:
    if fields:
        fields[-1][1].append(line)
    else:
        defects.note("header starts with a space")


def _finished(fields: list[tuple[str, list[bytes]]]) -> tuple[Field, ...]:
    return tuple((name, b"\n".join(lines)) for name, lines in fields)


def _after_blank_line(raw: bytes, start: int) -> bytes:
    blank = _BLANK_LINE.search(raw, start)
    return raw[blank.end() :] if blank else b""
