"""Whether mailbot itself is well: for the digest, for `mailbot status` and for monitors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mailbot.flows.parts import Work
from mailbot.letters import words
from mailbot.store import corrections, messages, outbox, views

_QUIET = timedelta(minutes=15)
_ENOUGH = 20  # messages or answers, before a share of them means anything
_DRIFT = 0.1
_CALENDAR_WARNING = timedelta(days=90)


@dataclass(frozen=True)
class Health:
    name: str
    state: str
    ok: bool

    def as_fact(self) -> dict[str, Any]:
        return {"name": self.name, "state": self.state, "ok": self.ok}


def health(work: Work) -> list[Health]:
    """Each vital sign with its state in words."""
    return [
        *_fetches(work),
        *_jobs(work),
        _unread(work),
        _held(work),
        *_letters(work),
        *_classifier(work),
        _calendar(work),
    ]


def _fetches(work: Work) -> list[Health]:
    """The last successful look into each mailbox."""
    beats = {beat.job: beat for beat in views.beats(work.connection)}
    signs = []
    for box in work.parts.settings.mailbox:
        beat = beats.get(f"collect {box.name}")
        last = beat.last_good if beat else None
        ok = last is not None and work.now - last <= max(_QUIET, 3 * timedelta(seconds=box.poll_seconds))
        state = _said(work, last) + (f"; {beat.trouble}" if beat and beat.trouble else "")
        signs.append(Health(f"Last look into {box.name}", state, ok and not (beat and beat.trouble)))
    return signs


def _jobs(work: Work) -> list[Health]:
    """What else could not be done when it was last tried: sending, reminders, the digest."""
    return [
        Health(f"Job {beat.job}", beat.trouble, False)
        for beat in views.beats(work.connection)
        if beat.trouble and not beat.job.startswith("collect ")
    ]


def _unread(work: Work) -> Health:
    oldest = views.oldest_unread(work.connection)
    late = oldest is not None and work.now - oldest > _QUIET
    return Health("Unprocessed mail", f"oldest from {_said(work, oldest)}" if oldest else "none", not late)


def _held(work: Work) -> Health:
    number = messages.counts(work.connection).get(messages.HELD, 0)
    return Health("Messages held for a person", str(number) if number else "none", number == 0)


def _letters(work: Work) -> list[Health]:
    counts = outbox.counts(work.connection)
    wrong = {state: counts.get(state, 0) for state in (outbox.FAILED, outbox.BOUNCED, outbox.UNKNOWN)}
    told = ", ".join(f"{number} {state}" for state, number in wrong.items() if number)
    waiting = sum(counts.get(state, 0) for state in outbox.OPEN)
    return [
        Health("Letters that did not arrive", told or "none", not told),
        Health("Letters waiting to be sent", str(waiting) if waiting else "none", True),
    ]


def _classifier(work: Work) -> list[Health]:
    """Drift: more doubt than before, or people who disagree; each is shown once there is enough to go by."""
    week, months = work.now - timedelta(days=7), work.now - timedelta(days=63)
    (unsure, now), (before, then) = (
        views.unsure(work.connection, week, work.now),
        views.unsure(work.connection, months, week),
    )
    signs = []
    if min(now, then) >= _ENOUGH:
        shares = unsure / now, before / then
        state = f"unsure of {shares[0]:.0%} this week, {shares[1]:.0%} in the eight weeks before"
        signs.append(Health("Classifier, doubt", state, shares[0] <= shares[1] + _DRIFT))
    agreed, asked = corrections.agreement(work.connection, months)
    if asked >= _ENOUGH:
        state = f"people agreed with {agreed} of {asked} answers that they checked"
        signs.append(Health("Classifier, agreement", state, agreed / asked >= 1 - _DRIFT))
    return signs


def _calendar(work: Work) -> Health:
    last = min(work.parts.rules_on(box, work.now).calendar.last for box in work.parts.settings.mailbox)
    return Health("Calendar known to", words.long_date(last), last > (work.now + _CALENDAR_WARNING).date())


def _said(work: Work, moment: datetime | None) -> str:
    return words.short_moment(moment, work.parts.zone) if moment else "never"
