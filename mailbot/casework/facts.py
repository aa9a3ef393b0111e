"""What can happen on a case: one small record for each kind of event, in the past tense."""

from dataclasses import dataclass
from datetime import date, datetime

from mailbot.casework.case import Party
from mailbot.casework.labels import Label
from mailbot.casework.told import (
    Absorbed,
    AuthorityGiven,
    CalendarChosen,
    CombinedResponseIssued,
    DateLearned,
    MergedInto,
    Outcome,
    OutcomesFound,
    PartyJoined,
    PartyLeft,
    PointsNamed,
    ReceivedEarlier,
    Recounted,
    Redirected,
    Reopened,
    SortedAnew,
    SplitFrom,
    SplitOff,
    StepTaken,
    SumRecorded,
    Undone,
    Waiting,
    WaitingOver,
)


@dataclass(frozen=True)
class Received:
    """A person or a partner wrote. `label` is None when nobody can yet say what the message is."""

    message: str
    at: datetime  # the server's time
    sender: Party
    label: Label | None
    may_acknowledge: bool = True
    because: str = ""  # why the label is open
    flags: tuple[str, ...] = ()
    proposed: Label | None = None
    request: str = ""  # at a desk: which kind of request
    stated: date | None = None  # the day by which a partner asks for an answer
    linked: str = ""  # why this new case may have to do with the one that it refers to
    to_check: bool = (
        False  # a sure answer that a person is asked to check, so that the classifier stays honest
    )
    obstacle: str = ""  # why it may not be acknowledged; in older records that stands in `because`


@dataclass(frozen=True)
class Acknowledged:
    """The acknowledgement of a stage instance left for its reader."""

    instance: str
    at: datetime
    by: str = "automated"  # or "person"


@dataclass(frozen=True)
class AcknowledgementFailed:
    """It came back, or could not be sent: the person has not been told."""

    instance: str
    at: datetime
    why: str
    uncertain: bool = False  # it may have arrived; nobody knows


@dataclass(frozen=True)
class Contacted:
    """Somebody of the team wrote to or spoke with the complainant."""

    instance: str
    at: datetime
    message: str = ""


@dataclass(frozen=True)
class Responded:
    """The formal response of a stage, or our reply to a partner, was sent."""

    instance: str
    at: datetime
    message: str = ""
    outcomes: tuple[Outcome, ...] = ()
    names_next_body: bool = True  # at the last stage: whether it says who may be asked next


@dataclass(frozen=True)
class HoldingLetterSent:
    """The complainant was told one new date."""

    instance: str
    at: datetime
    new_due: datetime
    reason: str
    message: str = ""


@dataclass(frozen=True)
class NothingOwed:
    """A person says that this stage instance needs no answer."""

    instance: str
    at: datetime


@dataclass(frozen=True)
class Decided:
    """A person answered a question that mailbot asked."""

    task: str
    at: datetime
    answer: str  # a label, or "accept", "no_reply_needed", ...
    by: str = ""  # the person's address


@dataclass(frozen=True)
class DuePassed:
    """A timer saw a deadline pass unmet: a fact, nothing follows by itself."""

    deadline: str
    at: datetime


@dataclass(frozen=True)
class WindowEnded:
    window: str
    at: datetime


@dataclass(frozen=True)
class Closed:
    """A person ended the case: closed, withdrawn by the complainant, or settled informally."""

    at: datetime
    how: str  # casework.case.CaseState
    reason: str = ""


Fact = (
    Received
    | Acknowledged
    | AcknowledgementFailed
    | Contacted
    | Responded
    | HoldingLetterSent
    | NothingOwed
    | Decided
    | DuePassed
    | WindowEnded
    | Closed
    | PointsNamed
    | OutcomesFound
    | Waiting
    | WaitingOver
    | AuthorityGiven
    | PartyJoined
    | PartyLeft
    | DateLearned
    | ReceivedEarlier
    | Redirected
    | CombinedResponseIssued
    | StepTaken
    | SumRecorded
    | Reopened
    | SortedAnew
    | MergedInto
    | Absorbed
    | SplitOff
    | SplitFrom
    | Recounted
    | CalendarChosen
    | Undone
)

KINDS: dict[str, type[Fact]] = {
    "received": Received,
    "acknowledged": Acknowledged,
    "acknowledgement_failed": AcknowledgementFailed,
    "contacted": Contacted,
    "responded": Responded,
    "holding_letter_sent": HoldingLetterSent,
    "nothing_owed": NothingOwed,
    "decided": Decided,
    "due_passed": DuePassed,
    "window_ended": WindowEnded,
    "closed": Closed,
    "points_named": PointsNamed,
    "outcomes_found": OutcomesFound,
    "waiting": Waiting,
    "waiting_over": WaitingOver,
    "authority_given": AuthorityGiven,
    "party_joined": PartyJoined,
    "party_left": PartyLeft,
    "date_learned": DateLearned,
    "received_earlier": ReceivedEarlier,
    "redirected": Redirected,
    "combined_response_issued": CombinedResponseIssued,
    "step_taken": StepTaken,
    "sum_recorded": SumRecorded,
    "reopened": Reopened,
    "sorted_anew": SortedAnew,
    "merged_into": MergedInto,
    "absorbed": Absorbed,
    "split_off": SplitOff,
    "split_from": SplitFrom,
    "recounted": Recounted,
    "calendar_chosen": CalendarChosen,
    "undone": Undone,
}


def kind_of(fact: Fact) -> str:
    return next(kind for kind, type_ in KINDS.items() if type_ is type(fact))
