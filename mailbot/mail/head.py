"""The facts in a message's header fields: who, to whom, when, and which letters it answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from mailbot.mail.addresses import AddressList, read_addresses, shows_another_address
from mailbot.mail.charsets import clean, decode
from mailbot.mail.dates import sane_date
from mailbot.mail.defects import Defects
from mailbot.mail.encoded_words import header_text
from mailbot.mail.header_block import Field
from mailbot.mail.message import Address

# Some programs read the first of two, others the last; of two From lines neither is believed.
_SINGLE = ("from", "sender", "to", "subject", "date", "message-id", "content-type")
_SUBJECT_CHARACTERS = 1_000
_FIRST, _LAST = 1, 20  # references kept: our thread root stands first
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True)
class Head:
    """The fields of one message; what is wrong with them goes to `defects`."""

    fields: tuple[Field, ...]
    defects: Defects

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        if not all(value.isascii() for _, value in self.fields):
            self.defects.note("8-bit bytes in the header")
        names = [name.lower() for name, _ in self.fields]
        for name in _SINGLE:
            if names.count(name) > 1:
                self.defects.note(f"{name} stands more than once")
        return tuple((name, header_text(value)) for name, value in self.fields)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def subject(self) -> str:
        return "".join(self.all("subject")[:1])[:_SUBJECT_CHARACTERS]

    def addresses(self, name: str) -> AddressList:
        """The addresses of all fields of that name: what another program may take for the sender must be seen."""
        values = [clean(decode(value, "").text) for key, value in self.fields if key.lower() == name]
        listed = read_addresses(_SPACES.sub(" ", ", ".join(values)))
        if listed.capped:
            self.defects.note(f"{name} cut at its cap")
        return listed

    def sender(self, listed: AddressList) -> tuple[Address | None, bool]:
        """The one address in From, and whether From may be read in more than one way."""
        ambiguous = len(self.all("from")) > 1 or listed.doubtful or len(listed.addresses) > 1
        if ambiguous:
            self.defects.note("From is ambiguous")
        elif not listed.addresses:
            self.defects.note("From has no address")
        elif shows_another_address(listed.addresses[0]):
            self.defects.note("the sender's name shows another address")
        shown = {one.address for one in self.addresses("x-original-from").addresses}
        if shown - {one.address for one in listed.addresses}:
            self.defects.note("X-Original-From names another sender")
        return (None if ambiguous else next(iter(listed.addresses), None)), ambiguous

    def date(self, received: datetime | None) -> datetime | None:
        date, wrong = sane_date("".join(self.all("date")[:1]), received)
        self.defects.note(wrong)
        return date

    def message_id(self) -> str:
        """The Message-ID when there is exactly one and it is well formed."""
        values = self.all("message-id")
        found = _MESSAGE_ID.findall(" ".join(values))
        if len(values) == len(found) == 1:
            return str(found[0])
        self.defects.note("Message-ID malformed" if values else "no Message-ID")
        return ""

    def cited(self, name: str) -> tuple[str, ...]:
        """The Message-IDs in the fields of that name, each once, the first and the last twenty of them."""
        found = tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(self.all(name)))))
        return found if len(found) <= _FIRST + _LAST else found[:_FIRST] + found[-_LAST:]
