"""What the classifier is told of a message, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailbot.casework.labels import Label


@dataclass(frozen=True)
class CaseFacts:
    """The state of the case that the message threads to, as far as it bears on what the message is."""

    answered: bool  # a formal response has been sent at the current stage
    overdue: bool  # the response date has passed without one
    window_open: bool  # the time to escalate is running
    sender_is_party: bool
    open_desk: str | None = None  # "ice" or "contribution" when such an item is open
    closed: bool = False


@dataclass(frozen=True)
class Evidence:
    """One message as the classifier sees it; everything but the texts may be missing."""

    procedure: str
    subject: str
    live_text: str  # what the person wrote now
    whole_text: str  # with quoted history
    from_address: str = ""
    from_name: str = ""
    to_address: str = ""
    is_reply: bool = False  # answers an earlier message
    attachments: tuple[str, ...] = ()
    sender_role: str | None = None  # "examiner", "jobcentre", ... as rules know the address
    sender_verified: bool | None = None  # our border's authentication verdict; None when it gave none
    case: CaseFacts | None = None


@dataclass(frozen=True)
class Verdict:
    label: Label
    confidence: float  # calibrated probability of `label`, 0 to 1
    probabilities: Mapping[Label, float]
    abstained: bool  # too unsure to act on: a person decides
    flags: tuple[str, ...] = ()  # "welsh", "mp", "employer", ...
    reasons: tuple[str, ...] = field(default=())  # for a person to read; the first weighed most
