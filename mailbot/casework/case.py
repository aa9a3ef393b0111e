"""What a case is made of: one person's matter, with a row for each stage, deadline, window, party and task.

Never one status for all of them: a case lives as long as the matter, a stage instance is one pass through one stage,
a deadline is one promise, a window is the time to go further.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar


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
    MET = "met"
    STOPPED = "stopped"  # nothing is owed any more


@dataclass(frozen=True)
class Party:
    id: str  # the address, lower case: who may write on this case
    role: Role
    name: str = ""


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
    received: datetime  # of the first message
    state: CaseState = CaseState.OPEN
    refers_to: str = ""  # a case that its opening message named without belonging to it
    merged_into: str = ""
    flags: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    stages: tuple[StageInstance, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    windows: tuple[Window, ...] = ()
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
        return self.parties[0] if self.parties else None

    @property
    def running(self) -> tuple[Deadline, ...]:
        return tuple(deadline for deadline in self.deadlines if deadline.state is DeadlineState.RUNNING)

    def deadlines_of(self, instance: str) -> tuple[Deadline, ...]:
        return tuple(deadline for deadline in self.deadlines if deadline.instance == instance)

    def window_of(self, instance: str) -> Window | None:
        """The way further up from this stage instance."""
        return next((window for window in self.windows if window.instance == instance), None)

    def next_id(self, stage: str) -> str:
        """The id of one more pass through `stage`."""
        passes = sum(instance.stage == stage for instance in self.stages)
        return stage if not passes else f"{stage}.{passes + 1}"


@dataclass(frozen=True)
class Letter:
    """A letter that is owed; `purpose` is unique on the case, so that it is never sent twice."""

    name: str  # template
    purpose: str  # "acknowledge/1", "acknowledge/2"
    instance: str
    to: str  # a party's address
    message: str  # id of the message that it answers
    acknowledges: bool = False  # sending it meets the acknowledgement deadline of the instance


@dataclass(frozen=True)
class Changes:
    """What follows from one event: the rows as they become, and the letters owed. Replaying them rebuilds the case."""

    state: CaseState | None = None
    merged_into: str = ""
    flags: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    stages: tuple[StageInstance, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    windows: tuple[Window, ...] = ()
    tasks: tuple[Task, ...] = ()
    letters: tuple[Letter, ...] = field(default=())

    def __add__(self, other: "Changes") -> "Changes":
        joined: dict[str, Any] = {}
        for item in fields(Changes):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            joined[item.name] = mine + theirs if isinstance(mine, tuple) else theirs or mine
        return Changes(**joined)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Row = TypeVar("_Row", bound=_HasId)


def follow(case: Case, changes: Changes) -> Case:
    """The case after an event: each row of `changes` is put in the place of the one with its id, or added."""
    return replace(
        case,
        state=changes.state or case.state,
        merged_into=changes.merged_into or case.merged_into,
        flags=tuple(dict.fromkeys(case.flags + changes.flags)),
        parties=_put(case.parties, changes.parties),
        stages=_put(case.stages, changes.stages),
        deadlines=_put(case.deadlines, changes.deadlines),
        windows=_put(case.windows, changes.windows),
        tasks=_put(case.tasks, changes.tasks),
        events=case.events + 1,
    )


def _put(rows: Iterable[_Row], changed: Iterable[_Row]) -> tuple[_Row, ...]:
    return tuple(({row.id: row for row in rows} | {row.id: row for row in changed}).values())
