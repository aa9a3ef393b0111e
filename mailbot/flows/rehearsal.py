"""A dry run: messages go the whole way on a copy of the store, and only what would happen is left."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mailbot.flows.parts import Parts
from mailbot.flows.triage import triage
from mailbot.letters import words
from mailbot.mail.parse import parse
from mailbot.settings import Settings
from mailbot.store import cases, messages, outbox
from mailbot.store.database import Row, Store, open_store


@dataclass(frozen=True)
class WouldSend:
    name: str
    recipient: str
    subject: str
    text: str


@dataclass(frozen=True)
class Rehearsed:
    """What would become of one message."""

    name: str
    state: str
    reason: str
    label: str
    case_ref: str
    promises: tuple[str, ...]
    letters: tuple[WouldSend, ...]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def rehearse(parts: Parts, mail: Sequence[tuple[str, bytes, datetime]]) -> Iterator[Rehearsed]:
    """Let (name, raw bytes, received) go through triage in order, as if the first mailbox had mode "send"."""
    box = parts.settings.mailbox[0].model_copy(update={"mode": "send"})
    settings = parts.settings.model_copy(update={"mailbox": (box, *parts.settings.mailbox[1:])})
    with tempfile.TemporaryDirectory(prefix="mailbot-replay-") as folder:
        store = _copy(settings, Path(folder) / "copy.db")
        on_copy = replace(parts, settings=settings, store=store)
        try:
            for name, content, received in mail:
                place = messages.Place(box.name, "replay", "", name)
                with store.write() as connection:
                    messages.keep(
                        connection, place, content, direction="in", received=received, stored=received
                    )
                    before = {row["id"] for row in outbox.everything(connection)}
                triage(on_copy, box, received)
                yield _outcome(on_copy, name, place, before)
        finally:
            store.close()


def _copy(settings: Settings, path: Path) -> Store:
    """A store with all that is known now; an empty one where there is no database file to copy."""
    source = settings.database.removeprefix("sqlite:///")
    if settings.database.startswith("sqlite:///") and Path(source).exists():
        with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as known, sqlite3.connect(path) as copy:
            known.backup(copy)
    return open_store(f"sqlite:///{path}")


def _outcome(parts: Parts, name: str, place: messages.Place, before: set[int]) -> Rehearsed:
    with parts.store.read() as connection:
        row = messages.at(connection, place)
        letters = [letter for letter in outbox.everything(connection) if letter["id"] not in before]
        ref = str(row["case_ref"])
        case = cases.load(connection, ref) if ref else None
    promises = case.running if case else ()
    return Rehearsed(
        name=name,
        state=str(row["state"]),
        reason=str(row["reason"]),
        label=str(row["label"]),
        case_ref=ref,
        promises=tuple(
            f"{promise.id} by {words.long_moment(promise.due, parts.zone)}" for promise in promises
        ),
        letters=tuple(_letter(letter) for letter in letters),
    )


def _letter(row: Row) -> WouldSend:
    message = parse(outbox.letter_of(row))
    return WouldSend(str(row["letter"]), str(row["recipient"]), message.subject, message.text)
