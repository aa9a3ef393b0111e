"""Somebody may come to harm: people are told at once, at any hour, whatever else fails."""

from collections.abc import Sequence

from mailbot.casework.case import StageState
from mailbot.classify.verdict import Evidence, Verdict
from mailbot.store import case_tables
from tests.flows.world import BOX, CHAT, COMPLAINT, DUTY, PAT, RUTH, SECOND, UNCLEAR, World

CRY = "I want to make a complaint. I cannot go on and I am going to kill myself tonight."
NIGHT = "2026-05-03 02:10"  # Sunday of a bank holiday weekend


class Broken:
    """A classifier that fails on everything, or on messages that hold certain words."""

    def __init__(self, words: str = "") -> None:
        self.words = words

    def classify(self, evidence: Sequence[Evidence]) -> list[Verdict]:
        from tests.flows.world import Scripted

        if any(self.words in one.live_text for one in evidence):
            raise MemoryError
        return Scripted().classify(evidence)


def test_the_duty_person_is_paged_at_once_and_the_letter_is_the_crisis_one(world: World) -> None:
    world.receive(CRY, NIGHT)
    world.pass_at("2026-05-03 02:11")
    assert [letter.subject.startswith("URGENT") for letter in world.letters_to(DUTY)] == [True]
    (letter,) = world.letters_to(PAT)
    assert "116 123" in letter.text
    assert world.letters_to(SECOND) == []


def test_the_second_contact_is_paged_once_after_fifteen_minutes(world: World) -> None:
    world.receive(CRY, NIGHT)
    for minute in ("11", "24", "26", "41"):
        world.pass_at(f"2026-05-03 02:{minute}")
        assert len(world.letters_to(SECOND)) == (minute >= "26")
    assert len(world.letters_to(DUTY)) == 1


def test_whoever_accepts_ends_the_paging(world: World) -> None:
    world.receive(CRY, NIGHT)
    world.pass_at("2026-05-03 02:11")
    world.staff_replies(world.letters_to(DUTY)[0], "accept", "2026-05-03 02:15", DUTY)
    world.pass_at("2026-05-03 02:30")
    assert world.letters_to(SECOND) == []
    (task,) = world.case().tasks
    assert (task.kind, task.done_by) == ("safeguarding", DUTY)


def test_accepting_the_alarm_decides_nothing_else(world: World) -> None:
    world.receive(f"{UNCLEAR} I am going to kill myself tonight.", NIGHT)
    world.pass_at("2026-05-03 02:11")
    world.staff_replies(world.letters_to(DUTY)[0], "accept", "2026-05-03 02:15", DUTY)
    world.pass_at("2026-05-03 02:16")
    case = world.case()
    assert case.stages[0].state is StageState.TRIAGE
    assert [task.kind for task in case.tasks if task.done_at is None] == ["what_is_this"]
    assert len(case.running) == 1  # the acknowledgement was sent; the answer is still owed


def test_it_works_when_the_classifier_does_not(world: World) -> None:
    world = world.with_classifier(Broken())
    world.receive(CRY, NIGHT)
    world.receive(CHAT, "2026-05-03 02:11", "sam@other.example")
    world.pass_at("2026-05-03 02:12")
    assert len(world.letters_to(DUTY)) == 1
    assert "116 123" in world.letters_to(PAT)[0].text
    assert {task.kind for task in world.case(1).tasks} == {"what_is_this", "safeguarding"}
    assert {task.kind for task in world.case(2).tasks} == {"what_is_this"}


def test_one_message_that_breaks_the_classifier_spoils_no_other(world: World) -> None:
    world = world.with_classifier(Broken("three appointments"))
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive("I want to make a complaint too.", "2026-05-01 10:01", "sam@other.example")
    world.pass_at("2026-05-01 10:02")
    assert [world.case(number).stages[0].stage for number in (1, 2)] == ["unsorted", "1"]


def test_a_cry_for_help_in_other_mail_is_heard(world: World) -> None:
    world.receive("Thanks for Monday. I am going to kill myself tonight.", NIGHT)
    world.pass_at("2026-05-03 02:11")
    assert len(world.letters_to(DUTY)) == 1
    assert "116 123" in world.letters_to(PAT)[0].text


def test_a_cry_for_help_on_an_open_case_is_heard_and_answered_with_care(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive("I am going to kill myself tonight.", NIGHT, answers=first, subject="Re: what is the point")
    world.pass_at("2026-05-03 02:11")
    assert len(world.letters_to(DUTY)) == 1
    assert "116 123" in world.letters_to(PAT)[-1].text


def test_without_named_contacts_the_team_is_told(make) -> None:  # type: ignore[no-untyped-def]  # the fixture's own type
    world = make(organisation={"safeguarding": {}})
    world.receive(CRY, NIGHT)
    world.pass_at("2026-05-03 02:11")
    assert world.letters_to(RUTH)[0].subject.startswith("URGENT")


def test_the_words_of_the_message_are_in_no_notice(world: World) -> None:
    world.receive(CRY, NIGHT, subject="goodbye everybody")
    world.pass_at("2026-05-03 02:11")
    (page,) = world.letters_to(DUTY)
    assert page.sender is not None
    assert page.sender.address == BOX
    for words in ("kill", "goodbye", "Pat"):
        assert words not in page.subject + page.text
    assert len(world.rows(case_tables.task)) == 1
