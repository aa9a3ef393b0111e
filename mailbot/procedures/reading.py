"""From a TOML file to a validated table; a fault names the file, the line, the key and what is allowed."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mailbot.errors import RuleError
from mailbot.procedures.lines import Loc, line_of
from mailbot.procedures.table import UNKNOWN_KEY, Table

_T = TypeVar("_T", bound=Table)


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to know: where, what, how; and whether letters may go out before it is mended."""

    file: str
    key: str
    problem: str
    mend: str = ""
    blocks_sending: bool = True
    line: int | None = None
    procedure: str = ""

    def __str__(self) -> str:
        where = f"{self.file}{f', line {self.line}' if self.line else ''}"
        return f"{where}: {self.key + ': ' if self.key else ''}{self.problem}"


class FaultyFile(RuleError):  # noqa: N818 - it names the thing that is wrong
    """A rules file that cannot be used, with each of its faults."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)), "mend the file, then run `mailbot rules check`")
        self.findings = tuple(findings)


def find(folders: Iterable[Path], kind: str, name: str) -> Path | None:
    """The file `kind/name.toml` of the last folder that has it."""
    found = [path for folder in folders if (path := folder / kind / f"{name}.toml").is_file()]
    return found[-1] if found else None


def names(folders: Iterable[Path], kind: str) -> list[str]:
    """The names, in order, of the files of `kind` in any folder."""
    return sorted({path.stem for folder in folders for path in (folder / kind).glob("*.toml")})


def read(path: Path, table: type[_T]) -> _T:
    """The file at `path` as a `table`. Raises FaultyFile."""
    text = path.read_text(encoding="utf-8")
    try:
        return table.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Finding(str(path), "", f"this is not TOML: {error}")]) from error
    except ValidationError as error:
        raise FaultyFile(_findings(path, text, error)) from error


def _findings(path: Path, text: str, error: ValidationError) -> list[Finding]:
    """Each fault where it lies; a list that fails only because of its entries is left out."""
    faults = [(_place(fault), fault["msg"]) for fault in error.errors()]
    return [
        Finding(str(path), key_words(place), message, line=line_of(text, place))
        for place, message in faults
        if not any(_lies_in(other, place) for other, _ in faults)
    ]


def _place(fault: ErrorDetails) -> Loc:
    """Where the fault lies: the unknown key itself rather than the table that has it."""
    if fault["type"] == UNKNOWN_KEY:
        return (*fault["loc"], fault["ctx"]["key"])
    return fault["loc"]


def _lies_in(place: Loc, whole: Loc) -> bool:
    return len(place) > len(whole) and place[: len(whole)] == whole


def key_words(loc: Loc) -> str:
    """A place in a file the way people write it: version[0].stage[1].label."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
