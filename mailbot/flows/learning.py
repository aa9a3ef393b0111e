"""Learning from people: their answers become labelled examples, kept here, never shipped, and tried before they count."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailbot.casework.labels import Label
from mailbot.classify.classifier import load
from mailbot.classify.corpus import Example, read_examples
from mailbot.flows.parts import Parts
from mailbot.flows.reading import Reading
from mailbot.mail.parse import parse
from mailbot.store import corrections, messages

_WORDS = "corrections.jsonl"


def to_check(parts: Parts, reading: Reading) -> bool:
    """Whether this sure answer is one of the few that a person checks: chosen by the message's own digest."""
    return int(reading.digest[:8], 16) % 100 < parts.settings.checked_of_100


@dataclass(frozen=True)
class Trial:
    """What came of `mailbot train`."""

    corrections: int
    accepted: bool
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


def learned_folder(cache: Path) -> Path:
    """The folder of local examples that have been tried and taken; it need not exist."""
    return cache / "learned"


def train(parts: Parts, examples: Path, own: Sequence[Path], kept: Sequence[Example]) -> Trial:
    """Train with the corrections, and take the new model only if it is no worse on the `kept` examples."""
    from mailbot.classify.measure import evaluate  # here: its metrics take a second to import

    cache = parts.settings.cache
    tried = cache / "tried"
    number = _write_examples(parts, tried)
    taken = learned_folder(cache)
    before = evaluate(load(examples, cache, [*own, *([taken] if taken.is_dir() else [])]), kept)
    after = evaluate(load(examples, cache, [*own, tried]), kept)
    reason = worse(before, after)
    if not reason:
        shutil.copytree(tried, taken, dirs_exist_ok=True)
    return Trial(number, not reason, reason or "no worse than the model in use", before, after)


def worse(before: dict[str, Any], after: dict[str, Any]) -> str:
    """In what the new model is worse; "" when in nothing that matters."""
    if after["macro_f1"]["value"] < before["macro_f1"]["value"]:
        return "macro F1 falls"
    for label in (
        Label.NEW_COMPLAINT,
        Label.ESCALATION,
        Label.ICE_CORRESPONDENCE,
        Label.CONTRIBUTION_REQUEST,
    ):
        old, new = before["labels"].get(label.value), after["labels"].get(label.value)
        if old and new and new["recall"] < old["recall"]:
            return f"finds fewer {label.value.replace('_', ' ')} messages"
    lost = "complaints_surely_called_other"
    if (after[lost]["count"] or 0) > (before[lost]["count"] or 0):
        return "more complaints would surely be called other"
    return ""


def kept_examples(folder: Path) -> list[Example]:
    """The validation set: examples that no model is ever taught."""
    return read_examples([folder / "validation"])


def _write_examples(parts: Parts, folder: Path) -> int:
    """The corrections as a file of examples, readable by nobody else; how many there are."""
    with parts.store.read() as connection:
        words = corrections.latest(connection)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / _WORDS).open("w", encoding="utf-8") as file:
        for word in words:
            file.write(json.dumps(_example(parts, word), ensure_ascii=False) + "\n")
    return len(words)


def _example(parts: Parts, word: Any) -> dict[str, Any]:
    """A corrected message in the form of the shipped examples (classifiers/README)."""
    message = parse(messages.content_of(word), word["received"])
    sender = message.sender
    return {
        "id": f"correction-{word['id']}",
        "procedure": parts.boxes[word["mailbox"]].procedure,
        "label": word["label"],
        "from_name": sender.name if sender else "",
        "from_addr": sender.address if sender else "",
        "to_addr": parts.boxes[word["mailbox"]].address,
        "subject": message.subject,
        "body": message.text,
        "reply": bool(message.in_reply_to or message.references),
        "attachments": [attachment.name for attachment in message.attachments],
    }
