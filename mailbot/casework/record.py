"""Events as they are kept: facts and changes as canonical JSON, each chained to the one before it by a hash."""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from mailbot.casework.changes import Changes
from mailbot.casework.facts import KINDS, Fact, kind_of

_T = TypeVar("_T")

FIRST_LINK = "0" * 64
"""What the first event of a case names as the one before it."""


@dataclass(frozen=True)
class Event:
    """Something that happened, why, and all that followed from it, decided once and never again."""

    number: int  # 1, 2, ... on its case
    recorded: datetime
    cause: str  # "message 17", "timer", "person ann@team.example"
    fact: Fact
    changes: Changes

    @property
    def kind(self) -> str:
        return kind_of(self.fact)


def body_of(event: Event) -> str:
    """The event as canonical JSON: same event, same text."""
    record = {
        "number": event.number,
        "recorded": event.recorded.isoformat(),
        "cause": event.cause,
        "kind": event.kind,
        "fact": plain(event.fact),
        "changes": plain(event.changes),
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_from(body: str) -> Event:
    record = json.loads(body)
    return Event(
        number=record["number"],
        recorded=datetime.fromisoformat(record["recorded"]),
        cause=record["cause"],
        fact=rich(KINDS[record["kind"]], record["fact"]),
        changes=rich(Changes, record["changes"]),
    )


def link(previous: str, body: str) -> str:
    """The hash that seals an event to the one before it (SHA-256, hex)."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """A dataclass as JSON values; fields that hold their empty value are left out."""
    if is_dataclass(value):
        kept = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: plain(part) for name, part in kept if part not in (None, (), "")}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def rich(type_: type[_T], data: Mapping[str, Any]) -> _T:
    """The dataclass that `plain` was given; raises KeyError or TypeError when the record is of another shape."""
    hints: dict[str, Any] = _hints(type_)  # type: ignore[arg-type]  # types are hashable; mypy doubts generics
    given = {name: _value(hints[name], part) for name, part in data.items()}
    empty = {item.name: _empty(item, hints[item.name]) for item in fields(type_) if item.name not in given}  # type: ignore[arg-type]  # _T is a dataclass
    return type_(**empty, **given)


@lru_cache
def _hints(type_: Any) -> dict[str, Any]:
    return get_type_hints(type_)


def _value(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], part) for part in data)
    if is_dataclass(hint):
        return rich(hint, data)  # type: ignore[arg-type]  # a dataclass type, not an instance
    if hint in (datetime, date):
        return hint.fromisoformat(data)
    return hint(data) if isinstance(hint, type) and issubclass(hint, Enum) else data


def _empty(item: Field[Any], hint: Any) -> Any:
    """What a field that was left out held; a number or a yes-no that is younger than the record has its default."""
    if get_origin(hint) is tuple:
        return ()
    if hint is str:
        return ""
    return None if type(None) in get_args(hint) else item.default
