"""Asking the classifier, and going on when it fails: what it cannot judge is a question for a person."""

from collections.abc import Mapping

import structlog

from mailbot.casework.labels import Label
from mailbot.classify.classifier import Classifier
from mailbot.classify.verdict import Evidence, Verdict

NO_OPINION = Verdict(
    label=Label.NEW_COMPLAINT,  # what it would be worst to miss
    confidence=0.0,
    probabilities={},
    abstained=True,
    reasons=("the classifier failed on this message",),
)

_log = structlog.get_logger()


def judge(classifier: Classifier, questions: Mapping[int, Evidence]) -> dict[int, Verdict]:
    """A verdict for each message, all asked at once; one by one when that fails, so that one cannot spoil the others."""
    try:
        return dict(zip(questions, classifier.classify(list(questions.values())), strict=True))
    except Exception as error:
        _log.error("classifier failed", messages=len(questions), error=type(error).__name__)
    if len(questions) == 1:
        return dict.fromkeys(questions, NO_OPINION)
    return {id: judge(classifier, {id: question})[id] for id, question in questions.items()}
