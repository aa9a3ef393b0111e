"""The words with which the team answers mailbot's questions, by email, from their own inbox."""

from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    ACCEPT = "accept"
    COMPLAINT = "complaint"
    ESCALATION = "escalation"
    ICE = "ice"
    CONTRIBUTION = "contribution"
    OTHER = "other"
    RESPONDED = "responded"
    CONTACTED = "contacted"
    HOLDING = "holding"
    NO_REPLY_NEEDED = "no reply needed"
    WITHDRAWN = "withdrawn"
    CLOSE = "close"


@dataclass(frozen=True)
class Known:
    command: Command
    meaning: str


_SORTING = (
    Known(Command.COMPLAINT, "it is a new complaint"),
    Known(Command.ESCALATION, "it takes a complaint to the next stage"),
    Known(Command.ICE, "it is from the Independent Case Examiner"),
    Known(Command.CONTRIBUTION, "the Jobcentre asks for our part of a reply"),
    Known(Command.OTHER, "none of these; keep it on file"),
)
_ACCEPT = Known(Command.ACCEPT, "yes, treat it as proposed")
_ANSWERING = (
    Known(Command.RESPONDED, "the formal response has gone; add a date if it was not today"),
    Known(Command.HOLDING, "a holding letter has gone; add the new date, such as: holding 12 June 2026"),
    Known(Command.NO_REPLY_NEEDED, "nothing is owed here"),
    Known(Command.WITHDRAWN, "the complainant has withdrawn it"),
    Known(Command.CLOSE, "the case is closed"),
)
_BY_KIND: dict[str, tuple[Known, ...]] = {
    "what_is_this": _SORTING,
    "late_escalation": (
        Known(Command.ESCALATION, "take it to the next stage all the same"),
        Known(Command.OTHER, "it is not taken; write to the person with the reasons"),
    ),
    "after_the_last_stage": (Known(Command.OTHER, "I have told them of the body that comes next"),),
    "early_escalation": (
        Known(Command.ESCALATION, "let it go to the next stage now"),
        Known(Command.NO_REPLY_NEEDED, "it stays where it is"),
    ),
    "acknowledge_by_hand": (Known(Command.CONTACTED, "I have told the person that we have their message"),),
    "safeguarding": (Known(Command.ACCEPT, "I have it, and nobody else needs to be called"),),
    "withdrawal": (
        Known(Command.WITHDRAWN, "they have withdrawn it, and I have confirmed that to them"),
        Known(Command.OTHER, "it goes on"),
    ),
    "information_rights": (Known(Command.ACCEPT, "the information rights team has it"),),
    "linked_case": (Known(Command.ACCEPT, "I have seen it"),),
    "reminder": _ANSWERING,
}


def known_for(kind: str, proposal: str = "") -> tuple[Known, ...]:
    """The commands that answer a question of this kind."""
    known = _BY_KIND.get(kind, (_ACCEPT,))
    return (_ACCEPT, *known) if proposal and _ACCEPT not in known else known


def read(line: str) -> tuple[Command, str] | None:
    """The command that a line begins with and the rest of the line; None when it begins with none."""
    words = " ".join(line.lower().split()).strip(" .,!;:")
    for command in sorted(Command, key=len, reverse=True):
        if words == command or words.startswith((f"{command} ", f"{command}:", f"{command},")):
            return command, words[len(command) :].strip(" :,")
    return None
