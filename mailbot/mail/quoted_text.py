"""Quoted history, signatures and phone footers in plain text; every look is bounded in lines and characters."""

import re

import quotequail

LINES = 2_000
CHARACTERS = 200_000
_LINE = 400  # characters of a line that are looked at

# Our letters carry one of these lines above what they quote; a reply keeps it.
SEPARATORS = ("Please write your reply above this line", "Ysgrifennwch eich ateb uwchben y llinell hon")

_SEPARATOR = re.compile("|".join(map(re.escape, SEPARATORS)), re.I)
_PASSED_ON = re.compile(r"[>\s-]{0,40}(?:begin )?forwarded message\s?:?[\s-]{0,40}$", re.I)
_HEADER_FROM = re.compile(r"[>*_\s]{0,6}(?:From|Von|De|Van|Da|Från|Oddi wrth)\s?:\*{0,2}\s?\S", re.I)
_HEADER_NEXT = re.compile(
    r"[>*_\s]{0,6}(?:Sent|Date|To|Cc|Subject|Attachments|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Anfonwyd|Dyddiad|At|I|Pwnc)\s?:",
    re.I,
)
_ORIGINAL = re.compile(
    r"[>\s-]{0,20}(?:original (?:message|e-?mail)|(?:y )?neges wreiddiol)\b.{0,100}[:-]\s*$", re.I
)
_ATTRIBUTION = re.compile(
    r"[>\s-]{0,6}(?:On|Ar|Am|Le|El|Il|Op|Den|Em)\s.{4,300}\b(?:wrote|ysgrifennodd|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu)\b.{0,80}:(?:\s{0,3}$|\s)",
    re.I,
)
_ANSWERS_BELOW = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:answers?|comments?|repl(?:y|ies)|responses?|notes)\b[^.\n]{0,40}\b(?:below|in[- ]?line)\b"
    r"|\b(?:answer|comment|repl|respon|note)\w{0,5}\b[^.\n]{0,40}\bin (?:red|blue|green|bold|capitals|caps)\b"
    r"|\b(?:atebion|sylwadau)\b[^.\n]{0,40}\bisod\b",
    re.I,
)
_SIGNATURE = "-- "  # RFC 3676 section 4.3; without its space when a gateway has trimmed the lines
_SIGNATURE_LINES = 20
_SURE_FOOTER = re.compile(
    r"\s*(?:sent from my .{1,40}|get outlook for .{1,200}|anfonwyd o fy .{1,40})\s*$", re.I
)
_FOOTER = re.compile(
    r"\s*(?:(?:sent|anfonwyd) (?:from|via|with|by|using|o'm) .{1,60}|yahoo mail on android|download .{1,30} for (?:ios|android))\s*$",
    re.I,
)


def without_history(text: str) -> str:
    """What stands above the history, and any answer between quoted lines; the text itself when there is none.

    Where history begins is looked for in the first 2,000 lines and 200,000 characters.
    """
    lines = text.split("\n")
    start = _history_starts(text[:CHARACTERS].split("\n")[:LINES])
    if start is None:
        return "\n".join(line for line in lines if not line.startswith(">"))
    top, tail = lines[:start], lines[start:]
    if _ANSWERS_BELOW.search("\n".join(top)[-2000:]) and not any(line.startswith(">") for line in tail):
        return text
    return "\n".join(top + _answers(tail))


def without_attributions(text: str) -> str:
    """The text without lines that only introduce a quotation which is already gone."""
    return "\n".join(line for line in text.split("\n") if not _ATTRIBUTION.match(line[:_LINE]))


def without_footer(text: str) -> str:
    """The text without a "-- " signature and without the line a telephone adds."""
    lines = _without_signature(text.rstrip().split("\n"))
    before = ["", *lines]
    return "\n".join(
        line for line, above in zip(lines, before, strict=False) if not _is_footer(line[:_LINE], above)
    )


def _without_signature(lines: list[str]) -> list[str]:
    marks = [place for place, line in enumerate(lines) if line == _SIGNATURE]
    trimmed = [place for place, line in enumerate(lines) if line == _SIGNATURE.rstrip()]
    place = next(iter(marks), trimmed[0] if len(trimmed) == 1 else len(lines))
    is_signature = len(lines) - place <= _SIGNATURE_LINES and any(line.strip() for line in lines[:place])
    return lines[:place] if is_signature else lines


def _is_footer(line: str, above: str) -> bool:
    """A line by a telephone; the less certain ones only where a paragraph could begin."""
    return bool(_SURE_FOOTER.fullmatch(line) or (not above.strip() and _FOOTER.fullmatch(line)))


def _history_starts(lines: list[str]) -> int | None:
    """The first line of the history, None when there is none or when it was passed on for us to read."""
    found = [
        place
        for look in (_separator, _header_block, _attribution, _known_to_quotequail)
        if (place := look(lines)) is not None
    ]
    place = min(found, default=None)
    return None if place is None or _PASSED_ON.match(lines[place][:_LINE]) else place


def _separator(lines: list[str]) -> int | None:
    return next((place for place, line in enumerate(lines) if _SEPARATOR.search(line[:_LINE])), None)


def _header_block(lines: list[str]) -> int | None:
    """Outlook's From, Sent, To, Subject over the message it answers: From and one more, or From with an address."""
    for place, line in enumerate(lines):
        if _ORIGINAL.match(line[:_LINE]):
            return place
        if (match := _HEADER_FROM.match(line[:_LINE])) and _is_header_block(lines, place, match.end()):
            return place
    return None


def _is_header_block(lines: list[str], place: int, end: int) -> bool:
    """Two more headers below it; or one, or an address in it, where a paragraph could begin."""
    following = [bool(_HEADER_NEXT.match(line[:_LINE])) for line in lines[place + 1 : place + 3]]
    above = lines[place - 1][:_LINE] if place else ""
    begins = not above.strip("-_ \t>") or _is_footer(above, "")
    return following == [True, True] or (begins and (any(following[:1]) or "@" in lines[place][end:_LINE]))


def _attribution(lines: list[str]) -> int | None:
    """ "On Monday, somebody wrote:", which may be broken over as many as three lines."""
    for place, line in enumerate(lines):
        for length in (1, 2, 3):
            if _ATTRIBUTION.match(" ".join(lines[place : place + length])[:_LINE]) and line.strip():
                return place
    return None


def _known_to_quotequail(lines: list[str]) -> int | None:
    looked_at = "\n".join(line[:_LINE] for line in lines)
    pieces: list[tuple[bool, str]] = quotequail.quote(looked_at, limit=LINES + 1, quote_intro_line=True)
    if len(pieces) < 2:
        return None
    return pieces[0][1].count("\n") + bool(pieces[0][1])


def _answers(tail: list[str]) -> list[str]:
    """Answers written between or below lines quoted with ">"; nothing where quoted and new cannot be told apart."""
    quoted = [place for place, line in enumerate(tail) if line.startswith(">")]
    if not quoted:
        return []
    return [line for line in tail[quoted[0] :] if not line.startswith(">")]
