"""A letter as SMTP carries it: its envelope, what it asks of the server, and its bytes on the wire."""

import re
from dataclasses import dataclass

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT_FIRST = re.compile(rb"^\.", re.MULTILINE)
_NO_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")


@dataclass(frozen=True)
class Letter:
    sender: str
    recipient: str
    raw: bytes

    @property
    def needs_utf8(self) -> bool:
        """Addresses or header lines beyond ASCII travel only with SMTPUTF8 (RFC 6531)."""
        head = _HEAD_END.split(self.raw, maxsplit=1)[0]
        return not (head.isascii() and self.sender.isascii() and self.recipient.isascii())

    @property
    def needs_8bit(self) -> bool:
        return not self.raw.isascii()

    def obstacle(self, offered: dict[str, str]) -> str:
        """Why a server that offers these extensions can never take this letter; "" when it can."""
        size = offered.get("size", "")
        if not self.recipient or _NO_ADDRESS.search(self.sender + self.recipient):
            return f"not an address: {self.recipient!r}"
        if self.needs_utf8 and "smtputf8" not in offered:
            return "the address or a header has letters beyond ASCII, and the mail server does not offer SMTPUTF8"
        if self.needs_8bit and "8bitmime" not in offered:
            return "the letter has bytes beyond ASCII, and the mail server does not offer 8BITMIME"
        if size.isdigit() and 0 < int(size) < len(self.raw):
            return f"the letter has {len(self.raw)} bytes, and the mail server takes {size}"
        return ""

    def mail_command(self, offered: dict[str, str]) -> str:
        options = (
            (f" SIZE={len(self.raw)}", "size" in offered),
            (" BODY=8BITMIME", self.needs_8bit),
            (" SMTPUTF8", self.needs_utf8),
        )
        return f"MAIL FROM:<{self.sender}>" + "".join(option for option, wanted in options if wanted)

    def on_the_wire(self) -> bytes:
        """CRLF line ends and doubled leading dots (RFC 5321 section 4.5.2), without the final dot."""
        lines = _LINE_END.sub(b"\r\n", self.raw)
        return _DOT_FIRST.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")
