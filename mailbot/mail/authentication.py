"""What our own border says about who sent a message (RFC 8601); nobody else's word counts."""

import re
from dataclasses import dataclass
from itertools import takewhile

from mailbot.mail.message import Message

_RESULT = re.compile(r"(?:^|;)\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.I)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.I)
_FROM_ITSELF = re.compile(r"\s*from\s+localhost\b", re.I)
_RESULTS = "authentication-results"
_SEALED = "arc-authentication-results"  # RFC 8617; Google writes the other below its own Received line, and this above
# Exchange Online puts no name into its results, and another host's before this one into each Received line.
_NAMELESS = "mail.protection.outlook.com"
_INSTANCE = re.compile(r"^\s*i\s*=\s*\d{1,4}\s*;")
_FILTERS = (_RESULTS, "x-spam", "x-rspamd", "arc-", "received-spf", "dkim-filter", "x-virus", "x-ses-")

_Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Authentication:
    """Results in lower case ("pass", "fail", "none", ...); None where the border gave none."""

    dmarc: str | None = None
    dkim: str | None = None
    spf: str | None = None


@dataclass(frozen=True)
class _Trace:
    """The headers above the line with which our border received a message, and those from there to the line before."""

    above: _Headers = ()
    below: _Headers = ()


def verdict(message: Message, border: str | None) -> Authentication:
    """What the border whose exact authserv-id is `border` found; of several results the topmost counts.

    A border writes above its own Received line (RFC 8601 section 5), many filters do so only since 2026: of results
    directly below it, where the sender too could have written, a fail counts and a pass does not.
    """
    if not border:
        return Authentication()
    trace = _trace(message, border)
    found: dict[str, str] = {}
    for value in _results(trace.below, border)[::-1]:
        found |= {method: result for method, result in _read(value).items() if result != "pass"}
    for value in _results(trace.above, border, above=True)[::-1]:
        found |= _read(value)
    return Authentication(**found)


def added_by_border(message: Message, border: str | None, name: str) -> str:
    """The topmost value of a header where our border's filters write; "" when there is none."""
    if not border:
        return ""
    trace = _trace(message, border)
    filters = tuple(takewhile(lambda header: header[0].lower().startswith(_FILTERS), trace.below))
    return next((value for key, value in trace.above + filters if key.lower() == name.lower()), "")


def _trace(message: Message, border: str) -> _Trace:
    headers = message.headers
    received = [place for place, (name, _) in enumerate(headers) if name.lower() == "received"]
    own = next((place for place in received if _is_arrival(headers[place][1], border)), None)
    if own is not None:
        before = next((place for place in received if place > own), len(headers))
        return _Trace(_topmost(headers[:own], border), headers[own + 1 : before])
    # A border that calls itself otherwise in Received: its results, and what stands above them.
    marks = [place for place, header in enumerate(headers) if _results((header,), border)]
    return _Trace(headers[: marks[0] + 1]) if marks else _Trace()


def _topmost(above: _Headers, border: str) -> _Headers:
    """Down to the first server that stands below the border's topmost results: what comes then, the sender may have written.

    So a forged line of the border's, with a forged pass above it, counts for nothing beside the real ones.
    """
    marks = [place for place, header in enumerate(above) if _results((header,), border, above=True)]
    servers = (
        place
        for place, (name, value) in enumerate(above)
        if marks and place > marks[0] and name.lower() == "received" and not _FROM_ITSELF.match(value)
    )
    return above[: next(servers, len(above))]


def _results(headers: _Headers, border: str, above: bool = False) -> list[str]:
    """The border's results; of headers `above` its own line also those that only their place makes its own."""
    names = (_RESULTS, _SEALED) if above else (_RESULTS,)
    values = [_INSTANCE.sub("", value) for name, value in headers if name.lower() in names]
    return [value for value in values if _is_by(value, border.lower(), above)]


def _is_by(results: str, border: str, above: bool) -> bool:
    server = _authserv_id(results.partition(";")[0])
    return server == border or (above and border == _NAMELESS and "=" in server)


def _read(results: str) -> dict[str, str]:
    """Several DKIM signatures have a result each: one that passes is what counts."""
    found: dict[str, str] = {}
    for method, result in _RESULT.findall(_COMMENT.sub(" ", results)):
        if found.get(method.lower()) != "pass":
            found[method.lower()] = result.lower()
    return found


def _authserv_id(text: str) -> str:
    """RFC 8601 section 2.2: a version may follow the id, and comments may stand anywhere."""
    words = _COMMENT.sub(" ", text).split()
    return words[0].strip('"').lower() if words else ""


def _is_arrival(received: str, border: str) -> bool:
    """Whether this line was written by the border for mail from outside, not for mail it handed to itself."""
    match = _BY.search(received[:2000])
    if match is None or _FROM_ITSELF.match(received):
        return False
    host = match[1].rstrip(".").lower()
    return host == border.lower() or (border.lower() == _NAMELESS and host.endswith(f".{_NAMELESS}"))
