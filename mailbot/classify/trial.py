"""Honest trials: every example classified by a model that never saw its sender, or its whole author."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold

from mailbot.classify.calibration import Calibration, fitted
from mailbot.classify.corpus import Example
from mailbot.classify.decide import decided
from mailbot.classify.features import Counts
from mailbot.classify.text_model import Opinion, fit
from mailbot.classify.verdict import Verdict

_FOLDS = 5


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


@dataclass(frozen=True)
class Judged:
    """The verdicts on examples by models that had not been taught by their fold, and what calibrates such models."""

    verdicts: list[Verdict]
    calibration: Calibration


def held_out(
    examples: Sequence[Example],
    folds: Sequence[int],
    always: Sequence[Example] = (),
    given: Calibration | None = None,
) -> Judged:
    """Each example judged by a model learnt without its fold and calibrated on the folds besides, or as `given`.

    What is in `always` teaches every model and is not judged.
    """
    rows: dict[int, list[int]] = {}
    for row, fold in enumerate(folds):
        rows.setdefault(fold, []).append(row)
    opinions = dict(zip(rows, _opinions(list(rows.values()), [*examples, *always]), strict=True))

    def calibrated(taken: Collection[int]) -> Calibration:
        truth = [examples[row].label for fold in taken for row in rows[fold]]
        return fitted([opinions[fold] for fold in taken], truth)

    verdicts: dict[int, Verdict] = {}
    for fold, held in rows.items():
        calibration = given or calibrated(rows.keys() - {fold})
        said = decided(calibration.log_odds(opinions[fold]), [examples[row].evidence for row in held])
        verdicts |= dict(zip(held, said, strict=True))
    return Judged([verdicts[row] for row in range(len(examples))], given or calibrated(rows))


def _opinions(folds: Sequence[Sequence[int]], examples: Sequence[Example]) -> Iterator[Opinion]:
    """What a model makes of each fold that all other examples have taught."""
    counts = Counts.of([example.evidence for example in examples])
    for held in folds:
        known = np.setdiff1d(np.arange(len(examples)), held).tolist()
        model = fit([examples[row] for row in known], counts.rows(known), flags=())
        yield model.read([examples[row].evidence for row in held])
