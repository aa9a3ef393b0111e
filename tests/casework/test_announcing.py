"""A letter that is a response is told from one that promises it."""

import pytest

from mailbot.casework.announcing import announces

PHRASES = ("formal response", "final response", "response to your complaint")


@pytest.mark.parametrize(
    "text",
    [
        "Our final response to your complaint [RST-1A2B-C]",
        "Re: We have your complaint\nThis is our Stage 1 Formal Response. We will pay your fare by Friday.",
        "Please find attached our formal response; you will also get it by post.",
        "Dear Ms Sample,\nStage 2 formal response\nWe looked at three points.",
    ],
)
def test_a_response_announces_itself(text):
    assert announces(text, PHRASES)


@pytest.mark.parametrize(
    "text",
    [
        "Our formal response will be with you by Monday 11 May.",
        "You'll have our final response on Friday.",
        "I am working on the formal response.",
        "You can expect a response to your complaint within 5 working days.",
        "The formal response is due on Monday.",
        "We have not yet finished our final response.",
        "Could you ring me about Tuesday?",
        "",
    ],
)
def test_a_promise_of_one_does_not(text):
    assert not announces(text, PHRASES)
