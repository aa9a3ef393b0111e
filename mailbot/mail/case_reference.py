"""Case references that survive people: typed by hand, in lower case, with odd dashes, or without any."""

import re
import unicodedata
from collections.abc import Iterable

from mailbot.mail.charsets import clean

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u00ad_"), "-"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None)
_CHARACTERS = 200_000
_DIGITS = 6


def case_reference(prefix: str, number: int) -> str:
    """A reference such as RST-000123-K; the last character checks the rest (ISO 7064 MOD 37,36)."""
    body = f"{prefix.upper()}{number:0{_DIGITS}d}"
    return f"{prefix.upper()}-{number:0{_DIGITS}d}-{check_character(body)}"


def check_character(text: str) -> str:
    """The ISO 7064 MOD 37,36 check character of letters and digits: finds every single wrong character, most swaps."""
    product = 36
    for character in text:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def references_in(text: str, prefixes: Iterable[str]) -> tuple[str, ...]:
    """The valid references in a text, each once, in order and in their full form."""
    known = sorted({prefix.upper() for prefix in prefixes}, key=len, reverse=True)
    if not known:
        return ()
    found = _pattern(known).finditer(_plain(text[:_CHARACTERS]))
    return tuple(dict.fromkeys(reference for match in found if (reference := _valid(match))))


def _pattern(prefixes: list[str]) -> re.Pattern[str]:
    """Without a separator before the check character the number must be whole, or its last digit would be taken."""
    gap = r"[\s./-]{0,3}"
    return re.compile(
        rf"(?<![A-Z0-9])({'|'.join(map(re.escape, prefixes))}){gap}"
        rf"(?:([0-9OIL]{{1,9}})[\s./-]{{1,3}}|([0-9OIL]{{{_DIGITS}}}))([0-9A-Z])(?![A-Z0-9])"
    )


def _valid(match: re.Match[str]) -> str | None:
    digits = (match[2] or match[3]).translate(str.maketrans("OIL", "011"))
    reference = case_reference(match[1], int(digits))
    return reference if reference[-1] == match[4] else None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", clean(text).translate(_DASHES).translate(_INVISIBLE))
    return text.translate(_DASHES).upper()
