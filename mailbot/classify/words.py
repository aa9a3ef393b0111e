"""A message as words, with everything masked that says who wrote it rather than what it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mailbot.classify.verdict import Evidence


def word_set(text: str) -> frozenset[str]:
    """The words of a written list, as a set."""
    return frozenset(text.split())


# Masks, not deletions: that a reference stands here may matter, which one must not.
_MASKS = (
    (re.compile(r"\S+@\S+|https?://\S+|hxxps?://\S+|www\.\S+"), " zaddr "),
    (re.compile(r"\b[A-Z]{1,6}[-/ ]?\d[\w/.-]*|\b\d+[-/]\d[\w/-]*[A-Z]\w*"), " zref "),
    (re.compile(r"£ ?\d[\d,.]*"), " zmoney "),
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r"[,;:]\s|\s-\s")
_EARLY = 4  # words of a sentence among which "please" makes it a request
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[?!]")
_PUBLIC_SUFFIXES = word_set("example test invalid com org net uk co gov ac nhs")


Clause = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The masked words of each part of a message."""

    sentences: tuple[tuple[Clause, ...], ...]  # what was written now
    subject: tuple[str, ...]
    quoted: tuple[str, ...]

    @cached_property
    def live(self) -> tuple[str, ...]:
        """Every word that was written now, in order."""
        return tuple(word for sentence in self.sentences for clause in sentence for word in clause)


def words_of(evidence: Evidence) -> Words:
    """Split a message into masked words; the sender's and our own names become zme and zus."""
    me = frozenset(_TOKEN.findall(evidence.from_name.lower()))
    us = _site(evidence.to_address)
    sentences = (
        tuple(filter(None, (masked(clause, me, us) for clause in _CLAUSE.split(sentence))))
        for sentence in _SENTENCE.split(evidence.live_text)
    )
    subject, quoted = (masked(text, me, us) for text in (evidence.subject, _quoted(evidence)))
    return Words(tuple(filter(None, sentences)), subject, quoted)


def asks(sentence: Sequence[str]) -> str:
    """How a sentence, as its words, asks: "?" for a question, "p" for a request with please, else ""."""
    if sentence[-1] == "?":
        return "?"
    return "p" if "please" in sentence[:_EARLY] else ""


def tokens(text: str) -> list[str]:
    """The words of a text as the model counts them, nothing masked."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def _quoted(evidence: Evidence) -> str:
    """The whole less what was written now; only its first 3,000 characters, where the latest message stands."""
    if evidence.whole_text == evidence.live_text:
        return ""
    start = evidence.whole_text.find(evidence.live_text)
    if start >= 0:
        return evidence.whole_text[start + len(evidence.live_text) :][:3000]
    return "\n".join(line.lstrip("> ") for line in evidence.whole_text.splitlines() if line.startswith(">"))[
        :3000
    ]


def masked(text: str, me: frozenset[str] = frozenset(), us: str = "") -> tuple[str, ...]:
    """The masked words of a text; `me` holds the sender's names, `us` the distinctive part of our own address."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return tuple(_mask_word(word.lower(), me, us) for word in _TOKEN.findall(text))


def _mask_word(word: str, me: frozenset[str], us: str) -> str:
    if word[0].isdigit():
        return "0"
    if word in me and len(word) > 2:
        return "zme"
    if len(word) > 5 and word in us:
        return "zus"
    return word.replace("’", "'")


@lru_cache(maxsize=256)
def _site(address: str) -> str:
    """The distinctive part of a domain: "kestrelpathways" for x@kestrelpathways.org.uk."""
    labels = address.rpartition("@")[2].lower().split(".")
    return " ".join(label for label in labels if label not in _PUBLIC_SUFFIXES)
