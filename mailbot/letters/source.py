"""The organisation's words on disk: letters, layouts and blocks, later folders laid over earlier ones file by file."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from mailbot.errors import RuleError

_FENCE = "+++"
_TAG_LINE = re.compile(r"(?m)^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n")


class Audience(StrEnum):
    """Who reads a letter: a complainant or representative, ICE or the Jobcentre, or our own team."""

    COMPLAINANT = "complainant"
    PARTNER = "partner"
    STAFF = "staff"


class Head(BaseModel):
    """What stands between the +++ lines above the words; a block or layout needs none of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str = ""  # when it is sent, for `letters list`
    subject: str = ""  # letters only; " [reference]" is added for readers outside
    audience: Audience = Audience.COMPLAINANT
    layout: str = ""  # a file of layouts/, by default that of the audience
    approval: bool = False  # a person approves each one before it is sent
    final: bool = False  # may say "final": the last stage only
    must_include: tuple[str, ...] = ()  # blocks without which it cannot be sent
    optional: tuple[str, ...] = ()  # facts that may be missing
    sample: Mapping[str, object] = {}  # facts for previews, beside those of samples.toml
    sha256: str = ""  # a block of fixed wording: the hash of its words, as `digest_of` makes it
    verified_on: date | None = None  # when a person compared fixed wording with its source
    source: str = ""  # where fixed wording is published


class Source(BaseModel):
    """One file: its head and its words."""

    model_config = ConfigDict(frozen=True)

    path: Path
    head: Head
    words: str
    first_line: int = 1  # of the words in the file


def digest_of(words: str) -> str:
    """SHA-256 of the words alone: spaces and line ends do not count."""
    return sha256(" ".join(words.split()).encode()).hexdigest()


class Shelf:
    """All files of the given folders by relative name ("letters/holding.md"); the last folder that has one wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._read: dict[str, Source] = {}

    def names(self, kind: str) -> list[str]:
        """The stems of all files of `kind` ("letters", "blocks"), sorted."""
        return sorted({path.stem for folder in self._folders for path in (folder / kind).glob("*.md")})

    def source(self, name: str) -> Source:
        """The file `name`, read once; a RuleError names the file and the key at fault."""
        if name not in self._read:
            self._read[name] = _source(self._path(name))
        return self._read[name]

    def text(self, name: str) -> str:
        """The whole content of a file that has no head, such as frame.html."""
        return _content(self._path(name))

    @cached_property
    def samples(self) -> dict[Audience, dict[str, object]]:
        """Sample facts by audience: the samples.toml of every folder, later ones over earlier ones."""
        merged: dict[Audience, dict[str, object]] = {audience: {} for audience in Audience}
        for path in filter(Path.is_file, (folder / "samples.toml" for folder in self._folders)):
            samples = _toml(path, _content(path))
            for audience in Audience:
                merged[audience] |= samples.pop(audience, {})
            if samples:
                raise RuleError(
                    f"{path}: no audience {', '.join(samples)}", f"there are {', '.join(Audience)}"
                )
        return merged

    def _path(self, name: str) -> Path:
        for folder in reversed(self._folders):
            if (folder / name).is_file():
                return folder / name
        places = ", ".join(map(str, self._folders))
        raise RuleError(f"there is no template {name}", f"add it to one of the template folders: {places}")


def _source(path: Path) -> Source:
    """The head and the words of one file; a file that does not open with +++ is all words."""
    content = _content(path)
    if not content.startswith(_FENCE):
        return Source(path=path, head=Head(), words=_whole(content))
    head, closing, words = content.removeprefix(_FENCE).partition(f"\n{_FENCE}\n")
    if not closing:
        raise RuleError(
            f"{path}: the head has no closing {_FENCE}", "put it on a line of its own before the words"
        )
    return Source(path=path, head=_head(path, head), words=_whole(words), first_line=head.count("\n") + 3)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(
            f"{path} is not in UTF-8: {error.reason}", "save it again with the encoding UTF-8"
        ) from error


def _whole(words: str) -> str:
    """The words with one line end after them, and each line that is only a tag made to leave no line behind.

    The template comment around the line end keeps the count of lines for error messages.
    """
    return _TAG_LINE.sub(r"\1{#\n#}", words.rstrip() + "\n")


def _head(path: Path, head: str) -> Head:
    try:
        return Head.model_validate(_toml(path, head))
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"]))
        raise RuleError(
            f"{path}: {key}: {fault['msg']}", f"keys are {', '.join(Head.model_fields)}"
        ) from error


def _toml(path: Path, text: str) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(
            f"{path}: {error}", "text stands in quotation marks, lists in square brackets"
        ) from error
