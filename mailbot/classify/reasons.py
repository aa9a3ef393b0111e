"""Why a message was given its label, in words that a person understands: a sentence of its own, and known facts."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mailbot.casework.labels import Label
from mailbot.classify.facts import known
from mailbot.classify.text_model import TextModel
from mailbot.classify.verdict import Evidence, Verdict
from mailbot.errors import RuleError

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_READ = 40  # sentences that are weighed
_SHOWN = 160  # characters of a sentence that are shown
_UNSURE = 0.15  # another label this likely is named

_NAMES = {
    Label.NEW_COMPLAINT: "a new complaint",
    Label.ESCALATION: "an escalation",
    Label.ICE_CORRESPONDENCE: "mail from the examiner",
    Label.CONTRIBUTION_REQUEST: "a request for our part of a reply",
    Label.OTHER: "something else",
}

KindWords = Mapping[Label, Mapping[str, str]]
"""What a message of each kind does, to complete "it ..."."""


def read_kind_words(path: Path) -> KindWords:
    """The words of the table at `path`; RuleError when it is missing or wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return {Label(label): {kind: str(says) for kind, says in own.items()} for label, own in table.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise RuleError(f"{path.name}: {error}", "compare it with the file that mailbot ships") from error


def reasons_for(
    message: Evidence, verdict: Verdict, kinds: NDArray[np.float64], model: TextModel, words: KindWords
) -> tuple[str, ...]:
    """What it seems to do and the sentence that says so, then facts about sender and case, then the nearest doubt.

    `kinds` holds the margin of each of the model's kinds for this message.
    """
    label, shares = verdict.label, verdict.probabilities
    rival = max((one for one in shares if one is not label), key=lambda one: shares[one])
    likeliest = {one: max(model.of_label(one), key=lambda place: kinds[place]) for one in (label, rival)}
    sentence = weightiest(message, model, likeliest[label], likeliest[rival])
    does = words.get(label, {}).get(model.kinds[likeliest[label]][1])
    told = f"it {does}" if does else "the sentence that weighed most"
    facts = [fact.says for fact in known(message)]
    answers = ["it answers an earlier message"] if message.is_reply else []
    doubt = [f"it could also be {_NAMES[rival]} ({shares[rival]:.0%})"] if shares[rival] >= _UNSURE else []
    return (*([f"{told}: “{_short(sentence)}”"] if sentence else []), *facts, *answers, *doubt)


def weightiest(message: Evidence, model: TextModel, kind: int, rival: int) -> str:
    """The sentence whose words speak most for a kind against its nearest rival; without any, the subject."""
    choice = list(islice(_sentences(message.live_text), _READ)) or [message.subject.strip()]
    return max(zip(model.words_for(choice, kind, rival), choice, strict=True))[1]


def _sentences(text: str) -> Iterator[str]:
    return (part.strip() for part in _SENTENCE.split(text) if part.strip())


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _SHOWN else sentence[: _SHOWN - 1].rstrip() + "…"
