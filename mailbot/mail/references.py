"""Marks of our own in mail: signed Message-IDs, a root for each thread, a loop token and bounce addresses.

Whoever can read a signed id could quote it; whether the sender may speak on that case is asked elsewhere.
"""

import base64
import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from mailbot.mail.case_reference import case_reference, check_character, references_in
from mailbot.mail.message import Message
from mailbot.mail.subjects import is_forward, is_reply, normal_subject

__all__ = [
    "Signer",
    "case_reference",
    "check_character",
    "cited_ids",
    "is_forward",
    "is_reply",
    "normal_subject",
    "references_in",
    "thread_index_root",
]

_LONGEST_ID = 77  # from 78 on, mail programs fold or encode it (INBOUND: python/cpython#100991)
_ID_DOMAIN = 32
_ROOT = "root"
_CITED_FIRST = 1
_CITED_LAST = 20


@dataclass(frozen=True)
class Signer:
    """Makes and knows our own marks; `secret` is at least 16 octets and stays the same for years."""

    secret: bytes = field(repr=False)
    domain: str

    def __post_init__(self) -> None:
        if len(self.secret) < 16:
            raise ValueError("the signing secret needs at least 16 octets")

    def message_id(self, case_ref: str, purpose: str) -> str:
        """The Message-ID of the letter that a case owes for `purpose`: the same each time, under 78 characters."""
        return self._id(case_ref, self._mac("purpose", case_ref, purpose)[:8])

    def thread_root(self, case_ref: str) -> str:
        """An id that stands first in the References of all letters of a case, for servers that replace Message-IDs."""
        return self._id(case_ref, _ROOT)

    def read(self, message_id: str) -> str | None:
        """The case that one of our ids names, None when it is not ours; takes as long either way."""
        words = message_id.strip().strip("<>").lower().partition("@")[0].split(".")
        if len(words) != 4 or words[0] != "mb":
            return None
        _, case_ref, tag, mac = words
        genuine = self._same(mac, self._mac("id", case_ref.upper(), tag))
        return case_ref.upper() if genuine else None

    def loop_token(self) -> str:
        """The value of X-Loop in all that we send."""
        return f"mb.{self._mac('loop', self.domain.lower())}@{self.domain.lower()}"

    def verify_loop(self, value: str) -> bool:
        return self._same(value.strip().lower(), self.loop_token())

    def bounce_address(self, row: int | str, local: str) -> str:
        """The envelope sender of one letter: `local`+row.mac@domain (VERP)."""
        return f"{local}+{row}.{self._mac('verp', str(row).lower())}@{self.domain.lower()}"

    def read_bounce_address(self, address: str) -> str | None:
        """The row that one of our bounce addresses names, None when it is not ours."""
        _, plus, tag = address.strip().strip("<>").lower().rpartition("@")[0].rpartition("+")
        row, dot, mac = tag.rpartition(".")
        if not (plus and dot and row):
            return None
        return row if self._same(mac, self._mac("verp", row)) else None

    def _id(self, case_ref: str, tag: str) -> str:
        mac = self._mac("id", case_ref.upper(), tag)
        made = f"<mb.{case_ref.upper()}.{tag}.{mac}@{_short(self.domain)}>"
        if len(made) > _LONGEST_ID or not case_ref.replace("-", "").isalnum():
            raise ValueError(f"case reference {case_ref!r} does not fit a Message-ID")
        return made

    def _mac(self, *parts: str) -> str:
        """80 bits as 16 characters that survive a change of case."""
        text = "\x00".join(parts).encode("utf-8", "replace")
        return base64.b32encode(hmac.digest(self.secret, text, sha256)[:10]).decode().lower()

    @staticmethod
    def _same(given: str, expected: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _short(domain: str) -> str:
    """The domain, without leading labels as far as needed for a Message-ID that nobody has to fold."""
    domain = domain.lower()
    while len(domain) > _ID_DOMAIN and "." in domain:
        domain = domain.partition(".")[2]
    return domain[:_ID_DOMAIN]


def cited_ids(message: Message) -> tuple[str, ...]:
    """The ids that a message answers: In-Reply-To first, then References from newest to oldest, without repeats.

    Of the References only the first and the last 20 are read; our own root stands first.
    """
    references = message.references
    if len(references) > _CITED_FIRST + _CITED_LAST:
        references = references[:_CITED_FIRST] + references[-_CITED_LAST:]
    return tuple(dict.fromkeys(message.in_reply_to + references[::-1]))


def thread_index_root(message: Message) -> str | None:
    """The first 22 octets of Outlook's Thread-Index (MS-OXOMSG 2.2.1.3) in hex: corroborates, never decides."""
    value = message.first("thread-index").replace(" ", "")
    try:
        octets = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    return octets[:22].hex() if len(octets) >= 22 else None
