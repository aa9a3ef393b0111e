"""Signs that somebody may come to harm; looked for before and apart from classification, and in every message.

It errs towards asking a person. What it knows is in the folder it is loaded from: phrases.toml says what people
write, ideas.toml which kinds of word together mean harm, and examples.jsonl teaches a small classifier that has a
say where those are not certain.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, product
from pathlib import Path
from typing import Any

from mailbot.classify.hunch import Hunch, learn
from mailbot.classify.ideas import Idea, KindTable, read_idea
from mailbot.classify.phrases import Phrase, PhraseTable, plain_words
from mailbot.classify.spelling import Speller
from mailbot.classify.words import word_set
from mailbot.errors import RuleError

_STOPS = frozenset(".!?;\n")
_NOT = word_set("not never wouldnt wont isnt arent dont didnt without nor nid peidio")
_BUT = word_set("but although though yet sometimes still ond")
_TABLES = ("phrases.toml", "ideas.toml")
_BEFORE = 3  # words before a phrase that may deny it
_LONGEST = 20_000  # characters that are read; what matters is said before


class Category(StrEnum):
    """Who may come to harm, the most urgent first."""

    SELF_HARM = "self_harm"
    DANGER = "danger"
    CHILD = "child"
    THREAT = "threat"
    NEED = "need"


@dataclass(frozen=True)
class Concern:
    """Why a person must look now."""

    category: Category
    reason: str  # for the duty person; holds the words that were found
    certain: bool = True  # False where only weaker signs or the small classifier speak


@dataclass(frozen=True)
class _Rules:
    says: str
    phrases: PhraseTable
    signs: PhraseTable
    ideas: tuple[Idea, ...]


@dataclass(frozen=True)
class Detector:
    """Finds concerns in text; knows nothing of cases or senders."""

    rules: Mapping[Category, _Rules]
    figures: PhraseTable
    kinds: KindTable
    heard_as: Mapping[str, str]
    speller: Speller
    hunch: Hunch

    def concern(self, text: str) -> Concern | None:
        """The most urgent concern that the text gives, or None."""
        words = self._words(text)
        for category, rules in self.rules.items():
            for phrase, start, end in rules.phrases.found(words):
                if not _denied(words, start, phrase):
                    return Concern(category, f"{rules.says}: “{' '.join(words[start:end])}”")
        return self._idea(words) or self._weaker(words)

    def _idea(self, words: Sequence[str]) -> Concern | None:
        """Kinds of word that mean harm together, in one sentence."""
        sentences = [one for one in self.kinds.sentences(words, _STOPS) if len(one.names) > 1]
        for category, rules in self.rules.items():
            for idea, sentence in product(rules.ideas, sentences):
                if place := sentence.meets(idea):
                    found = " ".join(words[slice(*place)])
                    return Concern(category, f"perhaps {rules.says}: “{found}”", certain=False)
        return None

    def _weaker(self, words: Sequence[str]) -> Concern | None:
        """Several different signs of one kind, or one together with the small classifier's hunch."""
        for category, rules in self.rules.items():
            signs = {
                phrase.text: " ".join(words[start:end]) for phrase, start, end in rules.signs.found(words)
            }
            if len(signs) >= _ENOUGH[category] or (signs and self._sounds_so(words, rules.signs)):
                found = "”, “".join(signs.values())
                return Concern(category, f"perhaps {rules.says}: “{found}”", certain=False)
        return None

    def _sounds_so(self, words: Sequence[str], signs: PhraseTable) -> bool:
        """True where a sentence with a sign is worded as people in need word theirs."""
        sentences = (list(part) for stop, part in groupby(words, _STOPS.__contains__) if not stop)
        return any(
            self.hunch.strength(sentence) > _STRONG
            for sentence in sentences
            if next(signs.found(sentence), None)
        )

    def _words(self, text: str) -> list[str]:
        """Lower-case words with stops between sentences, slips mended and figures of speech taken out."""
        words = [self.speller.right(self.heard_as.get(word, word)) for word in plain_words(text[:_LONGEST])]
        for _, start, end in list(self.figures.found(words)):
            words[start:end] = ["."] * (end - start)
        return words


# How many different signs are enough without a phrase, and how strong a hunch makes one of them enough.
_STRONG = 4.5
_ENOUGH = {Category.SELF_HARM: 3, Category.DANGER: 3, Category.CHILD: 3, Category.THREAT: 2, Category.NEED: 3}


def _denied(words: Sequence[str], start: int, phrase: Phrase) -> bool:
    """True for "I would never ..." and "not ...", unless a "but" takes it back in the same sentence."""
    if phrase.steps[0] and phrase.steps[0] & _NOT:
        return False
    before = words[max(0, start - _BEFORE) : start]
    near = before[
        len(before) - next((n for n, word in enumerate(reversed(before)) if word in _STOPS), len(before)) :
    ]
    if not _NOT.intersection(near):
        return False
    rest = words[start:]
    sentence = rest[: next((n for n, word in enumerate(rest) if word in _STOPS), len(rest))]
    return not _BUT.intersection(sentence)


def load_detector(folder: Path) -> Detector:
    """The detector that `folder` describes; RuleError when a file of it is missing or wrong."""
    try:
        phrases, ideas = (tomllib.loads((folder / name).read_text("utf-8")) for name in _TABLES)
        kinds = KindTable(ideas["words"])
        return Detector(
            {one: _rules(phrases[one], ideas["ideas"][one], kinds) for one in Category},
            PhraseTable(phrases["figures"]),
            kinds,
            ideas["heard_as"],
            Speller(phrases["spell"]),
            learn(folder / "examples.jsonl"),
        )
    except (OSError, ValueError, KeyError) as error:
        raise RuleError(f"{folder.name}: {error}", "compare it with the file that mailbot ships") from error


def _rules(table: Mapping[str, Any], ideas: Sequence[str], kinds: KindTable) -> _Rules:
    return _Rules(
        table["says"],
        PhraseTable(table["phrases"]),
        PhraseTable(table["signs"]),
        tuple(read_idea(line, kinds) for line in ideas),
    )
