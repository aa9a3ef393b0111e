"""The part of a corpus body above its quoted history; real mail is cut by mailbot.mail, which sees more."""

import re

_QUOTED_FROM = re.compile(
    r"^(?:"
    r">"  # a quoted line
    r"|-{2,} ?(?:original|forwarded|below this)\b"  # Outlook, Gmail and kin
    r"|begin forwarded message:"
    r"|_{10,}"
    r"|from: .*\n+(?:sent|date|to|subject): "
    r"|(?:on|ar|em|am|le|el|il|w dniu|op) .{6,120}\b(?:wrote|ysgrifennodd|escreveu|schrieb|écrit|escribió|ha scritto|pisze|schreef)\b.*:"
    r"|.{3,120}\b(?:wrote|ysgrifennodd)(?: on .{6,30})?: *$"
    r")",
    re.IGNORECASE | re.MULTILINE,
)


def live_part(body: str) -> str:
    """What was written now; the whole body when nothing stands above the quotation, and inline answers are kept."""
    match = _QUOTED_FROM.search(body)
    if match is None:
        return body
    head = body[: match.start()].strip()
    tail = _after_quotes(body[match.start() :])
    return "\n".join(part for part in (head, tail) if part) or body


def _after_quotes(rest: str) -> str:
    """Lines that answer in between or below `>` lines; empty where the history is not marked with them."""
    lines = rest.splitlines()
    if not any(line.startswith(">") for line in lines):
        return ""
    first = next(number for number, line in enumerate(lines) if line.startswith(">"))
    return "\n".join(line for line in lines[first:] if not line.startswith(">")).strip()
