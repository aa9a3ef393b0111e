"""What people tell or decide about a case beside its letters: one small record for each, in the past tense."""

from dataclasses import dataclass
from datetime import datetime

from mailbot.casework.case import Party
from mailbot.casework.labels import Label


@dataclass(frozen=True)
class PointsNamed:
    """A person wrote down what is complained of, point by point."""

    at: datetime
    points: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What was found on one point of complaint."""

    issue: str  # its number; "" for every point that is ours
    outcome: str


@dataclass(frozen=True)
class OutcomesFound:
    """A person says what was found, after the answer has gone."""

    at: datetime
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Waiting:
    """We wait for something that we have asked for; clocks that name `state` stand still."""

    instance: str
    at: datetime
    state: str  # "awaiting_authority", "awaiting_information", "awaiting_third_party"


@dataclass(frozen=True)
class WaitingOver:
    instance: str
    at: datetime
    state: str


@dataclass(frozen=True)
class AuthorityGiven:
    """The complainant has said in writing whether somebody may act for them."""

    party: str
    at: datetime
    given: bool = True


@dataclass(frozen=True)
class PartyJoined:
    """One more complainant in the same matter; each is written to alone."""

    party: Party
    at: datetime


@dataclass(frozen=True)
class PartyLeft:
    """One of several complainants withdrew; the case goes on."""

    party: str
    at: datetime


@dataclass(frozen=True)
class DateLearned:
    """A person has said when something was that a window is counted from."""

    name: str  # "event", "case_closed"
    on: datetime
    at: datetime


@dataclass(frozen=True)
class ReceivedEarlier:
    """It had reached us, or whoever delivers our service, before it reached this mailbox."""

    instance: str
    received: datetime
    at: datetime


@dataclass(frozen=True)
class Redirected:
    """A person has approved that somebody else answers this, or the points named."""

    redirect: str  # its id in the rules
    instance: str
    at: datetime
    issues: tuple[str, ...] = ()


@dataclass(frozen=True)
class CombinedResponseIssued:
    """The body that leads has answered for both."""

    at: datetime  # when we learned of it
    issued: datetime | None = None


@dataclass(frozen=True)
class StepTaken:
    """A matter with a partner has come to another step, such as a settlement or a final report."""

    desk: str
    step: str
    at: datetime
    outcome: str = ""


@dataclass(frozen=True)
class SumRecorded:
    """A person has recorded money that follows from an outcome."""

    name: str
    pounds: int
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True)
class Reopened:
    """A person takes up a stage again: new evidence, or the examiner has sent it back."""

    stage: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class MergedInto:
    """The matter goes on under another reference."""

    survivor: str
    at: datetime


@dataclass(frozen=True)
class Absorbed:
    """Another case about the same matter goes on here."""

    ref: str
    at: datetime
    received: datetime  # of the other case
    parties: tuple[Party, ...] = ()
    due: datetime | None = None  # when its answer was owed


@dataclass(frozen=True)
class SplitOff:
    """One matter of this case goes on under a reference of its own."""

    child: str
    at: datetime
    point: str


@dataclass(frozen=True)
class SplitFrom:
    """This case was one matter of another; it came when that one came."""

    parent: str
    at: datetime
    received: datetime
    sender: Party
    message: str
    point: str
    acknowledged: datetime | None = None


@dataclass(frozen=True)
class Recounted:
    """The calendar has changed; open dates were counted again, met ones were not."""

    calendar: str
    at: datetime


@dataclass(frozen=True)
class CalendarChosen:
    """A person says whose bank holidays this case goes by; its open dates are counted again next."""

    calendar: str
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Undone:
    """A person takes an event back: its rows are as they were before it. The event itself stays on record."""

    event: int
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class SortedAnew:
    """A person says, unasked, what a message on the case is."""

    message: str
    received: datetime
    sender: str  # the party who wrote it
    label: Label
    at: datetime
    by: str = ""
