"""What follows from an event: the rows of a case as they become, and the letters owed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from mailbot.casework.case import (
    Case,
    CaseState,
    Deadline,
    Issue,
    KnownDate,
    Party,
    Pause,
    Proceeding,
    StageInstance,
    Sum,
    Task,
    Window,
)


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
class Removed:
    """A row that is taken back."""

    rows: str  # the field of the case that holds it, such as "tasks"
    id: str


@dataclass(frozen=True)
class Changes:
    """What follows from one event: the rows as they become, and the letters owed. Replaying them rebuilds the case."""

    state: CaseState | None = None
    received: datetime | None = None
    merged_into: str = ""
    split_from: str = ""
    calendar: str = ""
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
    letters: tuple[Letter, ...] = field(default=())
    removed: tuple[Removed, ...] = ()
    unflagged: tuple[str, ...] = ()

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


ROWS = (
    "parties",
    "stages",
    "deadlines",
    "windows",
    "pauses",
    "issues",
    "proceedings",
    "sums",
    "dates",
    "tasks",
)
"""The fields of a case that hold rows, each known by its id."""


def follow(case: Case, changes: Changes) -> Case:
    """The case after an event: each row of `changes` is put in the place of the one with its id, or added."""
    flags = dict.fromkeys((*case.flags, *changes.flags))
    rows: dict[str, Any] = {
        name: _put(getattr(case, name), getattr(changes, name), _gone(changes, name)) for name in ROWS
    }
    return replace(
        case,
        state=changes.state or case.state,
        received=changes.received or case.received,
        merged_into=changes.merged_into or case.merged_into,
        split_from=changes.split_from or case.split_from,
        calendar=changes.calendar or case.calendar,
        flags=tuple(flag for flag in flags if flag not in changes.unflagged),
        events=case.events + 1,
        **rows,
    )


def _gone(changes: Changes, rows: str) -> frozenset[str]:
    return frozenset(row.id for row in changes.removed if row.rows == rows)


def _put(rows: Iterable[_Row], changed: Iterable[_Row], gone: frozenset[str]) -> tuple[_Row, ...]:
    merged = {row.id: row for row in rows} | {row.id: row for row in changed}
    return tuple(row for id, row in merged.items() if id not in gone)
