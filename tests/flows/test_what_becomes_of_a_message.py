"""Each kind of message, and what it does to cases, to its sender and to the team."""

from datetime import timedelta

import pytest

from mailbot.casework.case import DeadlineState, StageState
from mailbot.mail.message import Message
from mailbot.store import tables
from tests.flows.world import (
    BOX,
    CHAT,
    COMPLAINT,
    CONTRIBUTION,
    ESCALATION,
    FORMAL,
    FROM_ICE,
    ICE,
    PAT,
    RUTH,
    UNCLEAR,
    World,
    at,
)

JOBCENTRE = "lead.officer@dwp.gov.uk"
SIGNED_JOBCENTRE = f"{CONTRIBUTION}\nJobcentre Plus complaints team"
FRIDAY, MONDAY = "2026-05-08 10:00", "2026-05-11 10:00"


def answered(world: World) -> Message:
    """A complaint of Friday 1 May, answered formally on Friday 8 May; the team's letter."""
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    sent = world.team_sends(FORMAL, PAT, FRIDAY, subject="Our response to your complaint", answers=first)
    world.pass_at("2026-05-08 10:01")
    return sent


@pytest.mark.parametrize(
    ("text", "sender", "stage"),
    [(COMPLAINT, PAT, "1"), (FROM_ICE, ICE, "ice"), (SIGNED_JOBCENTRE, JOBCENTRE, "contribution")],
)
def test_each_label_opens_its_own_work(world: World, text: str, sender: str, stage: str) -> None:
    world.receive(text, FRIDAY, sender)
    world.pass_at("2026-05-08 10:01")
    (instance,) = world.case().stages
    assert (instance.stage, instance.sender) == (stage, sender)
    assert len(world.letters_to(sender)) == 1


def test_other_mail_opens_nothing_and_is_not_answered(world: World) -> None:
    world.receive(CHAT, FRIDAY)
    world.pass_at("2026-05-08 10:01")
    assert world.refs() == []
    assert world.states() == ["set_aside"]
    assert world.letters_to(PAT) == []


def test_a_reply_after_the_formal_response_goes_to_the_next_stage(world: World) -> None:
    response = answered(world)
    assert world.case().stage("1").state is StageState.WINDOW_OPEN
    world.receive(ESCALATION, MONDAY, subject="Re: your response", answers=response)
    world.pass_at("2026-05-11 10:01")
    assert [(stage.id, stage.state.value) for stage in world.case().stages] == [
        ("1", "escalated"),
        ("2", "investigating"),
    ]
    assert world.case().deadline("2/acknowledge").met_by == "automated"
    assert "stage 2" in world.letters_to(PAT)[-1].text


def test_response_and_escalation_in_one_pass_are_taken_in_the_order_of_their_times(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    response = world.team_sends(FORMAL, PAT, FRIDAY, subject="Our response", answers=first)
    world.receive(ESCALATION, MONDAY, subject="Re: Our response", answers=response)
    world.pass_at("2026-05-11 10:01")
    assert [stage.state.value for stage in world.case().stages] == ["escalated", "investigating"]


def test_a_premature_escalation_joins_the_open_stage_and_asks_the_team(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive(ESCALATION, "2026-05-05 10:00", subject="Re: still waiting", answers=first)
    world.pass_at("2026-05-05 10:01")
    case = world.case()
    assert [stage.id for stage in case.stages] == ["1"]
    assert [task.kind for task in case.tasks] == ["early_escalation"]
    assert world.letters_to(PAT)[-1].subject.startswith("Added to your complaint")


def test_the_team_lets_a_premature_escalation_pass_up(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive(ESCALATION, "2026-05-05 10:00", subject="Re: still waiting", answers=first)
    world.pass_at("2026-05-05 10:01")
    (question,) = world.letters_to(RUTH, "escalation")
    world.staff_replies(question, "escalation", "2026-05-05 11:00")
    world.pass_at("2026-05-05 11:01")
    assert [stage.id for stage in world.case().stages] == ["1", "2"]
    assert "stage 2" in world.letters_to(PAT)[-1].text


def test_a_late_escalation_is_acknowledged_and_a_person_decides(world: World) -> None:
    response = answered(world)
    world.receive(ESCALATION, "2026-12-01 10:00", subject="Re: your response", answers=response)
    world.pass_at("2026-12-01 10:01")
    case = world.case()
    assert [task.kind for task in case.tasks if not task.done_at] == ["late_escalation"]
    assert "8 November 2026" in world.letters_to(PAT)[-1].text
    question = world.letters_to(RUTH)[-1]
    world.staff_replies(question, "Escalation", "2026-12-01 12:00")
    world.pass_at("2026-12-01 12:01")
    assert world.case().stage("2").state is StageState.INVESTIGATING


def test_an_unclear_message_is_answered_neutrally_until_a_person_says_what_it_is(world: World) -> None:
    world.receive(UNCLEAR, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    assert world.case().stages[0].stage == "unsorted"
    (letter,) = world.letters_to(PAT)
    assert "A person will read it" in letter.text
    (question,) = world.letters_to(RUTH)
    world.staff_replies(question, "Complaint\n\nRuth", "2026-05-01 11:00")
    world.pass_at("2026-05-01 11:01")
    case = world.case()
    assert [(stage.id, stage.state.value) for stage in case.stages] == [
        ("unsorted", "ended"),
        ("1", "investigating"),
    ]
    assert case.deadline("1/respond").started == at("2026-05-01 10:00")  # from receipt, not from the decision
    assert case.deadline("1/acknowledge").state is DeadlineState.MET
    assert "stage 1" in world.letters_to(PAT)[-1].text


def test_a_partner_states_a_date_and_the_earlier_one_holds(world: World) -> None:
    world.receive(f"{FROM_ICE} Please reply by Wednesday 13 May 2026.", FRIDAY, ICE)
    world.receive(f"{SIGNED_JOBCENTRE} Please reply by Friday 29 May 2026.", FRIDAY, JOBCENTRE)
    world.pass_at("2026-05-08 10:01")
    dues = {
        case.stages[0].stage: case.deadline(f"{case.stages[0].id}/respond").due.date().isoformat()
        for case in (world.case(1), world.case(2))
    }
    assert dues == {"ice": "2026-05-13", "contribution": "2026-05-15"}


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"Auto-Submitted": "auto-replied"}, PAT),
        (
            {"List-Id": "<news.shop.example>", "List-Unsubscribe": "<mailto:off@shop.example>"},
            "news@shop.example",
        ),
        ({"Return-Path": "<>", "X-Failed-Recipients": "somebody@else.example"}, "mailer-daemon@mx.example"),
    ],
    ids=["out of office", "newsletter", "bounce"],
)
def test_machines_are_never_answered_and_open_no_case(
    world: World, headers: dict[str, str], sender: str
) -> None:
    world.receive(CHAT, FRIDAY, sender, subject="Notice", headers=headers)
    world.pass_at("2026-05-08 10:01")
    assert (world.refs(), world.letters_to(sender)) == ([], [])
    assert world.mail()[0]["reason"]


def test_a_complaint_through_a_mass_mailer_is_a_case_and_a_person_acknowledges_it(world: World) -> None:
    world.receive(COMPLAINT, FRIDAY, headers={"List-Unsubscribe": "<mailto:off@platform.example>"})
    world.pass_at("2026-05-08 10:01")
    case = world.case()
    assert world.letters_to(PAT) == []
    assert [task.kind for task in case.tasks] == ["acknowledge_by_hand"]
    assert case.deadline("1/acknowledge").state is DeadlineState.RUNNING
    world.staff_replies(world.letters_to(RUTH)[0], "contacted", "2026-05-08 12:00")
    world.pass_at("2026-05-08 12:01")
    assert world.case().deadline("1/acknowledge").met_by == "person"
    assert not [task for task in world.case().tasks if task.done_at is None]


@pytest.mark.parametrize("text", [COMPLAINT, ESCALATION, UNCLEAR, CHAT])
def test_a_stranger_who_quotes_a_reference_gets_a_case_of_their_own_and_learns_nothing(
    world: World, text: str
) -> None:
    answered(world)
    before = world.case()
    world.receive(text, MONDAY, "nosy@elsewhere.example", subject=f"About {before.ref}")
    world.pass_at("2026-05-11 10:01")
    own = world.case(2)
    assert world.case() == before
    assert own.refers_to == before.ref
    assert any(before.ref in task.reason for task in own.tasks)
    for letter in world.letters_to("nosy@elsewhere.example"):
        said = letter.subject + letter.text + letter.html
        assert before.ref not in said
        assert "Friday 8 May" not in said


def test_the_same_message_delivered_twice_is_one_message(world: World) -> None:
    raw = world.letter(COMPLAINT, PAT, BOX, "2026-05-01 10:00")
    world.deliver(raw, "2026-05-01 10:00")
    world.deliver(raw, "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")
    assert len(world.refs()) == 1
    assert len(world.letters_to(PAT)) == 1
    assert world.states() == ["filed", "set_aside"]


def test_pressing_send_twice_within_a_day_gives_one_case_and_one_letter(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive(COMPLAINT, "2026-05-01 10:03")
    world.pass_at("2026-05-01 10:06")
    assert len(world.refs()) == 1
    assert len(world.letters_to(PAT)) == 1
    assert {row["case_ref"] for row in world.rows(tables.message)} == set(world.refs())


def test_a_forged_message_id_that_we_hold_hides_no_other_message(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive(
        f"{COMPLAINT} Mine is another.",
        FRIDAY,
        "sam@other.example",
        message_id=first.message_id,
        subject="Help",
    )
    world.pass_at("2026-05-08 10:01")
    assert len(world.refs()) == 2


def test_two_replies_on_one_case_in_one_pass_both_join_it(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    ref = world.case().ref
    world.receive("The first thing I forgot.", "2026-05-05 10:00", answers=first, subject="Re: one")
    world.receive("The second thing I forgot.", "2026-05-05 10:10", answers=first, subject="Re: two")
    world.receive(f"{FROM_ICE}", "2026-05-05 10:20", ICE, subject=f"ICE reference 12 {ref}")
    world.pass_at("2026-05-05 10:21")
    assert {row["case_ref"] for row in world.rows(tables.message)} == {ref}
    assert [stage.id for stage in world.case().stages] == ["1", "ice"]


def test_a_message_that_cannot_be_decided_is_held_and_its_neighbours_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailbot.flows import arrival

    def fails(work: object, box: object, reading: object, *known: object) -> None:
        if "poison" in reading.message.subject:  # type: ignore[attr-defined]  # a Reading
            raise ValueError("no secrets in the log")
        untouched(work, box, reading, *known)  # type: ignore[arg-type]  # passed on as they came

    untouched = arrival.arrive
    monkeypatch.setattr(arrival, "arrive", fails)
    world.receive(COMPLAINT, "2026-05-01 10:00", subject="poison")
    world.receive(COMPLAINT, "2026-05-01 10:01", "sam@other.example")
    world.pass_at("2026-05-01 10:02")
    held, filed = world.rows(tables.message)
    assert (held["state"], filed["state"]) == ("held", "filed")
    assert "ValueError" in held["reason"]
    assert "secrets" not in held["reason"]
    assert len(world.letters_to("sam@other.example")) == 1
    (told,) = world.letters_to(RUTH)
    assert "ValueError" in told.text
    assert "poison" not in told.subject + told.text


def test_mail_of_a_known_party_on_an_answered_case_asks_what_it_is(world: World) -> None:
    response = answered(world)
    world.receive(COMPLAINT, MONDAY, subject="Re: again", answers=response)
    world.pass_at("2026-05-11 10:01")
    assert [task.kind for task in world.case().tasks] == ["what_is_this"]


def test_a_response_goes_to_the_stage_and_not_to_a_message_nobody_has_sorted(world: World) -> None:
    first = world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.receive(UNCLEAR, "2026-05-05 10:00", subject="Re: hmm", answers=first)
    world.pass_at("2026-05-05 10:01")
    world.team_sends(FORMAL, PAT, FRIDAY, subject="Our response", answers=first)
    world.pass_at("2026-05-08 10:01")
    assert world.case().stage("1").responded == at(FRIDAY)


def test_the_response_met_its_date_and_opened_the_window(world: World) -> None:
    answered(world)
    case = world.case()
    assert case.deadline("1/respond").state is DeadlineState.MET
    assert case.deadline("1/respond").due - at("2026-05-11 23:59:59") < timedelta(seconds=1)
    assert case.windows[0].ends.date().isoformat() == "2026-11-08"
