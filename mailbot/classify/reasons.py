"""Why a message was given its label, in words that a person understands: a sentence of its own, and known facts."""

from collections.abc import Sequence
from itertools import islice

from mailbot.casework.labels import Label
from mailbot.classify.cues import Cue, sentences
from mailbot.classify.facts import known
from mailbot.classify.text_model import TextModel
from mailbot.classify.verdict import Evidence

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


def reasons_for(
    message: Evidence, label: Label, shares: dict[Label, float], model: TextModel, cues: Sequence[Cue]
) -> tuple[str, ...]:
    """The sentence that weighed most and what it says, then facts about sender and case, then the nearest doubt."""
    sentence = weightiest(message, label, shares, model)
    told = [f"{_meaning(sentence, label, cues)}: “{_short(sentence)}”"] if sentence else []
    facts = [fact.says for fact in known(message)]
    answers = ["it answers an earlier message"] if message.is_reply else []
    rival, share = max(
        ((one, value) for one, value in shares.items() if one is not label), key=lambda pair: pair[1]
    )
    doubt = [f"it could also be {_NAMES[rival]} ({share:.0%})"] if share >= _UNSURE else []
    return (*told, *facts, *answers, *doubt)


def weightiest(message: Evidence, label: Label, shares: dict[Label, float], model: TextModel) -> str:
    """The sentence whose words speak most for the label against its nearest rival; the subject counts as one."""
    rival = max((one for one in shares if one is not label), key=lambda one: shares[one])
    choice = list(islice(sentences(message.live_text), _READ)) or [message.subject.strip()]
    weighed = model.words_for(choice, label, rival)
    return max(zip(weighed, choice, strict=True))[1]


def _meaning(sentence: str, label: Label, cues: Sequence[Cue]) -> str:
    own = (cue for cue in cues if cue.label is label)
    return next(
        (f"it {cue.says}" for cue in own if cue.stands_in(sentence)), "the sentence that weighed most"
    )


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _SHOWN else sentence[: _SHOWN - 1].rstrip() + "…"
