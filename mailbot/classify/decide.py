"""When to act on a label and when to ask a person: what each mistake costs against what a look costs."""

from collections.abc import Mapping

from mailbot.casework.labels import Label

# What it costs to take the first for the second, in units of a mild mistake; anything not named costs 1.
_COSTS: Mapping[tuple[Label, Label], float] = {
    (Label.NEW_COMPLAINT, Label.OTHER): 10.0,  # nobody would answer a complaint: the worst
    (Label.ESCALATION, Label.OTHER): 10.0,
    (Label.ESCALATION, Label.NEW_COMPLAINT): 0.7,  # still answered in time, at the wrong stage
    (Label.NEW_COMPLAINT, Label.ESCALATION): 1.0,
    (Label.ICE_CORRESPONDENCE, Label.OTHER): 4.0,  # an official date missed
    (Label.CONTRIBUTION_REQUEST, Label.OTHER): 4.0,
    (Label.ICE_CORRESPONDENCE, Label.NEW_COMPLAINT): 2.0,
    (Label.CONTRIBUTION_REQUEST, Label.NEW_COMPLAINT): 2.0,
}
_A_LOOK = (
    0.3  # what it costs to have a person decide; set where 80 of 100 messages of unknown senders are answered
)


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
