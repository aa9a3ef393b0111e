"""Recording an event: what follows is decided, written down, and every letter and reminder it owes is queued.

All in the caller's transaction, so that a decision and its letter are kept together or not at all.
"""

from dataclasses import replace
from datetime import datetime

from mailbot.casework.case import Case, DeadlineState, Task
from mailbot.casework.changes import Changes
from mailbot.casework.consequences import consequences
from mailbot.casework.facts import Decided, Fact, Received
from mailbot.casework.labels import Label
from mailbot.casework.reminders import occasions, window_occasions
from mailbot.casework.rules import Rules
from mailbot.casework.windows import EIGHT_WEEKS
from mailbot.flows import writing
from mailbot.flows.parts import Work
from mailbot.mail.references import case_reference
from mailbot.settings import MailboxSettings
from mailbot.store import cases, corrections, messages, reminders


def load(work: Work, ref: str) -> Case:
    """The case, as this transaction has left it."""
    if ref not in work.seen:
        work.seen[ref] = cases.load(work.connection, ref)
    return work.seen[ref]


def begin(work: Work, box: MailboxSettings, received: datetime, refers_to: str = "") -> Case:
    """A new case under the rules in force when its first message came; its number is the next one."""
    procedure = work.parts.rules_on(box, received).procedure
    number = cases.next_number(work.connection, procedure.reference_prefix)
    case = Case(
        ref=case_reference(procedure.reference_prefix, number),
        procedure=procedure.id,
        version=procedure.version,
        mailbox=box.name,
        received=received,
        refers_to=refers_to,
    )
    cases.open_case(work.connection, case)
    work.seen[case.ref] = case
    return case


def record(work: Work, case: Case, fact: Fact, cause: str) -> Case:
    """Record `fact` on `case` and queue all that it owes; the case as it is then."""
    changes = consequences(case, fact, work.parts.rules_of(case))
    if isinstance(fact, Received):
        changes = _once_each(case, changes, work)
    if isinstance(fact, Decided):
        _learn(work, case, fact)
    return keep(work, case, fact, changes, cause)


def keep(work: Work, case: Case, fact: Fact, changes: Changes, cause: str) -> Case:
    """Write down an event whose changes are known, and queue all that they owe; the case as it is then."""
    rules = work.parts.rules_of(case)
    after = cases.record(work.connection, case, fact, changes, cause, work.now)
    work.seen[case.ref] = after
    _plan_reminders(work, after, changes, rules)
    for letter in changes.letters:
        writing.queue_letter(work, after, letter)
    for task in changes.tasks:
        if task.done_at is None:
            writing.ask_people(work, after, task)
    return after


def _learn(work: Work, case: Case, fact: Decided) -> None:
    """Keep a person's word on what a message is, beside what the classifier had thought."""
    task = case.task(fact.task)
    answer = task.proposal if task and fact.answer == "accept" else fact.answer
    if task and task.done_at is None and task.message and answer in set(Label):
        was = messages.get(work.connection, int(task.message))["label"]
        corrections.remember(work.connection, int(task.message), answer, was, fact.by, fact.at)


def _once_each(case: Case, changes: Changes, work: Work) -> Changes:
    """Without the letters whose purpose is taken: one acknowledgement a stage, one courtesy a day."""
    fresh = (letter for letter in changes.letters if not writing.is_queued(work, case.ref, letter.purpose))
    return replace(changes, letters=tuple(fresh))


def _plan_reminders(work: Work, case: Case, changes: Changes, rules: Rules) -> None:
    for deadline in changes.deadlines:
        running = deadline.state is DeadlineState.RUNNING
        if running and deadline.late and deadline.due <= work.now:
            continue  # people hear of it each working day already
        planned = occasions(deadline, rules.calendar, work.parts.zone) if running else ()
        reminders.plan(work.connection, case.ref, deadline.id, planned)
    for gone in changes.removed:
        reminders.plan(work.connection, case.ref, gone.id, ())
    for window in changes.windows:
        if window.id.endswith(f"/{EIGHT_WEEKS}"):
            soon = window_occasions(window, rules.calendar, work.parts.zone) if not window.over else ()
            reminders.plan(work.connection, case.ref, window.id, soon)


def open_tasks(case: Case) -> tuple[Task, ...]:
    return tuple(task for task in case.tasks if task.done_at is None)
