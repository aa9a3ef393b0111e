"""What is known besides the words, and how far each known fact moves the balance: one table, added up.

A shift is in natural log-odds: 0.7 doubles the odds of a label, 1.6 makes them five times as good, and minus undoes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.casework.labels import Label
from mailbot.classify.verdict import CaseFacts, Evidence

_NEW, _UP, _ICE, _PART, _OTHER = Label  # in the order that the labels are written


@dataclass(frozen=True)
class Fact:
    """Something known of the sender or the case, what it says to a person, and what it makes likelier."""

    says: str
    holds: Callable[[Evidence], bool]
    shifts: Mapping[Label, float]


def _from(role: str, verified: bool | None) -> Callable[[Evidence], bool]:
    return lambda message: message.sender_role == role and message.sender_verified is verified


def _on_case(holds: Callable[[CaseFacts], bool]) -> Callable[[Evidence], bool]:
    return lambda message: message.case is not None and holds(message.case)


# The domain alone never decides: the examiner and the Jobcentre share one, and anybody can write it down.
FACTS: tuple[Fact, ...] = (
    Fact(
        "the sender is the examiner's office, as the mail server confirms",
        _from("examiner", True),
        {_ICE: 3.0},
    ),
    Fact("the sender gives an examiner's address", _from("examiner", None), {_ICE: 1.6}),
    Fact(
        "the sender gives an examiner's address, which the mail server refutes",
        _from("examiner", False),
        {_ICE: -1.5, _OTHER: 1.5},
    ),
    Fact(
        "the sender is the Jobcentre, as the mail server confirms",
        _from("jobcentre", True),
        {_PART: 1.2, _NEW: 0.6, _UP: -1.5},
    ),
    Fact("the sender gives a Jobcentre address", _from("jobcentre", None), {_PART: 0.7, _UP: -0.7}),
    Fact(
        "the sender gives a Jobcentre address, which the mail server refutes",
        _from("jobcentre", False),
        {_PART: -1.5, _OTHER: 1.5},
    ),
    Fact(
        "the case has had its answer and may still go up",
        _on_case(lambda case: case.sender_is_party and case.answered and case.window_open),
        {_NEW: 0.3, _UP: 1.6},
    ),
    Fact(
        "the case has had its answer and the time to go up is over",
        _on_case(lambda case: case.sender_is_party and case.answered and not case.window_open),
        {_UP: 0.8},
    ),
    Fact(
        "the answer on the case is late",
        _on_case(lambda case: case.sender_is_party and case.overdue and not case.answered),
        {_NEW: -0.3, _UP: 1.8},
    ),
    Fact(
        "the answer on the case is not due yet",
        _on_case(lambda case: case.sender_is_party and not (case.overdue or case.answered)),
        {_UP: -2.3, _OTHER: 0.8},
    ),
    Fact(
        "the examiner's request on the case is open",
        _on_case(lambda case: case.open_desk == "ice"),
        {_UP: -1.0, _ICE: 2.8, _OTHER: 0.6},
    ),
    Fact(
        "a request for our part on the case is open",
        _on_case(lambda case: case.open_desk == "contribution"),
        {_PART: 2.5},
    ),
    Fact(
        "the sender is a party to the case, not an office",
        lambda message: message.sender_role is None and _on_case(lambda case: case.sender_is_party)(message),
        {_NEW: 0.8, _ICE: -2.0, _PART: -0.9, _OTHER: 0.5},
    ),
    Fact("the case is closed", _on_case(lambda case: case.closed), {_NEW: -0.3, _UP: 0.7, _OTHER: -0.3}),
)


# Mail from officials is rare, and a complaint the worst to miss: both are believed in sooner than words alone say.
_LEAN: Mapping[Label, float] = {_NEW: 0.1, _ICE: 1.3, _PART: 1.0}


def known(message: Evidence) -> tuple[Fact, ...]:
    """The facts that hold for a message, in the order of the table."""
    if message.sender_role is None and message.case is None:
        return ()
    return tuple(fact for fact in FACTS if fact.holds(message))


def shifted(scores: NDArray[np.float64], messages: Sequence[Evidence]) -> NDArray[np.float64]:
    """The text model's scores, one column a label in their written order, with every known fact added."""
    moved = scores + [_LEAN.get(label, 0.0) for label in Label]
    for row, message in enumerate(messages):
        for fact in known(message):
            moved[row] += [fact.shifts.get(label, 0.0) for label in Label]
    return moved
