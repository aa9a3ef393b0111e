"""From the parts of a message to its text, its HTML, its attachments and what it encloses as evidence."""

import re
from dataclasses import dataclass, field

from mailbot.mail.attachments import attachment, is_tnef, open_tnef
from mailbot.mail.charsets import clean, decode
from mailbot.mail.defects import Defects
from mailbot.mail.encoded_words import header_text
from mailbot.mail.flowed import is_flowed, unwrapped
from mailbot.mail.html_text import html_text
from mailbot.mail.message import Attachment, Report
from mailbot.mail.mime import Part
from mailbot.mail.uuencoded import take_files

_REPORT_CHARACTERS = 64 * 1024
_PREAMBLE = 64 * 1024
_STUB = 300  # characters
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


@dataclass(frozen=True)
class _Leaf:
    """One inline text, in the multipart/alternative with that number, if in any."""

    text: str
    is_html: bool
    alternative: int | None


@dataclass
class Body:
    """What the parts add up to, while they are being read."""

    defects: Defects
    leaves: list[_Leaf] = field(default_factory=list)
    spare: list[str] = field(
        default_factory=list
    )  # read only where there is no other: attachments, preambles
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
        shown = [
            leaf
            for leaf in self.leaves
            if leaf.alternative is None or leaf.is_html == self._prefers_html(leaf)
        ]
        pieces = [html_text(leaf.text) if leaf.is_html else leaf.text for leaf in shown]
        whole = "\n\n".join(piece for piece in pieces if piece.strip())
        return whole or "\n\n".join(text for text in self.spare if text.strip())

    def html(self) -> str:
        return "\n".join(leaf.text for leaf in self.leaves if leaf.is_html)

    def _prefers_html(self, leaf: _Leaf) -> bool:
        """Whether the plain alternative is blank, or only says that HTML is needed."""
        group = [other for other in self.leaves if other.alternative == leaf.alternative]
        plain = " ".join(other.text for other in group if not other.is_html).strip()
        rich = any(other.text.strip() for other in group if other.is_html)
        return rich and (not plain or (len(plain) < _STUB and bool(_ASKS_FOR_HTML.search(plain))))

    def _take_report(self, kind: str, octets: bytes) -> None:
        text = clean(decode(octets[:_REPORT_CHARACTERS], "").text)
        self.reports.append(Report(kind, text.replace("\r\n", "\n").replace("\r", "\n")))
        if kind in _HEADER_TYPES:
            self.enclosed.append(octets)

    def _take_text(self, part: Part, octets: bytes) -> None:
        if part.content_type != "text/html":
            octets = self._without_files(octets)
        text = self._decoded(part, octets)
        self.leaves.append(_Leaf(text, part.content_type == "text/html", part.alternative))

    def _without_files(self, octets: bytes) -> bytes:
        taken = take_files(octets)
        for name, content in taken.files:
            self.defects.note("a uuencoded file in the text, taken out as an attachment")
            self.attachments.append(attachment(header_text(name), "application/octet-stream", content))
        if taken.cut:
            self.defects.note("a uuencoded file without its end")
        return taken.text

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
        text = clean(text)
        if part.content_type == "text/plain" and is_flowed(part.type_parameters):
            return unwrapped(text, part.type_parameters)
        return text


def _is_inline(part: Part) -> bool:
    """Text for reading, not a file that happens to be text."""
    if part.content_type not in ("text/plain", "text/html", "text/enriched"):
        return False
    return part.disposition != "attachment" and not part.file_name
