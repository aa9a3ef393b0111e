"""One email a working day to each supervisor: what is due, late, waiting and new. Sent also when there is nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from mailbot.casework.calendar import WorkingCalendar
from mailbot.flows import wording, writing
from mailbot.flows.health import health
from mailbot.flows.parts import Parts, Work
from mailbot.letters import words
from mailbot.store import holdings, messages, outbox, views

_ACK_SOON = timedelta(hours=4)
_OLD = timedelta(days=42)
_SHOWN = 30  # messages that were set aside, one by one


@dataclass(frozen=True)
class Ground:
    """What the sections are drawn from, asked for once."""

    work: Work
    since: datetime
    today: date
    soon: date  # two working days on
    deadlines: Sequence[Any]
    tasks: Sequence[Any]
    desks: frozenset[str]

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.work.parts.zone).date()

    def when(self, moment: datetime) -> str:
        return words.short_moment(moment, self.work.parts.zone)


def send_digest(parts: Parts, now: datetime) -> bool:
    """Queue today's digest if its hour has come and it was not queued before; True when it was queued."""
    local = now.astimezone(parts.zone)
    calendar = _calendar(parts, now)
    at = datetime.combine(local.date(), parts.settings.organisation.digest_at, parts.zone)
    box = next((box for box in parts.settings.mailbox if box.mode != "observe"), None)
    if box is None or local < at or not calendar.is_working(local.date()):
        return False
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        supervisors = parts.settings.organisation.supervisors
        purposes = {person: f"digest/{local.date()}/{person}" for person in supervisors}
        if all(writing.is_queued(work, "", purpose) for purpose in purposes.values()):
            return False
        facts = digest_facts(work)
        for person, purpose in purposes.items():
            writing.notice(work, box, "", purpose, person, "digest", facts, {})
    return True


def digest_facts(work: Work) -> dict[str, Any]:
    """The facts that the letter `digest` prints; also for `mailbot digest --preview`."""
    ground = _ground(work)
    sections = [{"title": title, "rows": rows(ground), "empty": "None."} for title, rows in _SECTIONS]
    count = {section["title"]: len(section["rows"]) for section in sections}
    return {
        "ref": "",
        "day_long": words.long_date(ground.today),
        "n_due": count["Due today"],
        "n_overdue": count["Overdue"],
        "n_urgent": count["Urgent, not accepted"],
        "sections": sections,
        "month": _month(ground),
        "health": [item.as_fact() for item in health(work)],
        "commands": None,
    }


def _ground(work: Work) -> Ground:
    today = work.now.astimezone(work.parts.zone).date()
    before = views.last_digest_before(work.connection, work.now)
    calendar = _calendar(work.parts, work.now)
    procedures = [work.parts.rules_on(box, work.now).procedure for box in work.parts.settings.mailbox]
    return Ground(
        work=work,
        since=before or work.now - timedelta(days=1),
        today=today,
        soon=calendar.add_working_days(today, 2),
        deadlines=views.running_deadlines(work.connection),
        tasks=views.open_tasks(work.connection),
        desks=frozenset(desk for procedure in procedures for desk in procedure.desks),
    )


def _calendar(parts: Parts, now: datetime) -> WorkingCalendar:
    return parts.rules_on(parts.settings.mailbox[0], now).calendar


def _urgent(ground: Ground) -> list[dict[str, str]]:
    alarms = [task for task in ground.tasks if task.kind == "safeguarding"]
    unread = holdings.alarms(ground.work.connection)
    return [
        *(_row(task.case_ref, "safeguarding", f"since {ground.when(task.opened)}") for task in alarms),
        *(_row(f"message {row['message']}", "held", f"since {ground.when(row['at'])}") for row in unread),
    ]


def _acknowledgements(ground: Ground) -> list[dict[str, str]]:
    limit = ground.work.now + _ACK_SOON
    rows = [row for row in ground.deadlines if row.name == "acknowledge" and row.due <= limit]
    return [_row(row.case_ref, "acknowledgement", ground.when(row.due), _late(row)) for row in rows]


def _overdue(ground: Ground) -> list[dict[str, str]]:
    rows = [row for row in _responses(ground) if row.due < ground.work.now]
    return [_row(row.case_ref, _what(row), ground.when(row.due), _moved(row)) for row in rows]


def _due_today(ground: Ground) -> list[dict[str, str]]:
    rows = [
        row
        for row in _responses(ground)
        if row.due >= ground.work.now and ground.day_of(row.due) <= ground.today
    ]
    return [_row(row.case_ref, _what(row), ground.when(row.due), _moved(row)) for row in rows]


def _due_soon(ground: Ground) -> list[dict[str, str]]:
    rows = [row for row in _responses(ground) if ground.today < ground.day_of(row.due) <= ground.soon]
    return [_row(row.case_ref, _what(row), ground.when(row.due), _moved(row)) for row in rows]


def _partners(ground: Ground) -> list[dict[str, str]]:
    rows = [row for row in ground.deadlines if row.stage in ground.desks and row.name != "acknowledge"]
    return [_row(row.case_ref, wording.stage(row.stage), ground.when(row.due), _late(row)) for row in rows]


def _decisions(ground: Ground) -> list[dict[str, str]]:
    """Questions for people, letters nobody can be sure of, and messages that could not be read."""
    asked = [task for task in ground.tasks if task.kind != "safeguarding"]
    rows = [
        _row(task.case_ref, wording.question(task.kind), f"since {ground.when(task.opened)}", task.reason)
        for task in asked
    ]
    held = messages.in_state(ground.work.connection, messages.HELD)
    return rows + [
        _row(f"message {row['id']}", "held", ground.when(row["received"]), row["reason"]) for row in held
    ]


def _new(ground: Ground) -> list[dict[str, str]]:
    rows = views.opened_since(ground.work.connection, ground.since)
    listed = [
        _row(row.case_ref, f"{row.procedure}, {wording.stage(row.stage)}", ground.when(row.received))
        for row in rows
    ]
    return listed + _set_aside(ground)


def _set_aside(ground: Ground) -> list[dict[str, str]]:
    """What people wrote that was taken for nothing for us, one by one; the rest is only counted."""
    aside = messages.in_state(ground.work.connection, messages.SET_ASIDE, ground.since)
    staff = ground.work.parts.settings.staff
    by_people = [row for row in aside if row["label"] and row["sender"] not in staff]
    shown = [
        _row(f"message {row['id']}", "set aside", ground.when(row["received"]), row["reason"])
        for row in by_people[:_SHOWN]
    ]
    number = len(aside) - len(shown)
    note = (
        f"{number} message{'s' if number > 1 else ''} set aside as not for us (machines, newsletters, copies)"
    )
    how = (
        f"Is one of them a complaint? Reply to this digest: sort {by_people[0]['id']} complaint"
        if shown
        else ""
    )
    return [*shown, *(_row("", line, "") for line in (how, note if number else "") if line)]


def _holding(ground: Ground) -> list[dict[str, str]]:
    rows = [row for row in ground.deadlines if row.due != row.original_due]
    return [
        _row(row.case_ref, "new date", ground.when(row.due), f"first {ground.when(row.original_due)}")
        for row in rows
    ]


def _aged(ground: Ground) -> list[dict[str, str]]:
    limit = ground.work.now - _OLD
    rows = [row for row in _responses(ground) if row.started < limit]
    return [_row(row.case_ref, _what(row), f"received {ground.when(row.started)}") for row in rows]


def _responses(ground: Ground) -> list[Any]:
    return [row for row in ground.deadlines if row.name == "respond" and row.stage not in ground.desks]


def _row(ref: str, what: str, when: str, note: str = "") -> dict[str, str]:
    return {"ref": ref, "what": what, "when": when, "note": note}


def _what(row: Any) -> str:
    name = {"respond": "response"}.get(row.name, row.name.replace("_", " "))
    return f"{name}, {wording.stage(row.stage)}"


def _late(row: Any) -> str:
    return "late" if row.late else ""


def _moved(row: Any) -> str:
    return "date moved by a holding letter" if row.due != row.original_due else ""


_MONTHLY = (
    ("acknowledge", "Acknowledged in time"),
    ("respond", "Answered by the first date"),
    ("personal_contact", "In touch in person by the next working day, our own aim"),
)


def _month(ground: Ground) -> list[dict[str, str]]:
    """Promises whose date fell in this month so far: kept, of all."""
    zone = ground.work.parts.zone
    start = datetime.combine(ground.today.replace(day=1), time(), zone)
    values = []
    for name, label in _MONTHLY:
        kept, revised, number = views.kept_promises(ground.work.connection, name, start, ground.work.now)
        values.append({"name": label, "value": _share(kept, number)})
        if name == "respond":
            values.append({"name": "Answered by the revised date", "value": _share(revised, number)})
    failed = outbox.counts(ground.work.connection).get(outbox.UNKNOWN, 0)
    return [*values, {"name": "Letters of which nobody knows whether they arrived", "value": str(failed)}]


def _share(kept: int, number: int) -> str:
    return f"{kept} of {number} ({kept * 100 // number}%)" if number else "none yet"


_SECTIONS: tuple[tuple[str, Callable[[Ground], list[dict[str, str]]]], ...] = (
    ("Urgent, not accepted", _urgent),
    ("Acknowledgements late, or due within 4 hours", _acknowledgements),
    ("Overdue", _overdue),
    ("Due today", _due_today),
    ("Due in the next 2 working days", _due_soon),
    ("ICE and contribution deadlines", _partners),
    ("Waiting for a person's decision", _decisions),
    ("New since the last digest", _new),
    ("Holding letters out, with new dates", _holding),
    ("Open for more than six weeks", _aged),
)
