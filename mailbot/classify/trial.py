"""Honest trials: every example classified by a model that never saw its sender, or its whole author."""

from collections.abc import Callable, Sequence

from sklearn.model_selection import GroupKFold

from mailbot.classify.classifier import Classifier
from mailbot.classify.corpus import Example
from mailbot.classify.cues import Cue
from mailbot.classify.text_model import train
from mailbot.classify.verdict import Evidence, Verdict

_FOLDS = 5

Change = Callable[[Evidence], Evidence]


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
    examples: Sequence[Example],
    folds: Sequence[int],
    cues: tuple[Cue, ...] = (),
    change: Change | None = None,
) -> list[Verdict]:
    """A verdict for each example from a model learnt without its fold; `change` masks what a test takes away."""
    verdicts: dict[int, Verdict] = {}
    for fold in sorted(set(folds)):
        rows = [row for row, own in enumerate(folds) if own == fold]
        known = [example for example, own in zip(examples, folds, strict=True) if own != fold]
        model = Classifier(train(known), cues, "trial")
        messages = [examples[row].evidence for row in rows]
        asked = [change(message) for message in messages] if change else messages
        verdicts |= dict(zip(rows, model.classify(asked), strict=True))
    return [verdicts[row] for row in range(len(examples))]
