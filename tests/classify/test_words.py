"""What was written now as sentences and clauses, and which of them ask."""

import pytest

from mailbot.classify.verdict import Evidence
from mailbot.classify.words import asks, words_of


def evidence(text: str) -> Evidence:
    return Evidence(procedure="council", subject="", live_text=text, whole_text=text, from_name="Ivy Marl")


def test_sentences_part_into_clauses_of_masked_words() -> None:
    words = words_of(evidence("Thank you, Ivy Marl here.\nRef WR-123. I paid £40: twice"))
    assert words.sentences == (
        (("thank", "you"), ("zme", "zme", "here")),
        (("ref", "zref"),),
        (("i", "paid", "zmoney"), ("twice",)),
    )
    assert words.live == ("thank", "you", "zme", "zme", "here", "ref", "zref", "i", "paid", "zmoney", "twice")


@pytest.mark.parametrize("text", ["", "\n\n", "...", ", ; :"])
def test_a_message_without_words_has_no_sentences(text: str) -> None:
    assert words_of(evidence(text)).sentences == ()


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("When you can, will somebody ring me?", "?"),
        ("Please close it.", "p"),
        ("So, could you please ring.", "p"),
        ("I asked him last week on the phone please to stop.", ""),
        ("I have decided to leave it.", ""),
    ],
)
def test_questions_and_requests_are_told_apart(text: str, how: str) -> None:
    assert asks(words_of(evidence(text)).live) == how
