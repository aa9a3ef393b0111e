"""What every way out can do, and the answers it may give."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of one letter."""

    SENT = "sent"
    DEFERRED = "deferred"  # surely not accepted; may be tried again
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # the server may have it: never resend blindly


@dataclass(frozen=True)
class Receipt:
    outcome: Outcome
    answer: str  # what the server said, one line


class Transport(Protocol):
    """Sends one letter to one recipient.

    Raises TransportUnavailable when the account or server is at fault: the letter was surely not accepted, even when
    `handing_over` has been called, and no other letter would fare better now.
    """

    def send(self, sender: str, recipient: str, raw: bytes, handing_over: Callable[[], None]) -> Receipt:
        """Send `raw`; calls `handing_over` just before the point of no return (the final dot)."""
        ...

    def check(self) -> None:
        """Make sure that letters could leave now, without sending one."""
        ...

    def close(self) -> None: ...
