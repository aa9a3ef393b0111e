"""What a case is made of: one person's matter, with a row for each stage, deadline, window, party and task.

Never one status for all of them: a case lives as long as the matter, a stage instance is one pass through one stage,
a deadline is one promise, a window is the time to go further.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CaseState(StrEnum):
    OPEN = "open"
    REDIRECTED = "redirected"
    RESOLVED_INFORMALLY = "resolved_informally"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    WITH_EXTERNAL_BODY = "with_external_body"
    CLOSED = "closed"


class StageState(StrEnum):
    TRIAGE = "triage"  # a person must say what this is; the clocks run meanwhile
    INVESTIGATING = "investigating"
    HOLDING = "holding"  # a holding letter named a later date
    AWAITING_JOBCENTRE = "awaiting_jobcentre"  # another body leads and answers for both
    WINDOW_OPEN = "window_open"  # answered; the complainant may go further
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    ENDED = "ended"  # answered or closed with nothing further to wait for


class Role(StrEnum):
    COMPLAINANT = "complainant"
    REPRESENTATIVE = "representative"
    EMPLOYER = "employer"
    ELECTED_MEMBER = "elected_member"
    EXAMINER = "examiner"
    JOBCENTRE = "jobcentre"


class DeadlineState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"  # it stands still until the complainant or somebody else has done their part
    MET = "met"
    STOPPED = "stopped"  # nothing is owed any more


@dataclass(frozen=True)
class Party:
    id: str  # the address, lower case: who may write on this case
    role: Role
    name: str = ""
    authority: str = ""  # a representative's: "asked", "confirmed" or "refused"
    nominated: bool = False  # of several complainants, the one to write to
    left: datetime | None = None  # withdrew, while others go on


@dataclass(frozen=True)
class StageInstance:
    """One pass through one stage of the ladder, or one piece of work at a desk (ICE, contribution)."""

    id: str  # "1", "2", "ice", "ice.2": the stage or desk, numbered from its second pass
    stage: str  # stage or desk id in the procedure; "unsorted" until a person has said what it is
    state: StageState
    received: datetime
    message: str  # id of the message that opened it
    sender: str
    request: str = ""  # at a desk: what was asked for
    responded: datetime | None = None
    answerable: bool = True  # its sender may be written to automatically
    reason: str = ""  # why there is one more pass, or who answered in our place
    stated: date | None = None  # at a desk: the day by which the partner asks for an answer
    holdings: int = 0  # holding letters sent


@dataclass(frozen=True)
class Deadline:
    """One promise with its date, the rule it came from and the count that led to it."""

    id: str  # "1/respond"
    instance: str
    name: str  # "acknowledge", "respond"
    kind: str  # casework.procedure.Kind
    state: DeadlineState
    started: datetime
    due: datetime
    original_due: datetime
    source: str
    count: str
    target: datetime | None = None
    met_at: datetime | None = None
    met_by: str = ""  # "automated" or "person"
    late: bool = False  # a fact that a timer recorded; it is never taken back
    remind_before: tuple[int, ...] = ()
    gross_due: datetime | None = None  # where it would fall had it never stood still
    calendar: str = ""  # name and version of the calendar that it was counted by


@dataclass(frozen=True)
class Pause:
    """A time in which clocks that name `state` stand still; `ended` is None while they still do."""

    id: str  # "1/awaiting_authority"
    instance: str
    state: str
    started: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Issue:
    """One point of complaint, with an outcome of its own."""

    id: str  # "1", "2": as people number them
    point: str
    opened: datetime
    outcome: str = ""  # one of the procedure's
    decided: datetime | None = None
    answered_by: str = ""  # the redirect by which another body answers it; "" while it is ours


@dataclass(frozen=True)
class Proceeding:
    """How far a matter between us and a partner has come; its single letters are stage instances."""

    id: str  # the desk
    step: str
    since: datetime
    outcome: str = ""


@dataclass(frozen=True)
class Sum:
    """Money that follows from an outcome, as a person has recorded it."""

    id: str  # the procedure's name for it
    pounds: int
    recorded: datetime
    recorded_by: str
    reason: str = ""


@dataclass(frozen=True)
class KnownDate:
    """A date that only people know and that some windows are counted from: "event", "case_closed"."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Window:
    """The time in which the complainant may go further."""

    id: str  # "1/escalate"
    instance: str
    to: str
    opens: datetime
    ends: datetime | None  # None: the text gives no end
    kind: str
    source: str
    count: str
    over: bool = False
    stopped_by: str = ""  # what ended it before its time


@dataclass(frozen=True)
class Task:
    """Something that a person must decide or do; no time-out ever decides it."""

    id: str  # "7/what_is_this": the event that raised it, and its kind
    kind: str
    opened: datetime
    reason: str
    instance: str = ""
    message: str = ""
    proposal: str = ""  # what mailbot would do
    sender: str = ""  # the party whose message raised it
    urgent: bool = False
    done_at: datetime | None = None
    done_by: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Case:
    ref: str
    procedure: str
    version: str
    mailbox: str
    received: datetime  # of the first message, or an earlier one that was merged into it
    state: CaseState = CaseState.OPEN
    refers_to: str = ""  # a case that its opening message named without belonging to it
    merged_into: str = ""
    split_from: str = ""
    calendar: str = ""  # chosen for this case; "" for the procedure's own
    flags: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    stages: tuple[StageInstance, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    windows: tuple[Window, ...] = ()
    pauses: tuple[Pause, ...] = ()
    issues: tuple[Issue, ...] = ()
    proceedings: tuple[Proceeding, ...] = ()
    sums: tuple[Sum, ...] = ()
    dates: tuple[KnownDate, ...] = ()
    tasks: tuple[Task, ...] = ()
    events: int = 0  # how many have been recorded

    def stage(self, id: str) -> StageInstance:
        return next(stage for stage in self.stages if stage.id == id)

    def deadline(self, id: str) -> Deadline | None:
        return next((deadline for deadline in self.deadlines if deadline.id == id), None)

    def task(self, id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == id), None)

    def party(self, address: str) -> Party | None:
        return next((party for party in self.parties if party.id == address.lower()), None)

    @property
    def complainant(self) -> Party | None:
        """The person to write to: the one whom joint complainants named, else whoever wrote first."""
        named = (party for party in self.parties if party.nominated and party.left is None)
        return next(named, self.parties[0] if self.parties else None)

    @property
    def running(self) -> tuple[Deadline, ...]:
        return tuple(deadline for deadline in self.deadlines if deadline.state is DeadlineState.RUNNING)

    def deadlines_of(self, instance: str) -> tuple[Deadline, ...]:
        return tuple(deadline for deadline in self.deadlines if deadline.instance == instance)

    def window_of(self, instance: str) -> Window | None:
        """The way further up from this stage instance."""
        return self.window(f"{instance}/escalate")

    def window(self, id: str) -> Window | None:
        return next((window for window in self.windows if window.id == id), None)

    def pauses_of(self, instance: str) -> tuple[Pause, ...]:
        return tuple(pause for pause in self.pauses if pause.instance == instance)

    def issue(self, id: str) -> Issue | None:
        return next((issue for issue in self.issues if issue.id == id), None)

    def proceeding(self, desk: str) -> Proceeding | None:
        return next((matter for matter in self.proceedings if matter.id == desk), None)

    def known(self, name: str) -> datetime | None:
        """When `name` was, as far as people have said."""
        return next((date.at for date in self.dates if date.id == name), None)

    def next_id(self, stage: str) -> str:
        """The id of one more pass through `stage`."""
        passes = sum(instance.stage == stage for instance in self.stages)
        return stage if not passes else f"{stage}.{passes + 1}"
