"""What mail programs put before a subject."""

import pytest

from mailbot.mail.subjects import is_forward, is_reply, normal_subject


@pytest.mark.parametrize(
    "subject",
    [
        "My complaint",
        "Re: My complaint",
        "RE: my  complaint ",
        "AW: Re: My complaint",
        "Re[2]: My complaint",
        "Re (3): My complaint",
        "RE： My complaint",
        "Antw: SV: VS: Odp: RIF: R: Ynt: My complaint",
        "Fwd: FW: WG: TR: My complaint",
        "ATB: YML: My complaint",  # Outlook in Welsh
        "[EXTERNAL] Re: My complaint",
        "Re: [EXT] [CAUTION: EXTERNAL] My complaint",
        "re:re:re: My complaint",
    ],
)
def test_subjects_of_one_conversation_are_the_same(subject: str) -> None:
    assert normal_subject(subject) == "my complaint"


@pytest.mark.parametrize(
    "subject", ["Regarding: my bus pass", "Rent: arrears", "Tram: late", "I: me", "[RST-000123-D] hello"]
)
def test_words_that_only_look_like_prefixes_stay(subject: str) -> None:
    assert normal_subject(subject) == subject.lower()


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("My complaint", False, False),
        ("Re: My complaint", True, False),
        ("Fwd: My complaint", False, True),
        ("RE: Fwd: My complaint", True, False),
        ("[EXTERNAL] FW: My complaint", False, True),
        ("TR : plainte", False, True),
        ("", False, False),
        (": : :", False, False),
    ],
)
def test_the_outermost_prefix_decides(subject: str, reply: bool, forward: bool) -> None:
    assert (is_reply(subject), is_forward(subject)) == (reply, forward)
