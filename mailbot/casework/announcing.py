"""Whether a letter of the team is a response, or only speaks of one that is still to come."""

import re
from collections.abc import Iterable

from mailbot.casework.procedure import Contact

_SENTENCE_ENDS = re.compile(r"[.;!?\n]+")
_STILL_TO_COME = re.compile(
    r"\b(?:will|shall|going to|aim to|hope to|expect|due|once|until|not yet|working on|before we|when you (?:get|receive))\b"
    r"|\w['’]ll\b"
)


def announces(text: str, phrases: Iterable[str]) -> bool:
    """Whether a sentence of `text` has one of `phrases` (lower case) and does not put it in the future.

    "This is our formal response" announces it; "our formal response will be with you by Monday" promises it, and a
    promise is not kept by being repeated.
    """
    wanted = tuple(phrases)
    return any(
        any(phrase in sentence for phrase in wanted) and not _STILL_TO_COME.search(sentence)
        for sentence in _SENTENCE_ENDS.split(text.lower())
    )


def names_body(text: str, bodies: Iterable[Contact]) -> bool:
    """Whether `text` gives the name, address or telephone number of one of `bodies`; True where there are none."""
    flat = _flat(text)
    known = [
        _flat(fact) for body in bodies for fact in (body.name, body.email, body.phone, body.website) if fact
    ]
    return not known or any(fact in flat for fact in known)


def _flat(text: str) -> str:
    """Without case, spaces and apostrophes: telephone numbers and names are written in many ways."""
    return re.sub(r"[\s'\u2019]", "", text.lower())
