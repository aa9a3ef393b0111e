"""Phrases as an organisation writes them in a table, and slips of spelling."""

import pytest

from mailbot.classify.phrases import PhraseTable, plain_words
from mailbot.classify.spelling import Speller


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("end it|things", "I will end it.", True),
        ("end it|things", "it will end", False),
        ("look * again", "look at all this again", True),
        ("look * again", "look at all of this mess again", False),
        ("complain~", "many complaints", True),
        ("cant go on", "I can't go on", True),
        ("cant go on", "I cannot go on", True),
    ],
)
def test_a_phrase_is_words_in_order_with_choices_gaps_and_stems(phrase: str, text: str, found: bool) -> None:
    assert any(True for _ in PhraseTable([phrase]).found(plain_words(text))) is found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sucide", "suicide"),
        ("suiside", "suicide"),
        ("suicdie", "suicide"),
        ("suiciide", "suicide"),
        ("suitcase", "suitcase"),
        ("suede", "suede"),
    ],
)
def test_one_slip_is_mended_and_other_words_are_left(written: str, meant: str) -> None:
    assert Speller(["suicide"]).right(written) == meant
