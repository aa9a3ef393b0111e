"""Honest trials: every example classified by a model that never saw its sender, or its whole author."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.model_selection import GroupKFold

from mailbot.classify.classifier import Classifier
from mailbot.classify.corpus import Example
from mailbot.classify.features import Counts
from mailbot.classify.flags import Flags
from mailbot.classify.phrases import PhraseTable
from mailbot.classify.text_model import LABELS, best_temperature, fit
from mailbot.classify.verdict import Verdict

_FOLDS = 5
_NO_FLAGS = Flags((), PhraseTable(()), {})


def by_sender(examples: Sequence[Example]) -> list[int]:
    """A fold for each example so that no sender is on both sides."""
    senders = [example.sender for example in examples]
    folds = [0] * len(examples)
    for number, (_, held) in enumerate(GroupKFold(_FOLDS).split(senders, groups=senders)):
        for row in held:
            folds[row] = number
    return folds


def by_author(examples: Sequence[Example]) -> list[int]:
    """A fold for each hand, so that a writer is judged by what other writers taught."""
    hands = sorted({example.hand for example in examples})
    return [hands.index(example.hand) for example in examples]


def held_out(
    examples: Sequence[Example], folds: Sequence[int], always: Sequence[Example] = ()
) -> list[Verdict]:
    """A verdict for each example from a model learnt without its fold and calibrated on the folds besides.

    What is in `always` teaches every model and is not judged.
    """
    truth = np.array([LABELS.index(example.label) for example in examples])
    place = np.array(folds)
    rows = {fold: np.flatnonzero(place == fold).tolist() for fold in set(folds)}
    everything = [*examples, *always]
    counts = Counts.of([example.evidence for example in everything])
    taught = {fold: np.flatnonzero(np.append(place, [-1] * len(always)) != fold) for fold in rows}
    models = {
        fold: fit([everything[row] for row in own], counts.rows(own), flags=())
        for fold, own in taught.items()
    }
    asked = {fold: [examples[row].evidence for row in own] for fold, own in rows.items()}
    scores = np.zeros((len(examples), len(LABELS)))
    for fold, model in models.items():
        scores[rows[fold]] = model.read(asked[fold]).scores
    verdicts: dict[int, Verdict] = {}
    for fold, model in models.items():
        besides = place != fold
        calibrated = replace(model, temperature=best_temperature(scores[besides], truth[besides]))
        verdicts |= dict(
            zip(rows[fold], Classifier(calibrated, {}, _NO_FLAGS, "trial").classify(asked[fold]), strict=True)
        )
    return [verdicts[row] for row in range(len(examples))]
