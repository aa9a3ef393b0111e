"""Files written into the text itself, as mail programs did before MIME (uuencode)."""

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

FILES = 100

_BEGIN = re.compile(rb"begin [0-7]{3,4} (\S.{0,254})")
_DATA = re.compile(rb"[\x20-\x60]{2,100}")  # no small letters
_SPARE = 3  # characters that some encoders write after those of a line


@dataclass(frozen=True)
class Taken:
    """The text without its files, and the files; `cut` says that one of them has no end."""

    text: bytes
    files: tuple[tuple[bytes, bytes], ...] = ()  # name as written, content
    cut: bool = False


def take_files(text: bytes) -> Taken:
    """Every uuencoded file out of `text`; the text untouched when there is none."""
    if b"begin " not in text:
        return Taken(text)
    lines = text.split(b"\n")
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    cut = False
    place = 0
    while place < len(lines):
        begin = _BEGIN.fullmatch(lines[place].rstrip()) if len(files) < FILES else None
        content, after, ended = _content(lines, place + 1) if begin else (b"", place, False)
        if begin and (content or ended):
            files.append((begin[1], content))
            cut |= not ended
            place = after
        else:
            kept.append(lines[place])
            place += 1
    return Taken(b"\n".join(kept), tuple(files), cut) if files else Taken(text)


def _content(lines: Sequence[bytes], start: int) -> tuple[bytes, int, bool]:
    """What the lines from `start` encode, the line after them, and whether they came to their end."""
    pieces: list[bytes] = []
    place = start
    while place < len(lines):
        line = lines[place].rstrip(b"\r")
        if line.strip() == b"end":
            return b"".join(pieces), place + 1, True
        if line.strip(b" `") == b"" and lines[place + 1 : place + 2] and lines[place + 1].strip() == b"end":
            return b"".join(pieces), place + 2, True  # a line of no octets stands before the end
        if not _DATA.fullmatch(line) or (octets := _decoded(line)) is None:
            break
        pieces.append(octets)
        place += 1
    return b"".join(pieces), place, False


def _decoded(line: bytes) -> bytes | None:
    """The octets of one line; None unless it is as long as its first character says."""
    needed = 1 + (((line[0] - 32) & 63) * 8 + 5) // 6
    return binascii.a2b_uu(line[:needed]) if needed <= len(line) <= needed + _SPARE else None
