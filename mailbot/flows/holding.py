"""A message that mailbot cannot decide: its bytes are safe, it says why, and the team hears of it at once."""

import structlog

from mailbot.errors import RuleError, place_of
from mailbot.flows import writing
from mailbot.flows.parts import Work
from mailbot.letters import words
from mailbot.store import messages

_log = structlog.get_logger()


def hold(work: Work, id: int, error: Exception) -> None:
    """Hold message `id` for a person; where the fault lies is kept, never its text, which could quote the message."""
    fault = place_of(error)
    reason = f"mailbot could not read this message ({fault}): a person should"
    messages.describe(work.connection, id, state=messages.HELD, reason=reason, triaged=work.now)
    _log.error("message held", message=id, fault=fault)
    try:
        _tell_the_team(work, id, reason)
    except RuleError as wrong_letter:
        _log.error("nobody was told of it", message=id, reason=wrong_letter.problem)


def _tell_the_team(work: Work, id: int, reason: str) -> None:
    row = messages.get(work.connection, id)
    box = work.parts.boxes[row["mailbox"]]
    facts = {
        "ref": f"message {id}",
        "reason": reason,
        "message_where": f"folder {row['folder']} of {box.address}",
        "received_long": words.long_moment(row["received"], work.parts.zone),
        "next_step": "Nothing has been answered and no case was opened: read it there, and answer by hand.",
        "commands": None,
    }
    for person in work.parts.settings.team_of(box):
        writing.notice(work, box, "", f"held/{id}/{person}", person, "review_needed", facts, {})
