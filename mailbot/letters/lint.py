"""What a careful reader would object to in the organisation's letters, found before anyone receives one."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from mailbot.errors import RuleError
from mailbot.letters.source import Audience, Head, Shelf, digest_of

if TYPE_CHECKING:
    from mailbot.letters.library import Letters, Rendered

# Lock screens show this much; the reference comes after it.
_SUBJECT_LENGTH = range(20, 51)


class Level(StrEnum):
    FAULT = "fault"  # must be mended before the letter is sent
    UNVERIFIED = "unverified"  # a person must compare it with its source and set verified_on


@dataclass(frozen=True)
class Finding:
    """One objection: the file or letter, what is wrong with it, and how bad that is."""

    where: str
    problem: str
    level: Level = Level.FAULT


def findings(letters: "Letters") -> list[Finding]:
    """Every objection to every letter, with all facts and again without the optional ones, and to fixed wording."""
    found = [finding for name in letters.names() for finding in objections(letters, name)]
    wording = [finding for kind in ("letters", "blocks") for finding in _fixed_wording(letters.shelf, kind)]
    return list(dict.fromkeys(found + wording))


def objections(letters: "Letters", name: str) -> Iterator[Finding]:
    """The objections to one letter; the first fault that keeps it from being rendered ends the reading."""
    try:
        head = letters.head(name)
        checks = _FOR_ALL if head.audience is Audience.STAFF else _FOR_ALL + _FOR_READERS_OUTSIDE
        full = letters.sample(name)
        for facts in (full, full | dict.fromkeys(letters.anatomy(name).optional)):
            rendered = letters.render(name, facts)
            yield from (Finding(name, problem) for check in checks for problem in check(head, rendered))
    except RuleError as error:
        yield Finding(name, error.problem)


def _fixed_wording(shelf: Shelf, kind: str) -> Iterator[Finding]:
    """Wording that is published elsewhere, or states facts about others: changed, or never compared."""
    for name in shelf.names(kind):
        source = shelf.source(f"{kind}/{name}.md")
        digest = digest_of(source.words)
        if source.head.sha256 and digest != source.head.sha256:
            yield Finding(name, f"the fixed wording was changed: its hash is now {digest}")
        if source.head.source and source.head.verified_on is None:
            problem = f"no person has compared it with its source: {source.head.source}"
            yield Finding(name, problem, Level.UNVERIFIED)


# --- checks: each answers the problems it sees -------------------------------------------------------------------

_BROKEN = ("[email", "protected]", "{{", "}}", "{%", "lorem ipsum", "TODO", "TBC", "XXX")
_NOT_TO_PEOPLE = (
    *(
        "vulnerable",
        "vexatious",
        "low priority",
        "sorry you feel",
        "as soon as possible",
        "shortly",
        "in due course",
    ),
    *("midnight", "we consider this matter closed", "we take your complaint seriously"),
)
_TITLES = re.compile(r"\b(Mr|Mrs|Ms|Miss|Mx|Sir|Madam)\b\.?")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"(?:(\w+day) )?(?<!\d)(\d{{1,2}}) ({_MONTHS})\b(?: (\d{{4}}))?")
_NUMBER_DATE = re.compile(r"\b(\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4})\b")


def _broken_pieces(_: Head, letter: "Rendered") -> Iterable[str]:
    return [f"holds {piece!r}" for piece in _BROKEN if piece in letter.text or piece in letter.subject]


def _parts_differ(_: Head, letter: "Rendered") -> Iterable[str]:
    return [] if same_words(letter) else ["text and HTML say different things"]


def same_words(letter: "Rendered") -> bool:
    """Whether both parts hold the same words in the same order."""
    return _words(letter.text) == _words(_seen(letter.html))


def _pictures(_: Head, letter: "Rendered") -> Iterable[str]:
    tags = ("<img", "<script", "<link", "<iframe", "background=", "url(")
    return [f"HTML holds {tag}" for tag in tags if tag in letter.html.lower()]


def _subject_length(_: Head, letter: "Rendered") -> Iterable[str]:
    words = letter.subject.rpartition(" [")[0]
    if len(words) in _SUBJECT_LENGTH:
        return []
    return [f"the subject is {len(words)} characters before the reference, 20 to 50 are wanted: {words!r}"]


def _harsh_words(_: Head, letter: "Rendered") -> Iterable[str]:
    text = letter.text.lower()
    return [f"says {phrase!r}" for phrase in _NOT_TO_PEOPLE if phrase in text]


def _final_too_early(head: Head, letter: "Rendered") -> Iterable[str]:
    early = not head.final and re.search(r"\bfinal\b", letter.text, re.IGNORECASE)
    return ['says "final" but its head does not say final = true'] if early else []


def _titles(_: Head, letter: "Rendered") -> Iterable[str]:
    return [f"guesses a title: {match[0]}" for match in _TITLES.finditer(letter.text)]


def _dates(_: Head, letter: "Rendered") -> Iterable[str]:
    for match in _DATE.finditer(letter.text):
        weekday, day, month, year = match.groups()
        if not (weekday and year):
            yield f"the date {match[0]!r} lacks its weekday or year"
        elif datetime.strptime(f"{day} {month} {year}", "%d %B %Y").strftime("%A") != weekday:  # noqa: DTZ007
            yield f"the weekday is wrong: {match[0]}"
    for match in _NUMBER_DATE.finditer(letter.text):
        yield f"the date {match[0]!r} is in figures"


Check = Callable[[Head, "Rendered"], Iterable[str]]
_FOR_ALL: tuple[Check, ...] = (_broken_pieces, _parts_differ, _pictures)
_FOR_READERS_OUTSIDE: tuple[Check, ...] = (_subject_length, _harsh_words, _final_too_early, _titles, _dates)


class _Words(HTMLParser):
    """The words of the body, as a reader sees them, with the numbers of lists."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._in_body = False
        self._number: int | None = None  # of the last point; None outside numbered lists

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_body = self._in_body or tag == "body"
        if tag in ("ol", "ul"):
            self._number = int(dict(attrs).get("start") or 1) - 1 if tag == "ol" else None
        elif tag == "li" and self._number is not None:
            self._number += 1
            self.seen.append(f"{self._number}.")

    def handle_data(self, data: str) -> None:
        if self._in_body:
            self.seen.append(data)


def _seen(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    return " ".join(parser.seen)


def _words(text: str) -> list[str]:
    """Letters and figures only: bullets and line ends are how a part looks, not what it says."""
    return re.findall(r"\w+", text)
