"""When to act on a label and when to ask a person: what each mistake costs against what a look costs."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from mailbot.casework.labels import Label
from mailbot.classify.facts import shifted
from mailbot.classify.verdict import Evidence, Verdict

# What it costs to take the first for the second, in units of a mild mistake; anything not named costs 1.
_COSTS: Mapping[tuple[Label, Label], float] = {
    (Label.NEW_COMPLAINT, Label.OTHER): 6.0,  # nobody would answer a complaint: the worst
    (Label.ESCALATION, Label.OTHER): 6.0,
    (Label.ESCALATION, Label.NEW_COMPLAINT): 0.7,  # still answered in time, at the wrong stage
    (Label.NEW_COMPLAINT, Label.ESCALATION): 1.0,
    (Label.ICE_CORRESPONDENCE, Label.OTHER): 3.0,  # an official date missed
    (Label.CONTRIBUTION_REQUEST, Label.OTHER): 3.0,
    (Label.ICE_CORRESPONDENCE, Label.NEW_COMPLAINT): 1.5,
    (Label.CONTRIBUTION_REQUEST, Label.NEW_COMPLAINT): 1.5,
}
_A_LOOK = 0.245  # what it costs to have a person decide; set where 80 of 100 messages of unknown writers are answered


def expected_cost(probabilities: Mapping[Label, float], chosen: Label) -> float:
    """What acting on `chosen` may be expected to cost."""
    return sum(
        probability * _COSTS.get((truth, chosen), 1.0)
        for truth, probability in probabilities.items()
        if truth is not chosen
    )


def too_unsure(probabilities: Mapping[Label, float], chosen: Label) -> bool:
    """True when asking a person is cheaper than the mistakes to be expected."""
    return expected_cost(probabilities, chosen) > _A_LOOK


def decided(log_odds: NDArray[np.float64], messages: Sequence[Evidence]) -> list[Verdict]:
    """A verdict for each message from what its words say, a row with a column a label, and from what else is known."""
    return [_verdict(row) for row in softmax(shifted(log_odds, messages), axis=1).tolist()]


def _verdict(shares: Sequence[float]) -> Verdict:
    probabilities = dict(zip(Label, shares, strict=True))
    label = max(probabilities, key=lambda one: probabilities[one])
    return Verdict(label, probabilities[label], probabilities, too_unsure(probabilities, label))
