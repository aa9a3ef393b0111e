"""What our own border says about who sent a message (RFC 8601); nobody else's word counts."""

import re
from dataclasses import dataclass

from mailbot.mail.message import Message

_RESULT = re.compile(r"(?:^|;)\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.I)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_FILTERS = (
    "x-spam",
    "x-rspamd",
    "authentication-results",
    "arc-",
    "received-spf",
    "dkim-filter",
    "x-virus",
    "x-ses-",
)
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.I)


@dataclass(frozen=True)
class Authentication:
    """Results in lower case ("pass", "fail", "none", ...); None where the border gave none."""

    dmarc: str | None = None
    dkim: str | None = None
    spf: str | None = None


def verdict(message: Message, border: str | None) -> Authentication:
    """The topmost Authentication-Results of our border, whose exact authserv-id is `border`."""
    results = _border_results(message, border)
    found: dict[str, str] = {}
    for method, result in _RESULT.findall(_COMMENT.sub(" ", results or "")):
        # Several DKIM signatures have a result each; one that passes is what counts.
        if found.get(method.lower()) != "pass":
            found[method.lower()] = result.lower()
    return Authentication(**found)


def added_by_border(message: Message, border: str | None, name: str) -> str:
    """The topmost value of a header where only our border can have put it; "" when there is none."""
    if _border_results(message, border) is None:
        return ""
    return next((value for key, value in _trace(message, border) if key.lower() == name.lower()), "")


def _border_results(message: Message, border: str | None) -> str | None:
    for name, value in _inside(message, border):
        if name.lower() == "authentication-results" and _authserv_id(value) == (border or "").lower():
            return value.partition(";")[2]
    return None


def _inside(message: Message, border: str | None) -> tuple[tuple[str, str], ...]:
    """The headers down to the Received line before our border's own: what stands below came from outside.

    A border must remove foreign results that bear its name (RFC 8601 section 5); this holds where it does not.
    """
    if not border:
        return ()
    reached = False
    for place, (name, value) in enumerate(message.headers):
        if name.lower() == "received":
            if reached:
                return message.headers[:place]
            reached = _received_by(value) == border.lower()
    return message.headers


def _trace(message: Message, border: str | None) -> tuple[tuple[str, str], ...]:
    """The headers above the border's own mark, and the filters' fields that stand directly below it."""
    inside = _inside(message, border)
    marked = False
    for place, (name, value) in enumerate(inside):
        lowered = name.lower()
        if marked and not lowered.startswith(_FILTERS):
            return inside[:place]
        marked |= lowered == "received" and _received_by(value) == (border or "").lower()
    return inside if marked else _above_results(inside, border)


def _above_results(inside: tuple[tuple[str, str], ...], border: str | None) -> tuple[tuple[str, str], ...]:
    """For a border whose authserv-id is not the name it gives in Received."""
    for place, (name, value) in enumerate(inside):
        if name.lower() == "authentication-results" and _authserv_id(value) == (border or "").lower():
            return inside[:place]
    return ()


def _authserv_id(value: str) -> str:
    """RFC 8601 section 2.2: a version may follow the id, and comments may stand anywhere."""
    words = _COMMENT.sub(" ", value.partition(";")[0]).split()
    return words[0].strip('"').lower() if words else ""


def _received_by(value: str) -> str:
    match = _BY.search(value[:2000])
    return match[1].rstrip(".").lower() if match else ""
