"""Which case a message joins when it names two, one that is over, or none that its sender may write on."""

import pytest

from mailbot.casework.case import CaseState
from tests.flows.world import BOX, CHAT, COMPLAINT, PAT, RUTH, World

SAM = "sam@other.example"


@pytest.fixture
def two(world: World) -> World:
    """A case of Pat's and one of Sam's, both acknowledged."""
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(f"{COMPLAINT} I am Sam.", "2026-05-01 10:01", SAM, subject="Another matter")
    world.pass_at("2026-05-01 10:02")
    return world


@pytest.mark.parametrize("turned", [False, True], ids=["theirs first", "the other one first"])
def test_of_two_references_the_surer_one_decides_and_the_other_case_is_left_alone(
    two: World, turned: bool
) -> None:
    """Pat answers our letter and names Sam's case as well, before or after their own."""
    first, second = two.refs()
    (letter,) = two.letters_to(PAT)
    before = two.case(2)
    named = f"{second} {first}" if turned else f"{first} {second}"
    two.receive("More on this.", "2026-05-05 10:00", answers=letter, subject=f"Re: {named}")
    two.pass_at("2026-05-05 10:01")
    assert two.mail()[-1]["case_ref"] == first
    assert two.case(2) == before
    assert len(two.refs()) == 2


def test_two_references_in_a_subject_alone_change_no_case_of_somebody_else(two: World) -> None:
    first, second = two.refs()
    before = two.case(2)
    two.receive("More on this.", "2026-05-05 10:00", subject=f"{first} and {second}")
    two.pass_at("2026-05-05 10:01")
    assert two.mail()[-1]["case_ref"] == first
    assert two.case(2) == before


def test_a_long_message_id_is_answered_byte_for_byte(world: World) -> None:
    long = f"<{'x' * 101}@mail.home.example>"
    assert len(long) == 121
    world.receive(COMPLAINT, "2026-05-01 10:00", message_id=long)
    world.pass_at("2026-05-01 10:01")
    (file,) = (world.folder / "letters").glob(f"*_{PAT}.eml")
    head = file.read_bytes().partition(b"\r\n\r\n")[0]
    assert b"\r\nIn-Reply-To: " + long.encode() + b"\r\n" in head
    assert b"\r\n " + long.encode() + b"\r\n" in head.partition(b"\r\nReferences:")[2]


def test_our_letter_passed_on_by_a_stranger_opens_nothing_of_the_case_to_them(two: World) -> None:
    (letter,) = two.letters_to(PAT)
    before = two.case(1)
    quoted = "".join(f"> {line}\n" for line in letter.text.splitlines())
    two.receive(
        f"{COMPLAINT} My neighbour had this from you.\n\n{quoted}",
        "2026-05-05 10:00",
        "nosy@elsewhere.example",
        subject=f"Fwd: {letter.subject}",
        answers=letter,
    )
    two.pass_at("2026-05-05 10:01")
    assert two.case(1) == before
    assert two.case(3).refers_to == before.ref
    for told in two.letters_to("nosy@elsewhere.example"):
        assert before.ref not in told.subject + told.text + told.html
        assert letter.message_id not in told.references[:1]


def test_mail_on_a_case_that_is_over_is_a_question_and_opens_nothing_by_itself(two: World) -> None:
    (letter,) = two.letters_to(PAT)
    two.pass_at("2026-05-07 09:00")
    notice = next(one for one in two.letters_to(RUTH) if two.refs()[0] in one.subject + one.text)
    two.staff_replies(notice, "withdrawn", "2026-05-07 10:00")
    two.pass_at("2026-05-07 10:01")
    assert two.case(1).state is CaseState.WITHDRAWN
    two.receive(COMPLAINT, "2026-05-11 10:00", answers=letter, subject="Re: it has begun again")
    two.pass_at("2026-05-11 10:01")
    case = two.case(1)
    assert case.state is CaseState.WITHDRAWN
    assert [task.kind for task in case.tasks if task.done_at is None] == ["ended_case"]
    assert len(two.refs()) == 2


def test_a_letter_of_ours_with_a_forged_sender_is_no_way_in(two: World) -> None:
    """Somebody sends our own letter back under our own address: known by its id, and nothing follows."""
    (letter,) = two.letters_to(PAT)
    before = two.case(1), two.case(2)
    two.receive(CHAT, "2026-05-05 10:00", BOX, message_id=letter.message_id)
    two.pass_at("2026-05-05 10:01")
    assert two.mail()[-1]["state"] == "set_aside"
    assert (two.case(1), two.case(2)) == before
    assert len(two.letters_to(PAT)) == 1
