"""What follows from each event: one small story for each."""

from collections.abc import Callable

import pytest

from mailbot.casework.case import CaseState, DeadlineState, Party, Role
from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Closed,
    Contacted,
    Decided,
    DuePassed,
    HoldingLetterSent,
    NothingOwed,
    Responded,
    WindowEnded,
)
from mailbot.casework.labels import Label
from tests.casework.story import ICE, PAT, Story, at

COMPLAINT, ESCALATION, OTHER = Label.NEW_COMPLAINT, Label.ESCALATION, Label.OTHER
FRIDAY, TUESDAY = "2026-05-01 17:40", "2026-05-05 10:00"
Before = Callable[[Story], object]


def nothing(_story: Story) -> None: ...


def complained(story: Story) -> None:
    story.writes(COMPLAINT, FRIDAY)


def answered(story: Story) -> None:
    complained(story)
    story.happens(Responded("1", at("2026-05-08 15:00")))


def at_the_end(story: Story) -> None:
    answered(story)
    for stage, day in (("2", "05-11"), ("3", "05-18")):
        story.writes(ESCALATION, f"2026-{day} 09:00")
        story.happens(Responded(stage, at(f"2026-{day} 17:00")))


def closed(story: Story) -> None:
    answered(story)
    story.happens(Closed(at("2026-05-12 09:00"), CaseState.CLOSED.value))


@pytest.mark.parametrize(
    ("before", "label", "stages", "questions"),
    [
        (nothing, COMPLAINT, {"1": "investigating"}, []),
        (nothing, None, {"unsorted": "triage"}, ["what_is_this"]),
        (nothing, ESCALATION, {"unsorted": "triage"}, ["what_is_this"]),
        (nothing, Label.ICE_CORRESPONDENCE, {"ice": "investigating"}, []),
        (nothing, Label.CONTRIBUTION_REQUEST, {"contribution": "investigating"}, []),
        (complained, COMPLAINT, {"1": "investigating"}, []),
        (complained, OTHER, {"1": "investigating"}, []),
        (complained, None, {"1": "investigating"}, ["what_is_this"]),
        (complained, ESCALATION, {"1": "investigating"}, ["early_escalation"]),
        (complained, Label.ICE_CORRESPONDENCE, {"1": "investigating", "ice": "investigating"}, []),
        (answered, ESCALATION, {"1": "escalated", "2": "investigating"}, []),
        (answered, COMPLAINT, {"1": "window_open", "unsorted": "triage"}, ["what_is_this"]),
        (answered, OTHER, {"1": "window_open"}, []),
    ],
)
def test_where_a_message_goes(
    story: Story, before: Before, label: Label | None, stages: dict[str, str], questions: list[str]
) -> None:
    before(story)
    story.writes(label, "2026-05-12 10:00")
    assert story.stages == stages
    assert story.open_questions == questions


@pytest.mark.parametrize(
    ("before", "when", "question"),
    [
        (at_the_end, "2026-06-01 10:00", "after_the_last_stage"),
        (answered, "2026-11-09 00:00", "late_escalation"),
    ],
)
def test_what_no_program_may_decide_is_a_question(
    story: Story, before: Before, when: str, question: str
) -> None:
    before(story)
    story.writes(ESCALATION, when)
    assert story.open_questions == [question]
    assert story.letters[-1].acknowledges


def test_a_message_on_a_case_that_is_closed_is_never_lost(story: Story) -> None:
    closed(story)
    story.writes(COMPLAINT, "2026-06-01 10:00")
    assert story.open_questions
    assert story.letters[-1].to == PAT.id
    assert any(promise.startswith("unsorted") for promise in story.running)


@pytest.mark.parametrize(
    ("flags", "sender", "letter"),
    [
        ((), PAT, "ack_serco_1"),
        (("safeguarding",), PAT, "ack_crisis"),
        (("mp",), PAT, "ack_elected"),
        (("employer",), PAT, "ack_employer"),
        (("mp", "safeguarding"), PAT, "ack_crisis"),
    ],
)
def test_the_letter_fits_the_writer(story: Story, flags: tuple[str, ...], sender: Party, letter: str) -> None:
    story.writes(COMPLAINT, FRIDAY, sender, flags=flags)
    assert story.letters[0].name == letter


def test_whoever_may_not_be_written_to_is_a_task_and_the_clock_runs(story: Story) -> None:
    story.writes(COMPLAINT, FRIDAY, may_acknowledge=False, obstacle="came through a list")
    assert story.letters == []
    assert story.open_questions == ["acknowledge_by_hand"]
    assert "1/acknowledge" in story.running


@pytest.mark.parametrize(
    ("before", "label"),
    # Other mail without a case never comes here as such: flows makes a question of it.
    [
        (before, label)
        for before in (nothing, complained, answered, closed)
        for label in (*Label, None)
        if (before, label) != (nothing, OTHER)
    ],
)
def test_a_cry_for_help_is_heard_on_every_path(story: Story, before: Before, label: Label | None) -> None:
    before(story)
    changes = story.writes(label, "2026-05-12 10:00", flags=("safeguarding",))
    assert "safeguarding" in [task.kind for task in changes.tasks if task.urgent]
    assert "ack_crisis" in [letter.name for letter in changes.letters]


@pytest.mark.parametrize(
    ("fact", "still_running"),
    [
        (Acknowledged("1", at(TUESDAY)), {"1/respond", "1/personal_contact"}),
        (Contacted("1", at(TUESDAY)), {"1/respond"}),
        (Responded("1", at(TUESDAY)), set()),
        (NothingOwed("1", at(TUESDAY)), set()),
        (Closed(at(TUESDAY), CaseState.CLOSED.value), set()),
        (
            DuePassed("1/respond", at("2026-05-11 23:59:59")),
            {"1/acknowledge", "1/respond", "1/personal_contact"},
        ),
    ],
)
def test_what_an_event_leaves_owed(story: Story, fact: object, still_running: set[str]) -> None:
    complained(story)
    story.happens(fact)  # type: ignore[arg-type]  # one of the facts above
    assert set(story.running) == still_running


@pytest.mark.parametrize("uncertain", [True, False])
def test_a_letter_that_came_back_leaves_the_promise_open(story: Story, uncertain: bool) -> None:
    complained(story)
    story.happens(Acknowledged("1", at("2026-05-01 17:41")))
    story.happens(AcknowledgementFailed("1", at("2026-05-01 18:00"), "550 no such user", uncertain))
    assert story.running["1/acknowledge"] == "Sat 02 May 17:40"
    (task,) = story.case.tasks
    assert task.urgent
    assert ("may or may not" in task.reason) is uncertain
    story.happens(Contacted("1", at(TUESDAY)))
    assert story.open_questions == []
    promise = story.case.deadline("1/acknowledge")
    assert promise is not None
    assert (promise.state, promise.late) == (DeadlineState.MET, True)


def test_a_holding_letter_for_what_is_answered_changes_nothing(story: Story) -> None:
    answered(story)
    story.happens(HoldingLetterSent("1", at("2026-05-09 09:00"), at("2026-05-20 23:59"), "late"))
    assert story.stages == {"1": "window_open"}
    assert story.running == {}


def test_a_window_that_ends_on_a_case_that_went_further_changes_no_stage(story: Story) -> None:
    answered(story)
    story.writes(ESCALATION, "2026-06-01 09:00")
    story.happens(WindowEnded("1/escalate", at("2026-11-08 23:59:59")))
    assert story.stages == {"1": "escalated", "2": "investigating"}


@pytest.mark.parametrize(
    ("answer", "stages"),
    [
        ("new_complaint", {"unsorted": "ended", "1": "investigating"}),
        ("escalation", {"unsorted": "ended", "2": "investigating"}),
        ("ice_correspondence", {"unsorted": "ended", "ice": "investigating"}),
        ("other", {"unsorted": "ended"}),
    ],
)
def test_a_person_says_what_it_is_and_the_clocks_count_from_its_receipt(
    story: Story, answer: str, stages: dict[str, str]
) -> None:
    story.writes(None, FRIDAY)
    story.happens(Decided(story.case.tasks[0].id, at(TUESDAY), answer, "ruth@serco.example"))
    assert story.stages == stages
    assert all(promise.started == at(FRIDAY) for promise in story.case.running)
    assert story.open_questions == []


def test_accepting_takes_the_proposal(story: Story) -> None:
    story.writes(None, FRIDAY, proposed=COMPLAINT)
    story.happens(Decided(story.case.tasks[0].id, at(TUESDAY), "accept"))
    assert story.stages == {"unsorted": "ended", "1": "investigating"}


def test_an_answer_to_a_question_that_is_answered_or_unknown_changes_nothing(story: Story) -> None:
    story.writes(None, FRIDAY)
    task = story.case.tasks[0].id
    story.happens(Decided(task, at(TUESDAY), "new_complaint"))
    before = story.stages
    story.happens(Decided(task, at(TUESDAY), "escalation"))
    story.happens(Decided("99/what_is_this", at(TUESDAY), "escalation"))
    assert story.stages == before


@pytest.mark.parametrize("meanwhile", [False, True], ids=["still owed", "answered meanwhile"])
def test_a_person_lets_an_early_escalation_pass(story: Story, meanwhile: bool) -> None:
    complained(story)
    story.writes(ESCALATION, TUESDAY)
    (task,) = story.case.tasks
    if meanwhile:
        story.happens(Responded("1", at("2026-05-05 12:00")))
    story.happens(Decided(task.id, at("2026-05-06 09:00"), "escalation"))
    assert story.stages == {"1": "escalated", "2": "investigating"}


def test_the_examiner_is_never_written_to_as_a_complainant(story: Story) -> None:
    story.writes(Label.ICE_CORRESPONDENCE, FRIDAY, ICE, flags=("mp", "employer"))
    assert [letter.name for letter in story.letters] == ["ice_ack"]


def test_a_second_examiner_letter_has_a_clock_of_its_own(story: Story) -> None:
    for when in (FRIDAY, TUESDAY):
        story.writes(Label.ICE_CORRESPONDENCE, when, ICE)
    assert set(story.stages) == {"ice", "ice.2"}
    assert len({letter.purpose for letter in story.letters}) == 2


def test_roles_are_kept(story: Story) -> None:
    story.writes(COMPLAINT, FRIDAY, Party("mum@home.example", Role.REPRESENTATIVE, "Jo"))
    assert story.case.party("MUM@home.example") is not None
