"""Taking back what was recorded by mistake, as an event of its own; a letter that has left stays a fact."""

from datetime import datetime

from mailbot.casework.case import Case
from mailbot.casework.record import Event
from mailbot.casework.told import Undone
from mailbot.casework.undoing import CannotUndo, undo
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.store import cases, outbox


def take_back(work: Work, case: Case, number: int | None, at: datetime, by: str, cause: str) -> Case:
    """The case without what event `number` (or the last one) did, its unsent letters withdrawn.

    Raises CannotUndo with the reason, before anything is changed.
    """
    events = cases.events_of(work.connection, case.ref)
    number = number or events[-1].number
    changes = undo(cases.unbegun(work.connection, case.ref), events, number)
    _withdraw_letters(work, case, events[number - 1])
    return casebook.keep(work, case, Undone(number, at, by), changes, cause)


def _withdraw_letters(work: Work, case: Case, event: Event) -> None:
    owed = [
        row
        for letter in event.changes.letters
        if (row := outbox.by_purpose(work.connection, case.ref, letter.purpose)) is not None
    ]
    for row in owed:
        if row["state"] not in (outbox.QUEUED, outbox.WITHHELD):
            raise CannotUndo(
                f"the letter {row['letter']} of event {event.number} has left: write to the person"
            )
    for row in owed:
        outbox.withdraw(work.connection, row["id"])
