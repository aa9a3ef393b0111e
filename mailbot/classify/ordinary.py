"""Ordinary mail, which the safeguarding detector learns to leave alone and is measured by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.classify.corpus import read_examples


@dataclass(frozen=True)
class Ordinary:
    """A message that should page nobody."""

    id: str
    hand: str
    text: str  # subject and what was written now, as the detector is given it


def ordinary_mail(classifiers: Path) -> Sequence[Ordinary]:
    """The messages of message_kind, less those flagged safeguarding and those that real_concerns.txt names."""
    return list(_ordinary(classifiers))


def _ordinary(classifiers: Path) -> Iterator[Ordinary]:
    real = set((classifiers / "safeguarding" / "real_concerns.txt").read_text("utf-8").split())
    for example in read_examples([classifiers / "message_kind"]):
        if "safeguarding" not in example.flags and example.id not in real:
            text = f"{example.evidence.subject}\n{example.evidence.live_text}"
            yield Ordinary(example.id, example.hand, text)
