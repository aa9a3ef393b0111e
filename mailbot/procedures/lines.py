"""On which line of a TOML file a key stands, so that a fault can be found by eye."""

import re

Loc = tuple[int | str, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def line_of(text: str, loc: Loc) -> int | None:
    """The line (from 1) of the key at `loc`, such as ("version", 0, "stage", 1, "label"), or of what holds it."""
    known = _lines(text)
    for length in range(len(loc), 0, -1):
        if line := known.get(loc[:length]):
            return line
    return None


def _lines(text: str) -> dict[Loc, int]:
    found: dict[Loc, int] = {}
    latest: dict[Loc, int] = {}  # the index of the last entry of each array of tables
    table: Loc = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _enter(header[2].split("."), header[1] == "[[", latest)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
    return found


def _enter(names: list[str], is_array: bool, latest: dict[Loc, int]) -> Loc:
    """The place that a header opens; a name that is an array stands for its last entry."""
    place: Loc = ()
    for name in names:
        place = (*place, name.strip())
        last = name is names[-1]
        if last and is_array:
            latest[place] = latest.get(place, -1) + 1
        if place in latest:
            place = (*place, latest[place])
    return place
