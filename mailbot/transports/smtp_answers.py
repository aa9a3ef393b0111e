"""What an SMTP server's answer means for the letter, by the phase in which it came."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from mailbot.errors import TransportUnavailable
from mailbot.transports.protocol import Outcome, Receipt

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_LONGEST = 300  # characters of a server's answer worth keeping


class Phase(Enum):
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    DOT = auto()


@dataclass(frozen=True)
class Answer:
    code: int
    text: str

    @classmethod
    def of(cls, code: int, text: bytes) -> "Answer":
        """From what smtplib returns; its -1 for what is no answer at all stays -1."""
        line = " ".join(text.decode("utf-8", "replace").split())
        return cls(code, line[:_LONGEST])

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), or nothing."""
        found = _STATUS.match(self.text)
        return found[0] if found else ""

    @property
    def ends_the_session(self) -> bool:
        return self.code in (421, -1)

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def judge(phase: Phase, answer: Answer) -> Receipt | None:
    """What becomes of the letter; None: go on. Raises TransportUnavailable where the account is at fault."""
    if answer.code // 100 == _WANTED[phase] // 100:
        return Receipt(Outcome.SENT, str(answer)) if phase is Phase.DOT else None
    if answer.code // 100 == 4:
        return Receipt(Outcome.DEFERRED, str(answer))
    if answer.code // 100 != 5:
        return Receipt(_UNCLEAR[phase], f"no clear answer: {answer}")
    if _account_is_at_fault(phase, answer):
        raise refused_account(answer)
    return Receipt(Outcome.FAILED, str(answer))


def refused_account(answer: Answer) -> TransportUnavailable:
    mend = (
        "check user, password and that this account may send as the mailbox's address; letters wait meanwhile"
    )
    return TransportUnavailable(f"the mail server refuses this account: {answer}", mend)


def _account_is_at_fault(phase: Phase, answer: Answer) -> bool:
    """A refused MAIL speaks of us, unless it is about this letter's size or letters."""
    if answer.code in _ACCOUNT_CODES or answer.status in _ACCOUNT_STATUSES:
        return True
    return phase is Phase.MAIL and answer.code != 552 and answer.status not in _LETTER_STATUSES


_WANTED = {Phase.MAIL: 250, Phase.RCPT: 250, Phase.DATA: 354, Phase.DOT: 250}
# Gibberish before the dot cannot mean that the letter was taken; after it, it can.
_UNCLEAR = dict.fromkeys(Phase, Outcome.DEFERRED) | {Phase.DOT: Outcome.UNKNOWN}
# RFC 4954 section 6: authentication required, too weak, refused, needs encryption.
_ACCOUNT_CODES = frozenset({530, 534, 535, 538})
# Microsoft 365: password sign-in switched off, not signed in, may not send as this address (two ways),
# account blocked for outbound mail, sending tenant blocked; RFC 3463: bad sender address.
_ACCOUNT_STATUSES = frozenset({"5.7.30", "5.7.57", "5.7.60", "5.2.252", "5.1.8", "5.7.708", "5.1.7"})
# RFC 3463: too big (two ways); RFC 6531: addresses or headers beyond ASCII not possible.
_LETTER_STATUSES = frozenset({"5.3.4", "5.2.3", "5.6.7"})
