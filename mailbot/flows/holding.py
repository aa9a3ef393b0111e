"""A message that mailbot cannot decide: its bytes are safe, it says why, and the team hears of it at once.

It is looked through for signs of harm all the same, as far as any words can be got out of it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from mailbot.errors import RuleError, place_of
from mailbot.flows import writing
from mailbot.flows.parts import Work
from mailbot.letters import words
from mailbot.mail.rough_text import pieces, rough_text
from mailbot.store import holdings, messages
from mailbot.store.database import Row

_AT_ONCE = 10_000  # characters that the detector is given; it reads no more than twice that
_STILL = timedelta(hours=20)  # four before the person should have heard from us
_TOO_LONG = "nobody has released it or set it aside for 20 hours"
_ALARM = "it may speak of harm to somebody; mailbot could not read it, and has no case for it"

_log = structlog.get_logger()


def hold(work: Work, id: int, error: Exception, said: str | None = None) -> None:
    """Hold message `id` for a person; where the fault lies is kept, never its text, which could quote the message.

    `said` is what is known of its words; without it they are got out of its bytes.
    """
    fault = place_of(error)
    reason = f"mailbot could not read this message ({fault}): a person should"
    row = messages.get(work.connection, id)
    urgent = row["direction"] == "in" and _speaks_of_harm(work, id, said)
    messages.describe(work.connection, id, state=messages.HELD, reason=reason, triaged=work.now)
    number = holdings.begin(work.connection, id, work.now, fault, urgent)
    _log.error("message held", message=id, fault=fault, urgent=urgent)
    _tell_everybody(work, messages.get(work.connection, id), number, urgent)


def pass_time(work: Work) -> None:
    """What waits too long: an alarm goes to the second contact, and what is still held is brought up once more.

    Whoever could not be told before, because a letter had a fault, is told now.
    """
    organisation = work.parts.settings.organisation
    waited = work.now - timedelta(minutes=organisation.safeguarding.second_after_minutes)
    for held in holdings.open_ones(work.connection):
        if held["mailbox"] not in work.parts.boxes:
            continue  # the configuration has no such mailbox any more, and so nobody to tell
        row = messages.get(work.connection, held["message"])
        alarm = held["urgent"] and held["accepted"] is None
        _tell_everybody(work, row, held["id"], alarm)
        if alarm and held["at"] <= waited:
            people = organisation.safeguarding.second or organisation.supervisors
            _tell(work, row, held["id"], people, "second-alarm", _ALARM)
        if held["direction"] == "in" and held["received"] <= work.now - _STILL:
            people = (*_team(work, row), *organisation.supervisors)
            _tell(work, row, held["id"], people, "still", _TOO_LONG)


def ask_again(work: Work, held: Row, person: str, reason: str, occasion: str) -> None:
    """Put the question to one person again: their answer was not understood, or could not be obeyed."""
    row = messages.get(work.connection, held["message"])
    _tell(work, row, held["id"], (person,), occasion, reason)


def _speaks_of_harm(work: Work, id: int, said: str | None) -> bool:
    """Whether anything in the message sounds like it; nothing that fails here keeps it from being held."""
    try:
        text = rough_text(messages.raw_of(work.connection, id)) if said is None else said
        return any(work.parts.detector.concern(piece) for piece in pieces(text, _AT_ONCE))
    except DBAPIError:
        raise  # the store is away: everything stays as it was for the next tick
    except Exception as error:
        _log.error("not looked through for signs of harm", message=id, fault=place_of(error))
        return False


def _tell_everybody(work: Work, row: Row, number: int, alarm: bool) -> None:
    _tell(work, row, number, _team(work, row), "ask", row["reason"])
    if alarm:
        first = work.parts.settings.organisation.safeguarding.first
        _tell(work, row, number, first or _team(work, row), "alarm", _ALARM)


def _team(work: Work, row: Row) -> tuple[str, ...]:
    return work.parts.settings.team_of(work.parts.boxes[row["mailbox"]])


def _tell(work: Work, row: Row, number: int, people: tuple[str, ...], occasion: str, reason: str) -> None:
    """One notice to each of `people` for each occasion; a second call with the same changes nothing."""
    alarm = occasion.endswith("alarm")
    facts = _facts(work, row, reason, "held_alarm" if alarm else "held")
    name = "urgent_vulnerability" if alarm else "review_needed"
    box = work.parts.boxes[row["mailbox"]]
    for person in dict.fromkeys(people):
        purpose = f"held/{row['id']}/{number}/{occasion}/{person}"
        try:
            if not writing.is_queued(work, "", purpose):
                writing.notice(work, box, "", purpose, person, name, facts, {})
        except RuleError as wrong_letter:
            _log.error("nobody was told of it", message=row["id"], reason=wrong_letter.problem)


def _facts(work: Work, row: Row, reason: str, kind: str) -> Mapping[str, Any]:
    where = f"folder {row['folder']} of {work.parts.boxes[row['mailbox']].address}"
    return {
        "ref": f"message {row['id']}",
        "reason": reason,
        "kind": reason,
        "message_where": where,
        "contact_where": f"in the message: {where}",
        "received_long": words.long_moment(row["received"], work.parts.zone),
        "next_step": "Nothing has been answered and no case was opened: read it in the mailbox, and answer by hand if need be.",
        "next_paged": writing.paged_next(work),
        "commands": writing.commands(kind),
    }
