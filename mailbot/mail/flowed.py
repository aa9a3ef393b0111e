"""Text of type format=flowed (RFC 3676): lines that a mail program broke become the paragraphs that a person wrote."""

import re
from collections.abc import Iterator, Mapping

_SIGNATURE = "-- "  # fixed by RFC 3676 section 4.3, though it ends in a space
_QUOTED = re.compile(r">*")


def is_flowed(type_parameters: Mapping[str, str]) -> bool:
    return type_parameters.get("format", "").strip().lower() == "flowed"


def unwrapped(text: str, type_parameters: Mapping[str, str]) -> str:
    """`text` with every flowed line joined to the next one of its quote depth; quote marks stay before each line."""
    deletes_space = type_parameters.get("delsp", "").strip().lower() == "yes"
    return "\n".join(_paragraphs(text.split("\n"), deletes_space))


def _paragraphs(lines: list[str], deletes_space: bool) -> Iterator[str]:
    pending: list[str] = []
    depth = 0
    for line in lines:
        marks = len(_QUOTED.match(line)[0])  # type: ignore[index]  # it matches nothing at all, too
        content = line[marks:].removeprefix(" ")  # stuffed, RFC 3676 section 4.4
        if pending and (marks != depth or content == _SIGNATURE):
            yield _quoted(depth, pending)
            pending = []
        depth = marks
        flows = content.endswith(" ") and content != _SIGNATURE
        pending.append(content[:-1] if flows and deletes_space else content)
        if not flows:
            yield _quoted(depth, pending)
            pending = []
    if pending:
        yield _quoted(depth, pending)


def _quoted(depth: int, pieces: list[str]) -> str:
    said = "".join(pieces)
    return f"{'>' * depth} {said}" if depth and said else ">" * depth + said
