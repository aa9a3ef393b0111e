"""What one message does: the first handler that knows it takes it; the last one is casework."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from mailbot.classify.verdict import Evidence, Verdict
from mailbot.flows import bounces, obey
from mailbot.flows.outcome import Outcome, set_aside
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.flows.taking import take_to_casework
from mailbot.flows.threading import Match
from mailbot.mail.screen import CaseAction, MailKind
from mailbot.settings import MailboxSettings
from mailbot.store import messages

_TWICE = timedelta(hours=24)


def arrive(
    work: Work,
    box: MailboxSettings,
    reading: Reading,
    match: Match,
    asked: Evidence | None,
    verdict: Verdict | None,
) -> None:
    """Decide one message and write down what becomes of it: filed on a case, or set aside with a reason.

    Where a person has said what it is, nothing is asked but whether it came before.
    """
    handlers = (_copy, _again, take_to_casework) if reading.said else _HANDLERS
    known = _described(reading) | _judged(asked, verdict)
    messages.describe(work.connection, reading.id, **known)  # first: a notice to the team names the sender
    outcome = next(
        outcome for handler in handlers if (outcome := handler(work, box, reading, match, verdict))
    )
    messages.describe(work.connection, reading.id, **outcome, triaged=work.now)
    if ref := outcome.get("case_ref"):
        messages.remember_id(work.connection, reading.message.message_id, ref)


def _own(_work: Work, _box: MailboxSettings, reading: Reading, *_: object) -> Outcome | None:
    if reading.screening.case_action is CaseAction.NONE:
        return set_aside(reading.signs)
    return None


def _report(work: Work, _box: MailboxSettings, reading: Reading, *_: object) -> Outcome | None:
    """A delivery report speaks of a letter of ours."""
    if reading.screening.kind is not MailKind.DELIVERY_REPORT:
        return None
    ref = bounces.returned(work, reading)
    reason = "delivery report" if ref else "delivery report on a letter that is not ours, or not known"
    return set_aside(reason, ref)


def _machine(
    _work: Work, _box: MailboxSettings, reading: Reading, match: Match, *_: object
) -> Outcome | None:
    """A machine never opens, reopens or restarts anything; on the case it speaks of it is kept for reading."""
    if reading.screening.case_action is CaseAction.OPEN_OR_ADD:
        return None
    if reading.screening.kind is MailKind.OWN_MAIL:
        return None  # a colleague, by hand
    return set_aside(reading.signs, match.case.ref if match.case and match.allowed else "")


def _command(work: Work, _box: MailboxSettings, reading: Reading, *_: object) -> Outcome | None:
    ref = obey.obey(work, reading)
    return (
        None
        if ref is None
        else {"state": messages.FILED, "reason": "an answer from the team", "case_ref": ref}
    )


def _copy(work: Work, _box: MailboxSettings, reading: Reading, *_: object) -> Outcome | None:
    """The same message delivered again, to this or another of our mailboxes."""
    earlier = messages.earlier_copy(work.connection, reading.id, reading.message.message_id, reading.digest)
    return None if earlier is None else set_aside(f"a copy of message {earlier['id']}", earlier["case_ref"])


def _again(work: Work, box: MailboxSettings, reading: Reading, *_: object) -> Outcome | None:
    """The same words again within a day, under another Message-ID: one person, one answer."""
    since = (reading.message.received or work.now) - _TWICE
    earlier = messages.same_again(work.connection, box.name, reading.id, reading.digest, since)
    if earlier is None:
        return None
    return {
        "state": messages.FILED,
        "reason": f"says the same as message {earlier['id']}",
        "case_ref": earlier["case_ref"],
    }


def _colleague(
    _work: Work, _box: MailboxSettings, reading: Reading, match: Match, *_: object
) -> Outcome | None:
    """The team's own mail joins the case that it names, and starts nothing."""
    if reading.screening.kind is not MailKind.OWN_MAIL:
        return None
    ref = match.case.ref if match.case and match.allowed else ""
    return set_aside("from one of our own addresses", ref)


def _described(reading: Reading) -> dict[str, Any]:
    message = reading.message
    return {
        "message_id": message.message_id,
        "digest": reading.digest,
        "sender": reading.sender,
        "sender_name": reading.sender_name,
        "subject": message.subject,
        "kind": reading.screening.kind.value,
        "screening": [asdict(reason) for reason in reading.screening.reasons],
        "defects": [*message.defects, *([reading.unread] if reading.unread else [])],
    }


def _judged(asked: Evidence | None, verdict: Verdict | None) -> dict[str, Any]:
    """The classifier's answer, and what it was told besides the message itself: a correction is learnt with both."""
    if verdict is None or asked is None:
        return {}
    kept = {
        "confidence": verdict.confidence,
        "abstained": verdict.abstained,
        "flags": list(verdict.flags),
        "reasons": list(verdict.reasons),
        "probabilities": {label.value: share for label, share in verdict.probabilities.items()},
        "known": {
            "sender_role": asked.sender_role,
            "sender_verified": asked.sender_verified,
            "case": asdict(asked.case) if asked.case else None,
        },
    }
    return {"label": verdict.label.value, "verdict": kept}


_HANDLERS: tuple[Callable[..., Outcome | None], ...] = (
    _own,
    _report,
    _machine,
    _copy,
    _command,
    _again,
    _colleague,
    take_to_casework,
)
