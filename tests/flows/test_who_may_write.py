"""Finding a case and being allowed to write on it are two things: forged, moved and merely likely senders."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from mailbot.store import case_tables, messages
from tests.flows.world import COMPLAINT, ESCALATION, PAT, RUTH, UNCLEAR, World

BORDER = "mx.serco.example"
AT_WORK = "pat@work.example"
SAM = "sam@other.example"


def border_says(dmarc: str) -> dict[str, str]:
    return {
        "Authentication-Results": f"{BORDER}; dmarc={dmarc} header.from=home.example",
        "Received": f"from out.example ([203.0.113.9]) by {BORDER}; Fri, 1 May 2026 10:00:00 +0100",
    }


@pytest.fixture
def guarded(make: Callable[..., World]) -> World:
    return make(organisation={"border": BORDER})


def questions(world: World, number: int) -> dict[str, str]:
    return {task.kind: task.reason for task in world.case(number).tasks if task.done_at is None}


@pytest.mark.parametrize("known_by", ["our letter", "the reference"])
def test_a_party_whose_mail_fails_the_check_changes_nothing_on_the_case(
    guarded: World, known_by: str
) -> None:
    guarded.receive(COMPLAINT, "2026-05-01 10:00", headers=border_says("pass"))
    guarded.pass_at("2026-05-01 10:01")
    before, (letter,) = guarded.case(), guarded.letters_to(PAT)
    how: dict[str, Any] = (
        {"answers": letter} if known_by == "our letter" else {"subject": f"Re: [{before.ref}]"}
    )
    guarded.receive(ESCALATION, "2026-05-05 10:00", headers=border_says("fail"), **how)
    guarded.pass_at("2026-05-05 10:01")
    assert guarded.case(1) == before
    assert guarded.case(2).refers_to == before.ref
    assert any("failed our mail server's check" in reason for reason in questions(guarded, 2).values())
    assert len(guarded.letters_to(PAT)) == 1


def test_who_asked_to_be_answered_elsewhere_may_go_on_from_where_they_write(guarded: World) -> None:
    """Our letter went to the Reply-To that our border vouched for; the answer comes from the address in From."""
    headers = border_says("pass") | {"Reply-To": AT_WORK}
    guarded.receive(COMPLAINT, "2026-05-01 10:00", headers=headers)
    guarded.pass_at("2026-05-01 10:01")
    (letter,) = guarded.letters_to(AT_WORK)
    guarded.receive(ESCALATION, "2026-05-05 10:00", headers=headers, answers=letter, subject="Re: and now?")
    guarded.pass_at("2026-05-05 10:01")
    assert [row["case_ref"] for row in guarded.mail()] == guarded.refs() * 2


def test_a_reply_to_of_a_party_is_no_way_in_for_who_has_no_letter_of_ours(guarded: World) -> None:
    guarded.receive(COMPLAINT, "2026-05-01 10:00", headers=border_says("pass"))
    guarded.pass_at("2026-05-01 10:01")
    before = guarded.case()
    headers = border_says("pass") | {"Reply-To": PAT}
    guarded.receive(ESCALATION, "2026-05-05 10:00", SAM, headers=headers, subject=f"Re: [{before.ref}]")
    guarded.pass_at("2026-05-05 10:01")
    assert guarded.case(1) == before
    assert guarded.case(2).refers_to == before.ref


def test_the_same_subject_of_the_same_sender_is_a_suggestion_to_a_person(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00", subject="The bus fares")
    world.pass_at("2026-05-01 10:01")
    before = world.case()
    world.receive(UNCLEAR, "2026-05-05 10:00", subject="RE: [EXTERNAL] the bus  fares")
    world.pass_at("2026-05-05 10:01")
    assert world.case(1) == before
    assert f"its sender is on {before.ref}" in questions(world, 2)["what_is_this"]
    question = world.letters_to(RUTH, "same subject")[-1]
    world.staff_replies(question, f"merge {before.ref}", "2026-05-05 11:00")
    world.pass_at("2026-05-05 11:01")
    assert world.case(2).merged_into == before.ref


def thread_index(guid: bytes, replies: int = 0) -> dict[str, str]:
    return {
        "Thread-Index": base64.b64encode(b"\x01\xdb\xc0\x00\x00\x00" + guid + b"\x00" * 5 * replies).decode()
    }


@pytest.mark.parametrize(("sender", "suggested"), [(PAT, True), (SAM, False)])
def test_outlooks_mark_only_corroborates(world: World, sender: str, suggested: bool) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00", subject="Fares", headers=thread_index(b"g" * 16))
    world.pass_at("2026-05-01 10:01")
    before = world.case()
    world.receive(
        f"{COMPLAINT} Again.",
        "2026-05-05 10:00",
        sender,
        subject="Once more",
        headers=thread_index(b"g" * 16, 2),
    )
    world.pass_at("2026-05-05 10:01")
    assert world.case(1) == before
    assert ("linked_case" in questions(world, 2)) is suggested


def test_an_id_that_somebody_else_uses_again_stays_with_the_first_case(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00", message_id="<used@home.example>")
    world.pass_at("2026-05-01 10:01")
    ref = world.case().ref
    world.receive(f"{COMPLAINT} And Sam's.", "2026-05-01 11:00", SAM, message_id="<used@home.example>")
    world.pass_at("2026-05-01 11:01")
    assert len(world.refs()) == 2
    with world.parts.store.read() as connection:
        assert messages.cases_by_id(connection, ["<used@home.example>"]) == {"<used@home.example>": ref}


def test_a_mail_server_that_gives_our_letter_another_id_breaks_no_thread(world: World) -> None:
    """Exchange Online does: the answer cites an id that we never gave, and our root first in References."""
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    (letter,) = world.letters_to(PAT)
    headers = {
        "In-Reply-To": "<AM0PR0123@outlook.example>",
        "References": f"{letter.references[0]} <AM0PR0123@outlook.example>",
    }
    world.receive("More on this.", "2026-05-05 10:00", headers=headers, subject="RE: quite another subject")
    world.pass_at("2026-05-05 10:01")
    assert [row["case_ref"] for row in world.mail()] == world.refs() * 2


def test_a_merged_case_is_followed_to_where_it_lives_on(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(f"{COMPLAINT} More.", "2026-05-01 10:30", subject="The same again")
    world.pass_at("2026-05-01 10:31")
    first, second = world.refs()
    old = world.letters_to(PAT, second)[0]
    with world.parts.store.write() as connection:
        gone = case_tables.case.update().where(case_tables.case.c.ref == second).values(merged_into=first)
        connection.execute(gone)
    world.receive("More on this.", "2026-05-05 10:00", answers=old, subject="Re: more")
    world.pass_at("2026-05-05 10:01")
    assert world.mail()[-1]["case_ref"] == first


@pytest.mark.parametrize("empty", ["<>", "", "< >", "<@>"])
def test_an_empty_id_is_nobodys_thread(world: World, empty: str) -> None:
    for hour, sender in ((10, PAT), (11, SAM)):
        headers = {"In-Reply-To": empty, "References": empty} if empty else {}
        world.receive(f"{COMPLAINT} {sender}", f"2026-05-01 {hour}:00", sender, headers=headers)
        world.pass_at(f"2026-05-01 {hour}:01")
    assert len(world.refs()) == 2


def test_a_message_that_is_unclear_and_cannot_be_answered_is_asked_about_for_both_reasons(
    world: World,
) -> None:
    headers = {"List-Unsubscribe": "<mailto:off@platform.example>"}
    world.receive("Hmm. I may make a complaint.", "2026-05-08 10:00", headers=headers)
    world.pass_at("2026-05-08 10:01")
    reasons = {task.kind: task.reason for task in world.case().tasks}
    assert reasons == {
        "what_is_this": "unsure: as scripted",
        "acknowledge_by_hand": "list-header: list header list-unsubscribe",
    }
