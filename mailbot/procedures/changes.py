"""What a new version of a procedure changes, in lines a person can read."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import pairwise

from mailbot.casework.procedure import Period, Procedure
from mailbot.procedures.history import History


def diff(history: History) -> list[str]:
    """For each version after the first: a heading, and a line for each value that is new, gone or different."""
    lines = [f"{history.id}: {len(history.versions)} version{'s' * (len(history.versions) > 1)}"]
    for before, after in pairwise(history.versions):
        lines.append(f"from {after.version} (before: {before.version})")
        lines += [f"  {line}" for line in _changes(before, after)] or ["  nothing changes"]
    return lines


def _changes(before: Procedure, after: Procedure) -> list[str]:
    old, new = dict(_values(before)), dict(_values(after))
    keys = [key for key in {**old, **new} if key != "version"]
    return [_line(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _line(key: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{key}: new, {new}"
    return f"{key}: gone (was {old})" if new is None else f"{key}: {old} becomes {new}"


def _values(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Every plain value inside `value` with the path to it; entries of lists go by their id or name."""
    if isinstance(value, Period):
        yield at, f"{value.amount} {value.unit.replace('_', ' ')}"
    elif is_dataclass(value):
        for item in fields(value):
            yield from _values(getattr(value, item.name), f"{at}.{item.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _values(entry, f"{at}.{key}")
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from _values(entry, f"{at}[{_known_as(entry, number)}]")
    elif value is not None:
        yield at, str(value.value if isinstance(value, Enum) else value)


def _known_as(entry: object, number: int) -> object:
    return getattr(entry, "id", None) or getattr(entry, "name", None) or number
