"""From a letter that is owed to fixed bytes in the outbox, in the transaction of the decision that owes it."""

from collections.abc import Mapping
from typing import Any

from mailbot.casework.case import Case, Task
from mailbot.casework.changes import Letter
from mailbot.flows import letter_facts, wording
from mailbot.flows.commands import ANYWHERE, known_for
from mailbot.flows.parts import Work
from mailbot.letters import words
from mailbot.letters.library import Rendered
from mailbot.mail.compose import Draft, compose
from mailbot.mail.message import Address, Message
from mailbot.mail.parse import parse
from mailbot.settings import MailboxSettings
from mailbot.store import messages, outbox

_FOR_SUPERVISORS = ("holding_to_check", "money")
"""Questions that a supervisor answers."""


_LETTERS = {"safeguarding": "urgent_vulnerability", "check_label": "check_label"}
"""The notice of a question that is not put as a decision to be made."""


def is_queued(work: Work, ref: str, purpose: str) -> bool:
    return outbox.by_purpose(work.connection, ref, purpose) is not None


def queue_letter(work: Work, case: Case, letter: Letter) -> None:
    """Queue a letter to a party; a second call with the same purpose changes nothing."""
    box = work.parts.boxes[case.mailbox]
    if box.mode == "observe":
        return
    rendered = work.parts.letters.render(letter.name, letter_facts.external(work, case, letter))
    _queue(
        work,
        box,
        case.ref,
        letter.purpose,
        letter.to,
        rendered,
        {
            "letter": letter.name,
            "audience": "external",
            "instance": letter.instance,
            "acknowledges": letter.acknowledges,
        },
        answers=_message(work, letter.message),
    )


def ask_people(work: Work, case: Case, task: Task) -> None:
    """Put a question to the people whose it is; they answer by replying."""
    box = work.parts.boxes[case.mailbox]
    safeguarding = work.parts.settings.organisation.safeguarding
    people = work.parts.settings.team_of(box)
    if task.kind == "safeguarding":
        people = safeguarding.first or people
    if task.kind in _FOR_SUPERVISORS:
        people = work.parts.settings.organisation.supervisors or people
    tell(work, case, task, people, f"ask/{task.id}")


def tell(work: Work, case: Case, task: Task, people: tuple[str, ...], purpose: str) -> None:
    instance = case.stage(task.instance) if task.instance else None
    deadline = case.deadline(f"{task.instance}/acknowledge") if task.kind == "acknowledge_by_hand" else None
    facts = letter_facts.staff(work, case, deadline, instance) | {
        "reason": task.reason,
        "kind": wording.question(task.kind),
        "proposed_label": task.proposal.replace("_", " "),
        "commands": commands(task.kind, task.proposal),
        "next_step": None,
        "acknowledged": None,
        "address": instance.sender if instance else None,
        "message_where": _where(work, case, task),
        "contact_where": _where(work, case, task),
        "next_paged": paged_next(work),
    }
    name = _LETTERS.get(task.kind, "review_needed")
    if task.kind == "acknowledge_by_hand" and task.urgent:
        name = "delivery_failure"
    for person in people:
        notice(
            work,
            box_of(work, case),
            case.ref,
            f"{purpose}/{person}",
            person,
            name,
            facts,
            {"task": task.id, "instance": task.instance},
        )


def paged_next(work: Work) -> str | None:
    """Who is told when nobody accepts an alarm, and when."""
    safeguarding = work.parts.settings.organisation.safeguarding
    if not safeguarding.second:
        return None
    return f"{words.joined(safeguarding.second)}, {safeguarding.second_after_minutes} minutes after this came"


def _where(work: Work, case: Case, task: Task) -> str | None:
    """Where a person finds the message that a question is about: the mailbox, its sender and its time."""
    if not task.message:
        return None
    row = messages.get(work.connection, int(task.message))
    when = words.short_moment(row["received"], work.parts.zone)
    return f"mailbox {box_of(work, case).address}, from {row['sender'] or 'an unknown sender'}, {when}"


def notice(
    work: Work,
    box: MailboxSettings,
    ref: str,
    purpose: str,
    person: str,
    name: str,
    facts: Mapping[str, Any],
    about: Mapping[str, str],
) -> None:
    """Queue a message to one of the staff: nothing at all while the mailbox only observes.

    `about` holds the `task` and `instance` that a reply to it speaks of.
    """
    if box.mode != "observe":
        rendered = work.parts.letters.render(name, facts)
        _queue(work, box, ref, purpose, person, rendered, {"letter": name, "audience": "staff", **about})


def commands(kind: str, proposal: str = "", *, every: bool = False) -> list[dict[str, str]]:
    """The words that answer a question of this kind; with `every`, also those that may be said of any case."""
    known = known_for(kind, proposal)
    further = tuple(one for one in ANYWHERE if one not in known) if every else ()
    return [{"word": one.command.value, "meaning": one.meaning} for one in (*known, *further)]


def box_of(work: Work, case: Case) -> MailboxSettings:
    return work.parts.boxes[case.mailbox]


def _queue(
    work: Work,
    box: MailboxSettings,
    ref: str,
    purpose: str,
    to: str,
    rendered: Rendered,
    columns: Mapping[str, Any],
    answers: Message | None = None,
) -> None:
    signer = work.parts.signer
    thread = ref or "digest"
    message_id = signer.message_id(thread, purpose)
    draft = Draft(
        sender=Address(work.parts.settings.organisation.name, box.address),
        to=Address("", to),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        date=work.now.astimezone(work.parts.zone),
        thread_root=signer.thread_root(thread),
        loop_token=signer.loop_token(),
        in_reply_to=answers.message_id if answers else "",
        references=answers.references if answers else (),
        auto_submitted="auto-replied" if answers else "auto-generated",
    )
    outbox.queue(
        work.connection,
        compose(draft),
        work.now,
        case_ref=ref,
        purpose=purpose,
        mailbox=box.name,
        recipient=to.lower(),
        sender=box.address,
        message_id=message_id,
        **columns,
    )


def _message(work: Work, id: str) -> Message | None:
    """The message that a letter answers, read anew when another transaction read it before."""
    if not id:
        return None
    if id not in work.mail:
        row = messages.get(work.connection, int(id))
        work.mail[id] = parse(messages.raw_of(work.connection, int(id)), row["received"])
    return work.mail[id]
