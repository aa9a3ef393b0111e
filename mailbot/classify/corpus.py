"""Labelled examples, as JSON lines: one file per author, one message per line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailbot.casework.labels import Label
from mailbot.classify.quoting import live_part
from mailbot.classify.verdict import CaseFacts, Evidence
from mailbot.errors import RuleError

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """A message with the label that careful readers gave it."""

    id: str
    author: str  # the file it came from, without its ending: one writer's hand
    evidence: Evidence
    label: Label
    kind: str
    flags: tuple[str, ...]

    @property
    def hand(self) -> str:
        """The writer: files named "second-borders" and "second-daily" are one writer's."""
        return self.author.partition("-")[0]

    @property
    def sender(self) -> str:
        return self.evidence.from_address.lower()


def read_examples(folders: Iterable[Path]) -> list[Example]:
    """Every example in the folders' own *.jsonl files, in the order of file names and lines."""
    return [
        example
        for folder in folders
        for path in sorted(folder.glob("*.jsonl"))
        for example in read_file(path)
    ]


def read_file(path: Path) -> Iterator[Example]:
    """The examples of one file; a line that cannot be read raises RuleError with its number."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield example_from(json.loads(line), path.stem)
        except (ValueError, KeyError, TypeError) as error:
            raise RuleError(f"{path.name} line {number}: not a labelled example ({error})") from error


def example_from(row: Row, author: str) -> Example:
    """One row of the corpus as an example; KeyError or ValueError when id or label are missing or unknown."""
    return Example(
        id=str(row["id"]),
        author=author,
        evidence=evidence_from_corpus(row),
        label=Label(row["label"]),
        kind=row.get("kind") or "",
        flags=tuple(row.get("flags") or ()),
    )


def evidence_from_corpus(row: Row) -> Evidence:
    """What the classifier would be told of a corpus row; only the message itself unless the row has a "case"."""
    body = row.get("body") or ""
    case = row.get("case")
    return Evidence(
        procedure=row.get("procedure") or "",
        subject=row.get("subject") or "",
        live_text=live_part(body),
        whole_text=body,
        from_address=row.get("from_addr") or "",
        from_name=row.get("from_name") or "",
        to_address=row.get("to_addr") or "",
        is_reply=bool(row.get("reply")),
        attachments=tuple(row.get("attachments") or ()),
        sender_role=row.get("sender_role"),
        sender_verified=row.get("sender_verified"),
        case=CaseFacts(**case) if case else None,
    )
