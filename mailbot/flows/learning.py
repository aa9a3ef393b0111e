"""Learning from people: their answers become labelled examples, kept here, never shipped, and tried before they count."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from mailbot.casework.labels import Label
from mailbot.classify.classifier import load
from mailbot.classify.corpus import Example, read_examples
from mailbot.errors import place_of
from mailbot.flows.parts import Parts
from mailbot.flows.reading import Reading
from mailbot.mail.parse import parse
from mailbot.mail.reply_text import live_text
from mailbot.store import corrections, messages
from mailbot.store.database import Row

_log = structlog.get_logger()
_WORDS = "corrections.jsonl"
_NOISE = 0.005  # macro F1 of the kept messages goes down by so much when two or three doubtful ones tip over
_NOTHING_NEW = "nothing new to learn from, the model in use stays"
_TAKEN = "the new model is no worse and is taken: restart mailbot to use it"


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
    """Train with the corrections, and take the new model only if it is no worse on the `kept` examples.

    Macro F1 is held against the model without any corrections, so that it cannot sink a little with each training.
    A second run without new corrections finds nothing to try. What is refused leaves no trace.
    """
    from mailbot.classify.measure import evaluate  # here: its metrics take a second to import

    cache = parts.settings.cache
    taken = learned_folder(cache)
    words = _corrections(parts)
    untaught = evaluate(load(examples, cache, own), kept)
    before = evaluate(load(examples, cache, [*own, taken]), kept) if taken.is_dir() else untaught
    if words == _read(taken / _WORDS):
        return Trial(len(words), True, _NOTHING_NEW, before, before)
    with TemporaryDirectory(dir=cache, prefix="tried-") as tried:
        file = _write(Path(tried) / _WORDS, words)
        after = evaluate(load(examples, cache, [*own, file.parent]), kept)
        fault = worse(before, after, untaught["macro_f1"]["value"] - _NOISE)
        if not fault:
            taken.mkdir(exist_ok=True, mode=0o700)
            file.replace(taken / _WORDS)  # a daemon that starts now reads the old ones or the new, whole
    reason = f"the new model is not taken: {fault}" if fault else _TAKEN
    return Trial(len(words), not fault, reason, before, after)


def worse(before: dict[str, Any], after: dict[str, Any], least: float) -> str:
    """In what the new model is worse; "" when in nothing that matters. `least` is the lowest macro F1 allowed."""
    if after["macro_f1"]["value"] < least:
        return f"macro F1 falls to {after['macro_f1']['value']:.3f}, and {least:.3f} is the least allowed"
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


def _corrections(parts: Parts) -> list[str]:
    """The last word on each message, as lines of a file of examples; oldest first."""
    with parts.store.read() as connection:
        rows = [(word, messages.get(connection, word["message"])) for word in corrections.latest(connection)]
    return [line for word, message in rows if (line := _line(parts, word, message))]


def _line(parts: Parts, word: Row, row: Row) -> str:
    """A corrected message as a line; "" when it cannot be read, which is often why a person had to say what it is."""
    try:
        return json.dumps(_example(parts, word, row), ensure_ascii=False)
    except Exception as error:  # one bad message must not end all learning
        _log.error("not learnt from", message=row["id"], fault=place_of(error))
        return ""


def _read(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")[:-1] if file.exists() else []


def _write(file: Path, lines: Sequence[str]) -> Path:
    """Write what people wrote to us where nobody else can read it."""
    file.touch(mode=0o600)
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


def _example(parts: Parts, word: Row, row: Row) -> dict[str, Any]:
    """A corrected message in the form of docs/examples.md, with what was known besides when it was judged."""
    message = parse(messages.content_of(word), word["received"])
    box = parts.boxes.get(row["mailbox"])  # none when it is no longer configured
    return {
        "id": f"correction-{word['id']}",
        "procedure": box.procedure if box else "",
        "label": word["label"],
        "by": word["by"],
        "at": word["at"].isoformat(),
        "from_name": row["sender_name"],
        "from_addr": row["sender"],
        "to_addr": box.address if box else "",
        "subject": message.subject,
        "body": message.text,
        "live": live_text(message),
        "reply": bool(message.in_reply_to or message.references),
        "attachments": [attachment.name for attachment in message.attachments],
        **(row["verdict"] or {}).get("known", {}),
    }
