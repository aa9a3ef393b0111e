"""Labelled examples, as JSON lines: one file per author, one message per line (docs/examples.md tells the fields)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
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
    """The examples of one file; errors as `read_rows`."""
    return (_example(row, path.stem) for row in read_rows(path, needed=("id", "label")))


def read_rows(path: Path, needed: Iterable[str] = ()) -> Iterator[Row]:
    """The rows of one file; the first that is no message raises RuleError with file, line, id and each wrong field."""
    try:
        with path.open(
            encoding="utf-8-sig"
        ) as lines:  # not str.splitlines: it parts a row at U+2028 in its text
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _checked(line, f"{path} line {number}", needed)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} cannot be read: {error}", "name a file of JSON lines in UTF-8") from error


def _example(row: Row, author: str) -> Example:
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
        live_text=row.get("live") or live_part(body),
        whole_text=body,
        from_address=row.get("from_addr") or "",
        from_name=row.get("from_name") or "",
        to_address=row.get("to_addr") or "",
        is_reply=bool(row.get("reply")),
        attachments=tuple(row.get("attachments") or ()),
        sender_role=row.get("sender_role"),
        sender_verified=row.get("sender_verified"),
        case=CaseFacts(**{name: value for name, value in case.items() if value is not None})
        if case
        else None,
    )


# What a row may hold. Fields that are not named here are for people, and null is the same as leaving a field out.


@dataclass(frozen=True)
class _Form:
    says: str
    holds: Callable[[Any], bool]


_TEXT = _Form("text", lambda value: isinstance(value, str))
_YES_NO = _Form("true or false", lambda value: isinstance(value, bool))
_TEXTS = _Form("a list of texts", lambda value: isinstance(value, list) and all(map(_TEXT.holds, value)))
_FIELDS: Mapping[str, _Form] = {
    "id": _Form("text or a number", lambda value: isinstance(value, str | int)),
    "label": _Form(f"one of {', '.join(Label)}", lambda value: value in tuple(Label)),
    "case": _Form("an object", lambda value: isinstance(value, dict)),
    **dict.fromkeys(("reply", "sender_verified"), _YES_NO),
    **dict.fromkeys(("flags", "attachments"), _TEXTS),
    **dict.fromkeys(("procedure", "kind", "from_name", "from_addr", "to_addr", "sender_role"), _TEXT),
    **dict.fromkeys(("subject", "body", "live"), _TEXT),
}
_CASE = {field.name: _YES_NO if field.type is bool else _TEXT for field in fields(CaseFacts)}
_CASE_NEEDED = tuple(field.name for field in fields(CaseFacts) if field.default is MISSING)


def _checked(line: str, place: str, needed: Iterable[str]) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RuleError(f"{place}: not JSON ({error})", "write one object a line") from error
    if not isinstance(row, dict):
        raise RuleError(f"{place}: not an object", "write one object a line")
    if faults := [*_faults(row, _FIELDS, needed), *_case_faults(row.get("case"))]:
        message = f"{place}, message {row.get('id', 'without an id')}"
        raise RuleError(f"{message}: {', '.join(faults)}", "docs/examples.md says which fields a message has")
    return row


def _faults(row: Row, forms: Mapping[str, _Form], needed: Iterable[str]) -> Iterator[str]:
    for name in needed:
        if row.get(name) is None:
            yield f"{name!r} is missing"
    for name, form in forms.items():
        if (value := row.get(name)) is not None and not form.holds(value):
            yield f"{name!r} must be {form.says}"


def _case_faults(case: Any) -> Iterator[str]:
    if not isinstance(case, dict):
        return
    for name in case:
        if name not in _CASE:
            yield f"its case has an unknown key {name!r} (known: {', '.join(_CASE)})"
    for fault in _faults(case, _CASE, _CASE_NEEDED):
        yield f"in its case {fault}"
