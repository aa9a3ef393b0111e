"""Known facts move the balance the way an officer would, and in plain words."""

import numpy as np
import pytest

from mailbot.casework.labels import Label
from mailbot.classify.facts import known, shifted
from mailbot.classify.verdict import CaseFacts, Evidence

LATE = CaseFacts(answered=False, overdue=True, window_open=False, sender_is_party=True)
EARLY = CaseFacts(answered=False, overdue=False, window_open=False, sender_is_party=True)
ANSWERED = CaseFacts(answered=True, overdue=False, window_open=True, sender_is_party=True)
STRANGER = CaseFacts(answered=True, overdue=False, window_open=True, sender_is_party=False)


def message(role: str | None = None, verified: bool | None = None, case: CaseFacts | None = None) -> Evidence:
    return Evidence(
        "restart", "", "Any news?", "Any news?", sender_role=role, sender_verified=verified, case=case
    )


@pytest.mark.parametrize(
    ("evidence", "label", "more_likely"),
    [
        (message(case=LATE), Label.ESCALATION, True),
        (message(case=ANSWERED), Label.ESCALATION, True),
        (message(case=EARLY), Label.ESCALATION, False),
        (message("examiner", True), Label.ICE_CORRESPONDENCE, True),
        (message("examiner", False), Label.ICE_CORRESPONDENCE, False),
        (message("jobcentre", True), Label.CONTRIBUTION_REQUEST, True),
    ],
)
def test_a_fact_makes_a_label_more_or_less_likely(
    evidence: Evidence, label: Label, more_likely: bool
) -> None:
    told, untold = shifted(np.zeros((2, len(Label))), [evidence, message()])
    place = list(Label).index(label)
    assert bool(told[place] > untold[place]) is more_likely


def test_where_nothing_is_known_only_what_is_worst_to_miss_is_believed_in_sooner() -> None:
    assert known(message()) == ()
    (row,) = shifted(np.zeros((1, len(Label))), [message()])
    moved = {label for label, shift in zip(Label, row, strict=True) if shift}
    assert moved == {Label.NEW_COMPLAINT, Label.ICE_CORRESPONDENCE, Label.CONTRIBUTION_REQUEST}
    assert 0 < max(row) < 1.5


def test_a_stranger_gains_nothing_from_the_state_of_somebody_elses_case() -> None:
    assert known(message(case=STRANGER)) == ()


def test_a_verified_examiner_counts_for_more_than_an_address_anybody_can_write() -> None:
    verified, unverified = shifted(
        np.zeros((2, len(Label))), [message("examiner", True), message("examiner")]
    )
    ice = list(Label).index(Label.ICE_CORRESPONDENCE)
    assert verified[ice] > unverified[ice]
