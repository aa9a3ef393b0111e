"""The classifier: evidence in, verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mailbot.classify import calibration, keep
from mailbot.classify.calibration import Calibration
from mailbot.classify.corpus import read_examples
from mailbot.classify.decide import decided
from mailbot.classify.flags import Flags, read_flags
from mailbot.classify.reasons import KindWords, read_kind_words, reasons_for
from mailbot.classify.text_model import TextModel, train
from mailbot.classify.verdict import Evidence, Verdict


@dataclass(frozen=True)
class Classifier:
    """Reads messages; holds no state besides the trained model."""

    model: TextModel
    calibration: Calibration
    kind_words: KindWords
    flags: Flags
    version: str  # the fingerprint of what it was learnt from

    def classify(self, messages: Sequence[Evidence]) -> list[Verdict]:
        """One verdict a message, in order; many at once are quicker than one by one."""
        if not messages:
            return []
        opinion = self.model.read(messages)
        verdicts = decided(self.calibration.log_odds(opinion), messages)
        parts = zip(messages, verdicts, opinion.kinds, opinion.flags, strict=True)
        return [self._explained(*part) for part in parts]

    def _explained(
        self, message: Evidence, verdict: Verdict, kinds: NDArray[np.float64], flags: NDArray[np.float64]
    ) -> Verdict:
        return replace(
            verdict,
            flags=self.flags.of(message, dict(zip(self.model.flags, flags.tolist(), strict=True))),
            reasons=reasons_for(message, verdict, kinds, self.model, self.kind_words),
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
        model,
        calibration.read(folder / "calibration.toml"),
        read_kind_words(folder / "kinds.toml"),
        read_flags(folder / "flags.toml"),
        version,
    )
