"""Taking an event back: the rows that it changed become what they were before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import Case
from mailbot.casework.changes import ROWS, Changes, Removed, follow
from mailbot.casework.facts import Received
from mailbot.casework.record import Event
from mailbot.casework.told import Absorbed, CalendarChosen, MergedInto, SplitFrom, SplitOff, Undone

_FINAL = (Absorbed, CalendarChosen, MergedInto, SplitFrom, SplitOff, Undone)
"""What touched two cases, moved every date, or took something back itself."""


class CannotUndo(ValueError):  # noqa: N818 - an answer to a person
    """Why an event stays; the words are for the person who asked."""


def undo(first: Case, events: Sequence[Event], number: int) -> Changes:
    """The changes that take event `number` back; `first` is the case before its first event.

    Raises CannotUndo when there is no such event, when later events have built on its rows, and when two cases
    would have to be undone together.
    """
    event = next((event for event in events if event.number == number), None)
    if event is None or number == 1:
        raise CannotUndo(f"there is no event {number} that could be taken back")
    if isinstance(event.fact, _FINAL):
        raise CannotUndo(f"event {number} ({event.kind.replace('_', ' ')}) cannot be taken back")
    before = _after(replace(first, received=_came(events[0], first)), events, number - 1)
    _refuse_built_on(event, events)
    restored: dict[str, tuple[object, ...]] = {}
    removed: list[Removed] = []
    for name in ROWS:
        were = {row.id: row for row in getattr(before, name)}
        changed = [row.id for row in getattr(event.changes, name)]
        restored[name] = tuple(were[id] for id in changed if id in were)
        removed += [Removed(name, id) for id in changed if id not in were]
    return Changes(
        state=before.state if event.changes.state else None,
        received=before.received if event.changes.received else None,
        removed=tuple(removed),
        unflagged=tuple(flag for flag in event.changes.flags if flag not in before.flags),
        **restored,  # type: ignore[arg-type]  # rows of the field that they were taken from
    )


def _came(event: Event, case: Case) -> datetime:
    """When the first message came, whatever was learned later."""
    if isinstance(event.fact, SplitFrom):
        return event.fact.received
    return event.fact.at if isinstance(event.fact, Received) else case.received


def _after(case: Case, events: Sequence[Event], number: int) -> Case:
    for event in events[:number]:
        case = follow(case, event.changes)
    return case


def _refuse_built_on(event: Event, events: Sequence[Event]) -> None:
    """What came later may rest on this event: it is taken back first, by whoever knows why."""
    mine = _rows(event.changes)
    for later in events[event.number :]:
        if _rows(later.changes) & mine and not _taken_back(later, events):
            kind = later.kind.replace("_", " ")
            raise CannotUndo(f"event {later.number} ({kind}) rests on event {event.number}: undo that first")
    if _taken_back(event, events):
        raise CannotUndo(f"event {event.number} has been taken back already")


def _rows(changes: Changes) -> set[tuple[str, str]]:
    named = {(name, row.id) for name in ROWS for row in getattr(changes, name)}
    return named | {(gone.rows, gone.id) for gone in changes.removed}


def _taken_back(event: Event, events: Sequence[Event]) -> bool:
    if isinstance(event.fact, Undone):
        return True  # what it did is the absence of what it took back
    return any(isinstance(later.fact, Undone) and later.fact.event == event.number for later in events)
