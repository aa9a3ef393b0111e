"""Subjects without what mail programs put before them."""

import re
import unicodedata

# "Reply" and "forwarded" as mail programs abbreviate them in their languages (Welsh: ATB and YML).
_FORWARD_WORDS = frozenset(
    {"fwd", "fw", "wg", "tr", "rv", "enc", "vb", "doorst", "fs", "pd", "ilt", "yml", "ymlaen", "trs"}
)
_REPLY_WORDS = frozenset(
    {
        "re",
        "aw",
        "sv",
        "vs",
        "antw",
        "antwort",
        "odp",
        "rif",
        "ris",
        "r",
        "ynt",
        "res",
        "vá",
        "bls",
        "atb",
        "ant",
        "rép",
    }
)
_WORDS = "|".join(map(re.escape, sorted(_FORWARD_WORDS | _REPLY_WORDS, key=len, reverse=True)))
_PREFIX = re.compile(rf"\s*({_WORDS})\s?(?:[\[(^]\s?\d{{1,4}}\s?[\])]?|\*\d{{1,4}})?\s?:\s*", re.I)
_MARK = re.compile(
    r"\s*\[(?:external|ext|extern|caution|spam|suspected spam|list)[^\]]{0,20}\]\s*:?\s*", re.I
)


def normal_subject(subject: str) -> str:
    """The subject in lower case without prefixes, gateway marks and needless spaces: for comparing only."""
    rest = " ".join(unicodedata.normalize("NFKC", subject[:1000]).split())
    while match := _PREFIX.match(rest) or _MARK.match(rest):
        rest = rest[match.end() :]
    return rest.casefold().strip()


def is_forward(subject: str) -> bool:
    """Whether the outermost prefix says that a person passed something on."""
    return (_outermost(subject) or "") in _FORWARD_WORDS


def is_reply(subject: str) -> bool:
    """Whether the outermost prefix is one that is there at all and not a forwarding one."""
    return (_outermost(subject) or "fwd") not in _FORWARD_WORDS


def _outermost(subject: str) -> str | None:
    rest = " ".join(unicodedata.normalize("NFKC", subject[:1000]).split())
    while mark := _MARK.match(rest):
        rest = rest[mark.end() :]
    match = _PREFIX.match(rest)
    return match[1].lower() if match else None
