"""What a person wrote now, as the common mail programs send it (tests/corpus has many more)."""

import pytest

from mailbot.mail.parse import parse
from mailbot.mail.reply_text import live_text

ANSWER = "That is not what I asked."
HISTORY = "Dear Nia,\n\nWe have your complaint.\n"
QUOTED = "".join(f"> {line}\n" for line in HISTORY.splitlines())


def live(text: str, subject: str = "Re: Your complaint", subtype: str = "plain") -> str:
    head = f"Subject: {subject}\nContent-Type: text/{subtype}; charset=utf-8\n\n"
    return live_text(parse((head + text).encode()))


@pytest.mark.parametrize(
    "history",
    [
        f"On Tue, 5 May 2026 at 09:00, Restart complaints <r@serco.example> wrote:\n{QUOTED}",
        f"On Tue, 5 May 2026 at 09:00, Restart complaints with a name that is long\n<r@serco.example> wrote:\n\n{QUOTED}",
        f"Ar ddydd Maw 5 Mai 2026, ysgrifennodd Restart <r@serco.example>:\n{QUOTED}",
        f"From: Restart complaints\nSent: 5 May 2026 09:00\nTo: Nia\nSubject: Your complaint\n\n{HISTORY}",
        f"Oddi wrth: Restart\nAnfonwyd: 5 Mai\n\n{HISTORY}",
        f"________________________________\nFrom: Restart complaints <r@serco.example>\nSent: Tuesday\n\n{HISTORY}",
        f"-----Original Message-----\nFrom: Restart complaints\n\n{HISTORY}",
        f"Please write your reply above this line\n\n{HISTORY}",
        QUOTED,
    ],
)
@pytest.mark.parametrize("footer", ["", "Sent from my iPhone\n\n", "Get Outlook for iOS\n"])
def test_history_and_footers_go(history: str, footer: str) -> None:
    assert live(f"{ANSWER}\n\n{footer}{history}") == ANSWER


def test_answers_between_quoted_lines_stay() -> None:
    text = live(
        "Hello\n\nOn Tuesday, you <r@serco.example> wrote:\n> You were late.\nI was not.\n> You rang.\nTwice!\n"
    )
    assert text.split() == ["Hello", "I", "was", "not.", "Twice!"]


def test_an_answer_below_the_quotation_stays() -> None:
    assert live(f"On Tuesday, you <r@serco.example> wrote:\n{QUOTED}\n{ANSWER}\n") == ANSWER


def test_answers_that_a_person_announces_stay_where_nothing_marks_them() -> None:
    text = f"My answers are below, in red.\n\nFrom: Restart\nSent: Tuesday\nSubject: x\n\nWere you late? {ANSWER}"
    assert ANSWER in live(text)


@pytest.mark.parametrize("subject", ["Fwd: Your complaint", "FW: Your complaint"])
def test_a_forwarded_complaint_is_the_message(subject: str) -> None:
    text = f"See below.\n\nFrom: Nia\nSent: Tuesday\nTo: Us\n\n{ANSWER}"
    assert live(text, subject) == text


def test_a_forwarded_message_within_an_answer_stays() -> None:
    assert ANSWER in live(f"As I said.\n\n---------- Forwarded message ---------\nFrom: Nia\n\n{ANSWER}")


def test_a_new_message_is_left_whole() -> None:
    text = f"{ANSWER}\n\nFrom: Restart\nSent: Tuesday\nSubject: x\n\n{HISTORY}".strip()
    assert live(text, "My complaint") == text


@pytest.mark.parametrize(
    "text", [QUOTED, "Sent from my iPhone", "-- \nNia", "On Tuesday, you <r@x.example> wrote:\n> x"]
)
def test_nothing_comes_out_empty_unless_it_was(text: str) -> None:
    assert live(text) == text.strip()


def test_a_signature_goes_and_a_telephone_number_above_it_stays() -> None:
    assert live(f"{ANSWER} Ring 07700 900341.\n-- \nNia Pryce\nFlat 2\n") == f"{ANSWER} Ring 07700 900341."


@pytest.mark.parametrize(
    "history",
    [
        "<div class=gmail_quote><div class=gmail_attr>On Tuesday x wrote:<br></div><blockquote class=gmail_quote>Dear Nia</blockquote></div>",
        "<blockquote type=cite>Dear Nia</blockquote>",
        "<div class=moz-cite-prefix>On 5 May, x wrote:</div><blockquote type=cite>Dear Nia</blockquote>",
        "<div id=appendonsend></div><hr><div id=divRplyFwdMsg>From: x</div><div>Dear Nia</div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><b>From:</b> x</div><p>Dear Nia</p>",
        "<div id=yahoo_quoted_12 class=yahoo_quoted>Dear Nia</div>",
        "<div class=protonmail_quote>Dear Nia</div>",
        "<div name=messageReplySection>Dear Nia</div>",
        "<div id=mail-editor-reference-message-container>Dear Nia</div>",
    ],
)
def test_history_in_html_goes_by_the_marks_of_its_program(history: str) -> None:
    assert live(f"<html><body><p>{ANSWER}</p>{history}</body></html>", subtype="html") == ANSWER


def test_answers_between_html_quotations_stay() -> None:
    text = live(
        f"<blockquote type=cite>Were you late?</blockquote><p>{ANSWER}</p><blockquote type=cite>Yes?</blockquote>",
        subtype="html",
    )
    assert text == ANSWER
