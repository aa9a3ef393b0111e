"""Facts made safe before a letter reuses them: one line, no control characters, no markup, capped in length."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass

from jinja2 import Undefined

LONGEST = 600  # characters of one reused value
LONGEST_PROSE = 20_000  # characters of a passage that a person drafted
_CAP_MARK = "…"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_PARAGRAPH_END = re.compile(r"\r?\n\s*\n")


class Prose(str):
    """A passage that a person drafted for this letter: paragraphs are kept, markup is not."""


class Absent(Undefined):
    """A fact known to be missing: false in `{% if %}`, empty in `{% for %}`, an error that names it when printed."""

    __slots__ = ()

    def __str__(self) -> str:
        self._fail_with_undefined_error()


def clean(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with None and empty texts made Absent and every text safe, however deep; keys stay."""
    return {name: _safe(value, name) for name, value in facts.items()}


def one_line(text: str, longest: int = LONGEST) -> str:
    """`text` without line breaks, control or invisible direction characters, at most `longest` characters."""
    line = " ".join(_visible(text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + _CAP_MARK


def as_words(value: object) -> str:
    """A printed value as literal words of the letter: nothing in it can act as markup."""
    if isinstance(value, Prose):
        paragraphs = _PARAGRAPH_END.split(value.strip())
        return "\n\n".join(_literal(one_line(paragraph, LONGEST_PROSE)) for paragraph in paragraphs)
    return _literal(one_line(str(value)))


def _safe(value: object, name: str) -> object:
    match value:
        case None:
            return Absent(name=name)
        case str():
            return _visible(value[:LONGEST_PROSE]) if one_line(value) else Absent(name=name)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _safe(asdict(value), name)
        case Mapping():
            return {key: _safe(item, f"{name}.{key}") for key, item in value.items()}
        case Sequence():
            return [_safe(item, name) for item in value]
    return value


def _visible(text: str) -> str:
    """`text` with its line ends (`prose` splits there), other white space as spaces, and nothing that hides."""
    if text.isprintable():
        return text
    return "".join(
        char if char in "\r\n" else " " if char.isspace() else char for char in text if not _hides(char)
    )


def _hides(char: str) -> bool:
    """Control, direction, private and broken characters, unless they are white space."""
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Cn"} and not char.isspace()


def _literal(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", text)
