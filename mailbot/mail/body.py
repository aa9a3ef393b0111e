"""From the parts of a message to its text, its HTML, its attachments and what it encloses as evidence."""

import re
from dataclasses import dataclass, field

from mailbot.mail.attachments import attachment, is_tnef, open_tnef
from mailbot.mail.charsets import clean, decode
from mailbot.mail.defects import Defects
from mailbot.mail.html_text import html_text
from mailbot.mail.message import Attachment, Report
from mailbot.mail.mime import Part

_REPORT_CHARACTERS = 64 * 1024
_PREAMBLE = 64 * 1024
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
_HEADER_TYPES = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_REPORT_TYPES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/disposition-notification",
        "message/global-disposition-notification",
    }
)
_ASKS_FOR_HTML = re.compile(r"\bHTML\b", re.I)


@dataclass
class Body:
    """What the parts add up to, while they are being read."""

    defects: Defects
    plain: list[tuple[int | None, str]] = field(default_factory=list)  # number of its alternative, text
    rich: list[tuple[int | None, str]] = field(default_factory=list)
    spare: list[str] = field(
        default_factory=list
    )  # text that is read only where there is no other: attachments and preambles
    order: list[tuple[bool, int]] = field(default_factory=list)  # is rich, place in its list
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list[bytes] = field(default_factory=list)  # whole messages, or their headers
    reports: list[Report] = field(default_factory=list)

    def take(self, part: Part) -> None:
        """File one part where it belongs; of a container that is only what stands before its first part."""
        if part.is_container:
            if part.body.strip() and len(part.body) < _PREAMBLE:
                self.spare.append(self._decoded(part, part.body))
            return
        octets, repair = part.octets()
        self.defects.note(repair)
        kind = part.content_type
        if kind in _MESSAGE_TYPES:
            self.enclosed.append(octets)
            self.attachments.append(attachment(part.file_name or "message.eml", kind, octets))
        elif kind in _REPORT_TYPES or kind in _HEADER_TYPES:
            self._take_report(kind, octets)
        elif kind.startswith("multipart/") or (kind.startswith("text/") and _is_inline(part)):
            self._take_text(part, octets)
        else:
            self._take_attachment(part, octets)

    def text(self) -> str:
        """All inline text in its order: plain, or HTML where nothing plain says the same; else any text there is."""
        said = {
            group
            for group, text in self.plain
            if group is not None and text.strip() and not self._is_stub(group)
        }
        pieces = [self._piece(is_rich, place, said) for is_rich, place in self.order]
        whole = "\n\n".join(piece for piece in pieces if piece.strip())
        return whole or "\n\n".join(text for text in self.spare if text.strip())

    def html(self) -> str:
        return "\n".join(text for _, text in self.rich)

    def _piece(self, is_rich: bool, place: int, said: set[int]) -> str:
        group, text = (self.rich if is_rich else self.plain)[place]
        if is_rich:
            return "" if group in said else html_text(text)
        return "" if group is not None and group not in said and self._has_rich(group) else text

    def _is_stub(self, group: int) -> bool:
        """A plain alternative that only says that HTML is needed."""
        plain = " ".join(text for number, text in self.plain if number == group)
        return len(plain) < 300 and bool(_ASKS_FOR_HTML.search(plain)) and self._has_rich(group)

    def _has_rich(self, group: int) -> bool:
        return any(number == group and text.strip() for number, text in self.rich)

    def _take_report(self, kind: str, octets: bytes) -> None:
        text = clean(decode(octets[:_REPORT_CHARACTERS], "").text)
        self.reports.append(Report(kind, text.replace("\r\n", "\n").replace("\r", "\n")))
        if kind in _HEADER_TYPES:
            self.enclosed.append(octets)

    def _take_text(self, part: Part, octets: bytes) -> None:
        text = self._decoded(part, octets)
        if part.content_type == "text/html":
            self.order.append((True, len(self.rich)))
            self.rich.append((part.alternative, text))
        else:
            self.order.append((False, len(self.plain)))
            self.plain.append((part.alternative, text))

    def _take_attachment(self, part: Part, octets: bytes) -> None:
        self.attachments.append(attachment(part.file_name, part.content_type, octets))
        if is_tnef(part.content_type, part.file_name):
            text, inside = open_tnef(octets, self.defects)
            self.spare.append(text)
            self.attachments.extend(inside)
        elif part.content_type.startswith("text/"):
            text = self._decoded(part, octets)
            self.spare.append(html_text(text) if part.content_type == "text/html" else text)

    def _decoded(self, part: Part, octets: bytes) -> str:
        decoded = decode(octets, part.type_parameters.get("charset", ""))
        self.defects.note(decoded.repair)
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in text:
            self.defects.note("NUL in the text")
        return clean(text)


def _is_inline(part: Part) -> bool:
    """Text for reading, not a file that happens to be text."""
    if part.content_type not in ("text/plain", "text/html", "text/enriched", "text/x-amp-html"):
        return False
    return part.disposition != "attachment" and not part.file_name
