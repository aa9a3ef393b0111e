"""Before a promise breaks, and when it has: the people who can keep it are told, once for each occasion.

After time away only the latest occasion of each deadline is told; the older ones are void.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from mailbot.casework.case import Case, Deadline, DeadlineState, Window
from mailbot.casework.reminders import next_overdue
from mailbot.flows import casebook, letter_facts, writing
from mailbot.flows.apart import apart
from mailbot.flows.parts import Parts, Work
from mailbot.store import outbox, reminders
from mailbot.store.database import Row

_LETTERS = {"2_days": "remind_t2", "1_day": "remind_t1", "due_day": "due_today", "overdue": "overdue"}
_DESK_LETTERS = {"ice": "ice_due", "contribution": "contribution_due"}
_OWN_LETTERS = {"acknowledge": "ack_overdue", "personal_contact": "contact_due"}
_QUESTIONS = {"acknowledge": "acknowledge_by_hand", "personal_contact": "personal_contact"}
_ALSO_SUPERVISORS = ("due_day", "overdue", "breach")


def remind(parts: Parts, now: datetime) -> int:
    """Queue the reminders whose time has come; how many deadlines they speak of."""
    told = 0
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        rows = reminders.due(connection, now)
        for (ref, deadline_id), group in groupby(rows, key=lambda row: (row["case_ref"], row["deadline"])):
            with apart(work, "remind", ref):
                told += _latest_of(work, casebook.load(work, ref), deadline_id, list(group))
    return told


def _latest_of(work: Work, case: Case, deadline_id: str, rows: Sequence[Row]) -> bool:
    """Tell the latest of the occasions that have come, unless nobody is told of such things today."""
    if _waits(work, case, case.deadline(deadline_id)):
        return False
    *older, latest = rows
    for row in older:
        reminders.settle(work.connection, row, reminders.VOID)
    return _tell(work, case, deadline_id, latest)


def _waits(work: Work, case: Case, deadline: Deadline | None) -> bool:
    """Nobody is reminded on a day off, save of an acknowledgement, whose hours run on every day."""
    today = work.now.astimezone(work.parts.zone).date()
    hurried = deadline is None or deadline.name == "acknowledge"
    return not hurried and not work.parts.rules_of(case).calendar.is_working(today)


def _tell(work: Work, case: Case, deadline_id: str, row: Row) -> bool:
    """Re-check the deadline against the case, and tell the team while it still runs."""
    deadline, window = case.deadline(deadline_id), case.window(deadline_id)
    if window is not None and not window.over:
        return _tell_of_window(work, case, window, row)
    if deadline is None or deadline.state is not DeadlineState.RUNNING:
        reminders.settle(work.connection, row, reminders.VOID)
        return False
    occasion = row["occasion"]
    kind = occasion.partition("/")[0]
    for person in _people(work, case, kind):
        _queue(work, case, deadline, occasion, kind, person)
    reminders.settle(work.connection, row, reminders.QUEUED)
    if kind == "overdue":
        rules = work.parts.rules_of(case)
        following = next_overdue(work.now, rules.calendar, work.parts.zone)
        reminders.plan(work.connection, case.ref, deadline.id, [following])
    return True


def _tell_of_window(work: Work, case: Case, window: Window, row: Row) -> bool:
    """Supervisors hear that eight weeks will soon be over without an answer."""
    box = writing.box_of(work, case)
    instance = case.stage(window.instance)
    facts = letter_facts.about_window(work, case, window, instance)
    for person in work.parts.settings.organisation.supervisors:
        purpose = f"reminder/{window.id}/{row['occasion']}/{person}"
        writing.notice(work, box, case.ref, purpose, person, "window_note", facts, {"instance": instance.id})
    reminders.settle(work.connection, row, reminders.QUEUED)
    return True


def _people(work: Work, case: Case, kind: str) -> tuple[str, ...]:
    team = work.parts.settings.team_of(writing.box_of(work, case))
    supervisors = work.parts.settings.organisation.supervisors if kind in _ALSO_SUPERVISORS else ()
    return tuple(dict.fromkeys(team + supervisors))


def _queue(work: Work, case: Case, deadline: Deadline, occasion: str, kind: str, person: str) -> None:
    instance = case.stage(deadline.instance)
    facts = letter_facts.staff(work, case, deadline, instance) | {
        "commands": writing.commands(_QUESTIONS.get(deadline.name, "reminder")),
        "reason": _why_unacknowledged(work, case, deadline),
    }
    name = _letter(deadline, instance.stage, kind)
    purpose = f"reminder/{deadline.id}/{occasion}/{person}"
    writing.notice(
        work, writing.box_of(work, case), case.ref, purpose, person, name, facts, {"instance": instance.id}
    )


def _letter(deadline: Deadline, stage: str, kind: str) -> str:
    if deadline.name in _OWN_LETTERS:
        return _OWN_LETTERS[deadline.name]
    if kind != "overdue" and stage in _DESK_LETTERS:
        return _DESK_LETTERS[stage]
    return _LETTERS.get(kind, "remind_t2")


def _why_unacknowledged(work: Work, case: Case, deadline: Deadline) -> str:
    """Why nobody has been told: the open task says it, or the letter's state does."""
    for task in casebook.open_tasks(case):
        if task.instance == deadline.instance and task.kind == "acknowledge_by_hand":
            return task.reason
    letter = outbox.by_purpose(work.connection, case.ref, f"acknowledge/{deadline.instance}")
    return f"the letter is {letter['state']}" if letter else "no letter was written"
