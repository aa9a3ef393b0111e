"""The classifier: evidence in, verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from mailbot.classify import keep
from mailbot.classify.corpus import read_examples
from mailbot.classify.decide import too_unsure
from mailbot.classify.facts import shifted
from mailbot.classify.flags import Flags, read_flags
from mailbot.classify.reasons import KindWords, read_kind_words, reasons_for
from mailbot.classify.text_model import LABELS, TextModel, train
from mailbot.classify.verdict import Evidence, Verdict


@dataclass(frozen=True)
class Classifier:
    """Reads messages; holds no state besides the trained model."""

    model: TextModel
    kind_words: KindWords
    flags: Flags
    version: str  # the fingerprint of what it was learnt from

    def classify(self, messages: Sequence[Evidence]) -> list[Verdict]:
        """One verdict a message, in order; many at once are quicker than one by one."""
        if not messages:
            return []
        opinion = self.model.read(messages)
        shares = softmax(shifted(opinion.scores, messages), axis=1)
        parts = zip(messages, shares, opinion.kinds, opinion.flags, strict=True)
        return [self._verdict(*part) for part in parts]

    def _verdict(
        self,
        message: Evidence,
        shares: NDArray[np.float64],
        kinds: NDArray[np.float64],
        flags: NDArray[np.float64],
    ) -> Verdict:
        probabilities = {label: float(value) for label, value in zip(LABELS, shares, strict=True)}
        label = max(LABELS, key=lambda one: probabilities[one])
        return Verdict(
            label=label,
            confidence=probabilities[label],
            probabilities=probabilities,
            abstained=too_unsure(probabilities, label),
            flags=self.flags.of(message, dict(zip(self.model.flags, flags.tolist(), strict=True))),
            reasons=reasons_for(message, label, probabilities, kinds, self.model, self.kind_words),
        )


def teaching(folder: Path, further: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The folders whose examples teach: messages by themselves, messages on known cases, and local ones."""
    return (folder, folder / "histories", *further)


def load(folder: Path, cache: Path | None = None, further: Sequence[Path] = ()) -> Classifier:
    """The classifier learnt from the examples in `folder` and `further` folders of local ones.

    Read from `cache` (a folder) when it holds this very model, else trained (tens of seconds) and kept there.
    """
    folders = teaching(folder, further)
    version = keep.fingerprint(folders)
    path = keep.place_for(version, cache) if cache else None
    model = keep.read(path) if path else None
    if model is None:
        model = train(read_examples(folders))
        if path:
            keep.save(model, path)
    return Classifier(
        model, read_kind_words(folder / "kinds.toml"), read_flags(folder / "flags.toml"), version
    )
