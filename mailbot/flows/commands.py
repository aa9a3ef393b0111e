"""The words with which the team answers mailbot's questions, by email, from their own inbox."""

from dataclasses import dataclass
from enum import StrEnum

from mailbot.casework.labels import Label


class Command(StrEnum):
    ACCEPT = "accept"
    COMPLAINT = "complaint"
    ESCALATION = "escalation"
    ICE = "ice"
    CONTRIBUTION = "contribution"
    OTHER = "other"
    RESPONDED = "responded"
    FOUND = "found"
    CONTACTED = "contacted"
    HOLDING = "holding"
    NO_REPLY_NEEDED = "no reply needed"
    POINTS = "points"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WAITING = "waiting"
    WAITING_OVER = "waiting over"
    REDIRECT = "redirect"
    COMBINED = "combined"
    STEP = "step"
    RECORD = "record"
    EVENT = "event"
    CASE_CLOSED = "case closed"
    RECEIVED = "received"
    JOINT = "joint"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"
    CALENDAR = "calendar"
    RELEASE = "release"
    SET_ASIDE = "set aside"
    SORT = "sort"


LABELS = {
    Command.COMPLAINT: Label.NEW_COMPLAINT,
    Command.ESCALATION: Label.ESCALATION,
    Command.ICE: Label.ICE_CORRESPONDENCE,
    Command.CONTRIBUTION: Label.CONTRIBUTION_REQUEST,
    Command.OTHER: Label.OTHER,
}
"""The words that say what a message is."""


@dataclass(frozen=True)
class Known:
    command: Command
    meaning: str


_ACCEPT = Known(Command.ACCEPT, "yes, treat it as proposed")
_SORTING = (
    Known(Command.COMPLAINT, "it is a new complaint"),
    Known(Command.ESCALATION, "it takes a complaint to the next stage"),
    Known(Command.ICE, "it is from the Independent Case Examiner"),
    Known(Command.CONTRIBUTION, "the Jobcentre asks for our part of a reply"),
    Known(Command.OTHER, "none of these; keep it on file"),
    Known(Command.MERGE, "it belongs to another case, such as: merge RST-000012-X"),
)
_FOUND = Known(Command.FOUND, "what was found, such as: found 1 upheld, 2 not upheld")
_HOLDING = Known(
    Command.HOLDING, "a holding letter has gone; add the new date, such as: holding 12 June 2026"
)
_REOPEN = Known(Command.REOPEN, "take a stage up again, with the reason, such as: reopen 2 new evidence")
_HELD = (
    Known(Command.RELEASE, "read it again: what stood in its way has been mended"),
    Known(Command.SET_ASIDE, "somebody has seen to it; add why, such as: set aside answered by telephone"),
)
_ANSWERING = (
    Known(
        Command.RESPONDED,
        "the formal response has gone and says who may be asked next; add a date if it was not today",
    ),
    _HOLDING,
    Known(Command.NO_REPLY_NEEDED, "nothing is owed here"),
    Known(Command.SETTLED, "it is settled, and I have confirmed in writing what we agreed"),
    Known(Command.WITHDRAWN, "the complainant has withdrawn it"),
    Known(Command.CLOSE, "the case is closed"),
)
_SORT = Known(
    Command.SORT,
    "what a message is that was taken for something else, by its number, such as: sort 17 complaint",
)
_BY_KIND: dict[str, tuple[Known, ...]] = {
    "what_is_this": _SORTING,
    "check_label": _SORTING,
    "check_aside": _SORTING[:-1],
    "late_escalation": (
        Known(Command.ESCALATION, "take it to the next stage all the same"),
        Known(Command.OTHER, "it is not taken; write to the person with the reasons"),
    ),
    "after_the_last_stage": (
        Known(Command.OTHER, "I have told them of the body that comes next"),
        Known(Command.COMPLAINT, "it is a new complaint"),
    ),
    "ended_case": (
        Known(Command.REOPEN, "take the case up again where it ended"),
        Known(Command.COMPLAINT, "it is a new complaint"),
        Known(Command.ESCALATION, "it goes to the next stage"),
        Known(Command.OTHER, "nothing is taken up; I have told them what they can do"),
    ),
    "early_escalation": (
        Known(Command.ESCALATION, "let it go to the next stage now"),
        Known(Command.NO_REPLY_NEEDED, "it stays where it is"),
    ),
    "acknowledge_by_hand": (Known(Command.CONTACTED, "I have told the person that we have their message"),),
    "personal_contact": (Known(Command.CONTACTED, "somebody of the team has been in touch"), *_ANSWERING),
    "safeguarding": (Known(Command.ACCEPT, "I have it, and nobody else needs to be called"),),
    "withdrawal": (
        Known(Command.WITHDRAWN, "the complainant has withdrawn it; they get a letter that confirms it"),
        Known(Command.OTHER, "it goes on"),
    ),
    "information_rights": (
        Known(Command.ACCEPT, "the information rights team has it, and the legal clock runs"),
        Known(Command.OTHER, "it is not about personal data"),
    ),
    "linked_case": (
        Known(Command.ACCEPT, "I have seen it"),
        Known(Command.MERGE, "it is the same matter, such as: merge RST-000012-X"),
    ),
    "redirect": (
        Known(Command.ACCEPT, "yes: write to them who answers it"),
        Known(Command.OTHER, "no: it is ours"),
        Known(Command.SPLIT, "it goes on as a case of its own, such as: split the travel refund"),
    ),
    "authority": (
        Known(Command.ACCEPT, "yes: ask for the agreement"),
        Known(Command.CONFIRMED, "we have the agreement in writing"),
        Known(Command.REFUSED, "the complainant does not agree"),
    ),
    "outcomes_missing": (_FOUND,),
    "next_body_missing": (
        Known(Command.ACCEPT, "I have looked: the answer does say who may be asked next"),
        Known(Command.RESPONDED, "a corrected answer has gone"),
    ),
    "holding_to_check": (Known(Command.ACCEPT, "a supervisor has agreed"), _HOLDING),
    "eight_weeks_over": (Known(Command.ACCEPT, "I have told them"),),
    "revisit": (_REOPEN,),
    "money": (
        Known(Command.RECORD, "yes: put the sum on record"),
        Known(Command.OTHER, "no sum follows"),
    ),
    "held": _HELD,
    "held_alarm": (Known(Command.ACCEPT, "I have it, and nobody else needs to be called"), *_HELD),
    "sort": (_SORT,),
    "reminder": _ANSWERING,
}

ANYWHERE = (
    Known(Command.POINTS, "what is complained of, such as: points the missed calls; the refund"),
    _FOUND,
    Known(Command.JOINT, "one more complainant, such as: joint sam@home.example"),
    Known(Command.EVENT, "the day of what is complained of, such as: event 3 March 2026"),
    Known(Command.CASE_CLOSED, "the day on which the underlying case was closed"),
    Known(Command.RECEIVED, "it had reached us or our partner earlier, such as: received 2 June 2026"),
    Known(Command.WAITING, "we wait for authority, information or a third party"),
    Known(Command.WAITING_OVER, "we have what we waited for"),
    Known(Command.REDIRECT, "somebody else answers it, such as: redirect policy"),
    Known(Command.STEP, "how far the examiner's case has come, such as: step final report upheld"),
    Known(Command.COMBINED, "the joint answer has been issued; add its date if it was not today"),
    _REOPEN,
    Known(Command.SPLIT, "one matter goes on as a case of its own, such as: split the travel refund"),
    Known(Command.CALENDAR, "whose bank holidays count here, such as: calendar scotland"),
    _SORT,
    Known(Command.UNDO, "take back the last event, or one by its number, such as: undo 7"),
)
"""What people may reply to any notice about a case, beside the words that the notice names."""


def known_for(kind: str, proposal: str = "") -> tuple[Known, ...]:
    """The commands that answer a question of this kind."""
    known = _BY_KIND.get(kind, (_ACCEPT,))
    has_accept = any(one.command is Command.ACCEPT for one in known)
    return (_ACCEPT, *known) if proposal and not has_accept else known


def read(line: str) -> tuple[Command, str] | None:
    """The command that a line begins with and the rest of the line; None when it begins with none."""
    words = " ".join(line.split()).strip(" .,!;:")
    lowered = words.lower()
    for command in sorted(Command, key=len, reverse=True):
        if lowered == command or lowered.startswith((f"{command} ", f"{command}:", f"{command},")):
            return command, words[len(command) :].strip(" :,")
    return None
