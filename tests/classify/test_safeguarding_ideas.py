"""Ideas are kinds of word close together, in any order, in one sentence."""

import pytest

from mailbot.classify.ideas import KindTable, read_idea
from mailbot.classify.phrases import plain_words

_KINDS = KindTable({"dose": ["tablets|pills"], "stash": ["put by", "saved"], "chemist": ["chemist"]})
_STOPS = frozenset(".!?;\n")


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("I have tablets put by", True),
        ("saved, over many weeks, all of my pills", True),
        ("I took my tablets. I have money put by.", False),
        ("the chemist put by my tablets", False),
        ("pills " + "and so on " * 6 + "saved", False),
        ("tablets", False),
    ],
)
def test_an_idea_needs_its_kinds_near_each_other_in_one_sentence(text: str, met: bool) -> None:
    idea = read_idea("dose + stash - chemist", _KINDS)
    sentences = _KINDS.sentences(plain_words(text), _STOPS)
    assert any(sentence.meets(idea) is not None for sentence in sentences) is met


def test_an_idea_with_a_kind_that_nobody_named_is_refused() -> None:
    with pytest.raises(ValueError, match="rope"):
        read_idea("dose + rope", _KINDS)
