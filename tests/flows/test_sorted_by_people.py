"""Whatever mailbot was sure of, a person can say what a message is; it becomes that, and is remembered as an example."""

import pytest

from mailbot.casework.case import StageState
from mailbot.flows import learning
from mailbot.mail.message import Message
from mailbot.store import corrections, messages
from tests.flows.held import CRY, fault
from tests.flows.world import ANIL, CHAT, COMPLAINT, FORMAL, PAT, RUTH, World

GRUMBLE = "Nobody has told me anything since Easter."  # the scripted classifier takes it for other mail
SAID, OBEYED = "2026-05-01 11:00", "2026-05-01 11:01"


@pytest.fixture
def asking(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which every sure answer is checked."""
    monkeypatch.setattr(learning, "to_check", lambda *_: True)
    return world


def said(world: World) -> list[tuple[str, str, str]]:
    """(label, what the classifier had thought, by whom) of every correction."""
    with world.parts.store.read() as connection:
        return [(row["label"], row["was"], row["by"]) for row in corrections.latest(connection)]


def arrives(world: World, text: str) -> None:
    world.receive(text, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")


def test_a_message_that_was_set_aside_is_put_to_the_team_now_and_then(asking: World) -> None:
    arrives(asking, GRUMBLE)
    assert asking.states()[0] == messages.SET_ASIDE
    (question,) = asking.letters_to(RUTH)
    assert "was mailbot right" in question.subject
    assert "Case message" not in question.text
    asking.staff_replies(question, "complaint", SAID)
    asking.pass_at(OBEYED)
    case = asking.case()
    assert [(one.stage, one.state) for one in case.stages] == [("1", StageState.INVESTIGATING)]
    assert case.received.isoformat() == "2026-05-01T09:00:00+00:00"
    assert len(asking.letters_to(PAT)) == 1
    assert said(asking) == [("new_complaint", "other", RUTH)]


@pytest.mark.parametrize("word", ["accept", "other"])
def test_where_it_was_right_the_answer_only_teaches(asking: World, word: str) -> None:
    arrives(asking, CHAT)
    (question,) = asking.letters_to(RUTH)
    asking.staff_replies(question, word, SAID)
    asking.pass_at(OBEYED)
    assert asking.states()[0] == messages.SET_ASIDE
    assert said(asking) == [("other", "other", RUTH)]
    assert not asking.letters_to(PAT)


def test_a_sure_answer_that_was_wrong_is_put_right_on_the_case(asking: World) -> None:
    arrives(asking, COMPLAINT)
    (question,) = asking.letters_to(RUTH, "was mailbot right")
    assert f"from {PAT}" in question.text
    asking.staff_replies(question, "escalation", SAID)
    asking.pass_at(OBEYED)
    case = asking.case()
    assert [(one.stage, one.state) for one in case.stages] == [
        ("1", StageState.ENDED),
        ("2", StageState.INVESTIGATING),
    ]
    assert case.stages[1].received == case.received
    assert not [row for row in case.deadlines_of("1") if row.state.value == "running"]
    assert said(asking) == [("escalation", "new_complaint", RUTH)]


def digest(world: World) -> Message:
    world.pass_at("2026-05-05 07:31")
    return world.letters_to(ANIL, "complaints")[-1]


def test_the_digest_shows_what_people_wrote_that_was_set_aside_and_its_reader_can_take_it_up(
    world: World,
) -> None:
    arrives(world, GRUMBLE)
    shown = digest(world)
    assert "message 1" in shown.text
    assert "sort 1 complaint" in shown.text
    world.staff_replies(shown, "Sort 1 complaint, please", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    assert [one.stage for one in world.case().stages] == ["1"]
    assert len(world.letters_to(PAT)) == 1
    assert said(world) == [("new_complaint", "other", ANIL)]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("sort 99 complaint", "there is no message 99"),
        ("sort 1", "such as: sort 17 complaint"),
        ("sort it out", "such as: sort 17 complaint"),
        ("sort 2 other", "is an answer from the team"),
    ],
)
def test_what_cannot_be_sorted_is_said_and_changes_nothing(world: World, words: str, why: str) -> None:
    arrives(world, GRUMBLE)
    shown = digest(world)
    world.staff_replies(shown, "sort", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    world.staff_replies(shown, words, "2026-05-05 08:02", sender=ANIL)
    world.pass_at("2026-05-05 08:03")
    assert why in world.letters_to(ANIL)[-1].text
    assert world.states()[0] == messages.SET_ASIDE
    assert not said(world)


def test_a_follow_up_that_was_an_escalation_takes_the_case_up(world: World) -> None:
    arrives(world, COMPLAINT)
    acknowledgement = world.letters_to(PAT)[0]
    world.team_sends(FORMAL, PAT, "2026-05-06 10:00", answers=acknowledgement)
    world.pass_at("2026-05-06 10:01")
    world.receive(CHAT, "2026-05-07 10:00", answers=acknowledgement)
    world.pass_at("2026-05-07 10:01")
    number = world.mail()[1]["id"]
    world.staff_replies(digest(world), f"sort {number} escalation", "2026-05-08 08:00", sender=ANIL)
    world.pass_at("2026-05-08 08:01")
    case = world.case()
    assert [(one.stage, one.state) for one in case.stages] == [
        ("1", StageState.ESCALATED),
        ("2", StageState.INVESTIGATING),
    ]
    assert case.stages[1].message == str(number)
    assert len(world.letters_to(PAT)) == 2


def test_saying_what_it_is_already_changes_nothing_but_teaches(world: World) -> None:
    arrives(world, COMPLAINT)
    before = world.case()
    world.staff_replies(digest(world), "sort 1 complaint", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    assert world.case().stages == before.stages
    assert said(world) == [("new_complaint", "new_complaint", ANIL)]


def test_what_was_held_can_be_taken_up_as_what_a_person_says(world: World) -> None:
    with fault("it cannot be read"):
        arrives(world, GRUMBLE)
    assert world.states() == [messages.HELD]
    world.staff_replies(digest(world), "sort 1 complaint", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    assert world.states()[0] == messages.FILED
    assert [one.stage for one in world.case().stages] == ["1"]


def test_what_a_machine_seemed_to_send_gets_a_case_and_is_answered_by_hand(world: World) -> None:
    world.receive(GRUMBLE, "2026-05-01 10:00", headers={"Auto-Submitted": "auto-replied"})
    world.pass_at("2026-05-01 10:01")
    world.staff_replies(digest(world), "sort 1 complaint", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    assert [task.kind for task in world.case().tasks if task.done_at is None] == ["acknowledge_by_hand"]
    assert not world.letters_to(PAT)


def test_a_stranger_sorts_nothing(world: World) -> None:
    arrives(world, GRUMBLE)
    world.staff_replies(digest(world), "sort 1 complaint", "2026-05-05 08:00", sender=PAT)
    world.pass_at("2026-05-05 08:01")
    assert world.states()[0] == messages.SET_ASIDE
    assert not said(world)


def test_a_cry_for_help_is_heard_whatever_a_person_says_it_is(world: World) -> None:
    with fault("it cannot be read"):
        arrives(world, CRY)
    world.staff_replies(digest(world), "sort 1 other", "2026-05-05 08:00", sender=ANIL)
    world.pass_at("2026-05-05 08:01")
    assert "safeguarding" in [task.kind for task in world.case().tasks]
