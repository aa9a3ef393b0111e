"""Signs that somebody may come to harm; looked for before and apart from classification, and in every message.

It errs towards asking a person. What it knows is in the folder it is loaded from: phrases.toml holds wordings that are
enough alone, kinds.toml the kinds of word, and the *.jsonl files teach a small classifier that hears the others.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from pathlib import Path

from mailbot.classify.hunch import Hunch
from mailbot.classify.hunch_keeping import fingerprint, keep_in, kept
from mailbot.classify.hunch_learning import learn, read_wordings
from mailbot.classify.phrases import Phrase, PhraseTable
from mailbot.classify.spelling import Speller
from mailbot.classify.wording import STOPS, KindTable, Reader, sentences
from mailbot.classify.words import word_set
from mailbot.errors import RuleError

_NOT = word_set("not never wouldnt wont isnt arent dont didnt without nor nid peidio")
_BUT = word_set("but although though yet sometimes still ond")
_TABLES = ("phrases.toml", "kinds.toml")
_KEPT = "learnt.npz"
_BEFORE = 3  # words before a phrase that may deny it
_LENGTH = 0.75  # how much stronger a long message must sound: among many sentences one may sound so by chance
_SHOWN = 40  # words of what was heard that the duty person reads


class Category(StrEnum):
    """Who may come to harm, the most urgent first; the values are those of the teaching files."""

    SELF_HARM = "self_harm"
    DANGER = "danger_from_others"
    CHILD = "child_or_adult_at_risk"
    THREAT = "threat_to_others"
    NEED = "destitution"


@dataclass(frozen=True)
class Concern:
    """Why a person must look now."""

    category: Category
    reason: str  # for the duty person; holds the words that were found
    certain: bool = True  # False where only the small classifier speaks
    strength: float = 0.0  # how much it sounds like harm, where that was asked


@dataclass(frozen=True)
class _Certain:
    says: str
    phrases: PhraseTable


@dataclass(frozen=True)
class Detector:
    """Finds concerns in text; knows nothing of cases or senders."""

    certain: Mapping[Category, _Certain]
    figures: PhraseTable
    reader: Reader
    hunch: Hunch
    bar: float  # the strength from which the small classifier is believed

    def concern(self, text: str) -> Concern | None:
        """What is certain, the most urgent first; else what sounds like harm; else None."""
        words = self.reader.words(text)
        _blank(words, [(start, end) for _, start, end in self.figures.found(words)])
        denied: list[tuple[int, int]] = []
        for category, rules in self.certain.items():
            for phrase, start, end in rules.phrases.found(words):
                if not _denied(words, start, phrase):
                    return Concern(category, f"{rules.says}: “{' '.join(words[start:end])}”")
                denied.append((start, end))
        _blank(words, denied)
        return self._heard(words)

    def _heard(self, words: Sequence[str]) -> Concern | None:
        parts = sentences(words)
        heard = self.hunch.weigh(parts)
        if heard is None:
            return None
        strength = heard.strength - _LENGTH * log(len(parts))
        if strength < self.bar:
            return None
        category = list(Category)[int(heard.likeness.argmax())]
        said = " … ".join(" ".join(part[:_SHOWN]) for part in parts[heard.first : heard.behind])
        return Concern(category, f"perhaps {self.certain[category].says}: “{said}”", False, strength)


def _blank(words: list[str], places: Sequence[tuple[int, int]]) -> None:
    for start, end in places:
        words[start:end] = ["."] * (end - start)


def _denied(words: Sequence[str], start: int, phrase: Phrase) -> bool:
    """True for "I would never ..." and "not ...", unless a "but" takes it back in the same sentence."""
    if phrase.steps[0] and phrase.steps[0] & _NOT:
        return False
    before = words[max(0, start - _BEFORE) : start]
    near = before[
        len(before) - next((n for n, word in enumerate(reversed(before)) if word in STOPS), len(before)) :
    ]
    if not _NOT.intersection(near):
        return False
    rest = words[start:]
    sentence = rest[: next((n for n, word in enumerate(rest) if word in STOPS), len(rest))]
    return not _BUT.intersection(sentence)


def load_detector(folder: Path) -> Detector:
    """The detector that `folder` describes, taught anew (in some seconds) where the kept weights are of other files.

    RuleError when a file of it is missing or wrong.
    """
    try:
        phrases, kinds = (tomllib.loads((folder / name).read_text("utf-8")) for name in _TABLES)
        certain = {
            one: _Certain(phrases[one]["says"], PhraseTable(phrases[one]["phrases"])) for one in Category
        }
        reader = Reader(phrases["heard_as"], Speller(phrases["spell"]))
        table, version = KindTable(kinds), fingerprint(folder)
        hunch = kept(folder / _KEPT, version, table)
        if hunch is None:
            hunch = learn(read_wordings(folder), tuple(Category), reader, table)
        return Detector(certain, PhraseTable(phrases["figures"]), reader, hunch, float(phrases["bar"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuleError(f"{folder.name}: {error}", "compare it with the file that mailbot ships") from error


def teach(folder: Path) -> None:
    """Learn anew from the folder's files, and keep the weights beside them."""
    detector = load_detector(folder)
    keep_in(folder / _KEPT, detector.hunch, fingerprint(folder))
