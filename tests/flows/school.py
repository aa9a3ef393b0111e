"""A small school: a few examples by three writers, from which a classifier is learnt in a moment."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mailbot import shipped
from mailbot.casework.labels import Label

SAID = {
    Label.NEW_COMPLAINT: "My adviser let me down about my {}. I want to complain about this poor service.",
    Label.ESCALATION: "Your answer about my {} missed the point. Please take it to the next stage for a review.",
    Label.ICE_CORRESPONDENCE: "The Independent Case Examiner has a case about the {}. Send us your papers.",
    Label.CONTRIBUTION_REQUEST: "The Jobcentre is to answer about the {}. Please send your part of our reply.",
    Label.OTHER: "Thank you for your help with the {}. See you on Monday as we agreed.",
}
TAUGHT = ("bus fare", "course", "shoes")
"""What its examples are about."""
KETTLES = "Kettle fund returns wanted for quarter {}. Kettle forms enclosed, kettle office waits."
"""Words of which the school has not heard; three such messages are enough to learn them."""


def make_school(folder: Path) -> Path:
    """The folder of examples; in `validation` are those that teach nobody."""
    for writer in ("anna", "ben", "cleo"):
        write_rows(folder / f"{writer}.jsonl", TAUGHT)
    write_rows(folder / "validation" / "kept.jsonl", ("appointment", "ticket", "telephone call"))
    (folder / "histories").mkdir()
    for name in ("kinds.toml", "flags.toml", "calibration.toml"):
        shutil.copy(shipped.folder("classifiers") / "message_kind" / name, folder)
    return folder


def write_rows(file: Path, things: Sequence[str]) -> None:
    """A file with a message of each label about each thing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in _rows(things)), "utf-8")


def _rows(things: Sequence[str]) -> Iterator[dict[str, Any]]:
    for label, words in SAID.items():
        for thing in things:
            yield {
                "id": f"{label}/{thing}",
                "label": label,
                "procedure": "restart",
                "from_addr": f"{thing.replace(' ', '.')}@home.example",
                "to_addr": "restart.complaints@serco.example",
                "subject": "My adviser",
                "body": words.format(thing),
            }
