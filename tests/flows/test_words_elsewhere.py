"""Messages that say nothing themselves: what they carry is a question for a person, never other mail."""

from email.message import EmailMessage, Message

import pytest

from tests.flows.world import BOX, CHAT, PAT, RUTH, World

ENCLOSED = "I have written three times about my adviser and want an answer."
HARM = "I cannot go on like this, I am going to kill myself."


def covering(text: str = "", **headers: str) -> EmailMessage:
    """A message of Pat's, empty unless there is `text`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = PAT, BOX, "Please see enclosed"
    made["Message-ID"] = "<covering@home.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def forwarding(enclosed: str, text: str = "", **headers: str) -> EmailMessage:
    """With another person's message enclosed."""
    made = covering(text, **headers)
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "ted@vance.example", PAT, "My complaint"
    inner["Message-ID"] = "<inner@vance.example>"
    inner.set_content(enclosed)
    made.add_attachment(inner)
    return made


def scanned(**headers: str) -> EmailMessage:
    made = covering(**headers)
    made.add_attachment(b"%PDF-1.7 a letter", maintype="application", subtype="pdf", filename="letter.pdf")
    return made


def bare() -> Message:
    """Nothing but the enclosed message, as some phones forward."""
    raw = forwarding(ENCLOSED)
    made = Message()
    for name in ("From", "To", "Subject", "Message-ID"):
        made[name] = raw[name]
    made["Content-Type"] = "message/rfc822"
    made.set_payload([next(raw.iter_attachments()).get_content()])
    return made


def arrive(world: World, made: Message) -> None:
    world.deliver(made.as_bytes(), "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (forwarding(ENCLOSED), "another message enclosed"),
        (bare(), "another message enclosed"),
        (forwarding(ENCLOSED, List_Id="<staff.lists.example>"), "another message enclosed"),
        (scanned(), "what is attached"),
    ],
    ids=["beside an empty text", "alone", "through a list", "a scanned letter"],
)
def test_a_person_is_asked_with_the_reason(world: World, made: Message, reason: str) -> None:
    arrive(world, made)
    assert world.states() == ["filed"]
    (question,) = [task for task in world.case().tasks if task.kind == "what_is_this"]
    assert reason in question.reason
    assert any(reason in " ".join(letter.text.split()) for letter in world.letters_to(RUTH))
    assert world.case().deadline("unsorted/acknowledge") is not None  # the 24 hours run


def test_words_enclosed_are_nobodys_words_but_may_page_somebody(world: World) -> None:
    arrive(world, forwarding(HARM))
    assert "safeguarding" in world.case().flags


def test_words_of_their_own_are_judged_without_what_is_enclosed(world: World) -> None:
    arrive(world, forwarding(f"{HARM} I want to make a complaint.", CHAT))
    assert world.states() == ["set_aside"]


def test_what_a_machine_attaches_to_nothing_is_no_question(world: World) -> None:
    arrive(world, scanned(List_Id="<reports.lists.example>"))
    assert world.states() == ["set_aside"]
