"""A small classifier of sentences learnt from a few hundred examples: how much the words sound like somebody in need."""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from mailbot.classify.phrases import plain_words

_SMOOTHING = 0.5


def features_of(words: Sequence[str]) -> list[str]:
    """The words and the pairs of neighbours."""
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


class Hunch:
    """Log-odds a word or pair, from naive Bayes; read once, then only additions."""

    def __init__(self, texts: Sequence[str], concerned: Sequence[bool]) -> None:
        # Here: importing them takes a second, and most commands read no mail.
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import BernoulliNB

        counter = CountVectorizer(analyzer=lambda text: features_of(plain_words(text)), binary=True, min_df=2)
        model = BernoulliNB(alpha=_SMOOTHING).fit(counter.fit_transform(texts), concerned)
        odds = np.diff(model.feature_log_prob_, axis=0)[0]
        self._odds = dict(zip(counter.get_feature_names_out(), odds.tolist(), strict=True))

    def strength(self, sentence: Iterable[str]) -> float:
        """The log-odds of concern that a sentence's words add up to; 0 for words without any."""
        return float(sum(self._odds.get(name, 0.0) for name in set(features_of(list(sentence)))))


def learn(path: Path) -> Hunch:
    """The classifier that the lines of `path` teach; each has a text and a category, null for none."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return Hunch([row["text"] for row in rows], [row["category"] is not None for row in rows])
