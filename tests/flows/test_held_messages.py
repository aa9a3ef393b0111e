"""What mailbot could not decide: kept, told of, and let go again by a person."""

from typing import Any

import pytest

from mailbot.flows import sent, triage
from mailbot.flows.examination import NoReader
from mailbot.flows.reading import read
from mailbot.store import messages
from tests.flows.held import ARRIVES, CRY, DONE, FAULTS, READ, SAID, fault, hold, holdings_of, raising, reply
from tests.flows.world import ANIL, CHAT, COMPLAINT, DUTY, FORMAL, PAT, RUTH, World, at


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_fails_the_team_is_told_once_and_nobody_is_answered(world: World, name: str) -> None:
    notice = hold(world, name=name)
    with fault(name):
        world.pass_at(DONE)
    assert world.letters_to(RUTH) == [notice]
    assert (world.refs(), world.letters_to(PAT), world.letters_to(DUTY)) == ([], [], [])
    assert "release" in notice.text
    assert "set aside" in notice.text
    (row,) = world.mail()
    assert "a person should" in row["reason"]
    assert "kill" not in row["reason"] + notice.text


@pytest.mark.parametrize("name", FAULTS)
def test_once_the_cause_is_mended_it_is_released_and_goes_the_normal_way(world: World, name: str) -> None:
    reply(world, hold(world, name=name), "release")
    case = world.case()
    assert case.deadline("1/respond").started == at(ARRIVES)
    assert len(world.letters_to(PAT)) == 1
    assert world.mail()[0]["state"] == messages.FILED
    (held,) = holdings_of(world)
    assert (held["ended"], held["ended_by"], held["why"]) == (at(SAID), RUTH, "")


def test_released_twice_it_is_read_once(world: World) -> None:
    notice = hold(world)
    reply(world, notice, "release")
    reply(world, notice, "release", "2026-05-01 12:00")
    assert len(world.refs()) == len(world.letters_to(PAT)) == 1
    assert f"not held: it is filed on {world.case().ref}" in world.letters_to(RUTH)[-1].text


def test_two_people_release_it_in_one_pass(world: World) -> None:
    notice = hold(world)
    for minute, sender in (("00", RUTH), ("01", ANIL)):
        world.staff_replies(notice, "release", f"2026-05-01 11:{minute}", sender)
    for minute in ("02", "03"):
        world.pass_at(f"2026-05-01 11:{minute}")
    assert len(world.refs()) == 1
    assert "waits to be read" in world.letters_to(ANIL)[-1].text


def test_released_while_the_cause_is_there_it_is_held_again_and_told_of_again(world: World) -> None:
    notice = hold(world)
    world.staff_replies(notice, "release", SAID)
    world.pass_at(SAID)
    with fault("it cannot be read"):
        world.pass_at(DONE)
    assert [row["ended_by"] for row in holdings_of(world)] == [RUTH, ""]
    first, second = world.letters_to(RUTH)
    assert first.message_id != second.message_id
    reply(world, second, "release", "2026-05-01 12:00")
    assert len(world.refs()) == 1


def test_set_aside_with_the_reason_and_who_gave_it(world: World) -> None:
    notice = hold(world)
    reply(world, notice, "Set aside: answered by telephone")
    (row, _answer) = world.mail()
    assert (row["state"], row["reason"]) == (
        messages.SET_ASIDE,
        f"set aside by {RUTH}: answered by telephone",
    )
    assert (holdings_of(world)[0]["ended_by"], holdings_of(world)[0]["why"]) == (
        RUTH,
        "answered by telephone",
    )
    assert world.refs() == []


def test_without_a_reason_it_stays_held_and_the_question_comes_again(world: World) -> None:
    reply(world, hold(world), "set aside")
    assert world.mail()[0]["state"] == messages.HELD
    again = world.letters_to(RUTH)[-1]
    assert "say why" in again.text
    reply(world, again, "set aside a circular", "2026-05-01 12:00")
    assert world.mail()[0]["state"] == messages.SET_ASIDE


@pytest.mark.parametrize("word", ["hm, let me think", "complaint"])
def test_other_words_change_nothing_and_the_question_comes_again(world: World, word: str) -> None:
    reply(world, hold(world), word)
    assert world.mail()[0]["state"] == messages.HELD
    again = world.letters_to(RUTH)[-1]
    assert "did not begin with one of the words" in again.text
    reply(world, again, "release", "2026-05-01 12:00")
    assert len(world.refs()) == 1


def test_a_stranger_who_quotes_the_notice_releases_nothing(world: World) -> None:
    reply(world, hold(world), "release", sender="sam@other.example")
    assert world.mail()[0]["state"] == messages.HELD


def test_the_word_release_does_nothing_to_a_case(world: World) -> None:
    world.receive("Hmm, about last Tuesday.", ARRIVES)
    world.pass_at(READ)
    before = world.case()
    world.staff_replies(world.letters_to(RUTH)[0], "release", SAID)
    world.pass_at(SAID)
    assert world.case() == before
    assert "for a message that could not be read" in world.letters_to(RUTH)[-1].text


def test_a_letter_of_the_team_that_could_not_be_read_is_released_too_and_pages_nobody(world: World) -> None:
    first = world.receive(COMPLAINT, ARRIVES)
    world.pass_at(READ)
    world.pass_at(READ)  # takes in the copy of the acknowledgement
    world.team_sends(f"{FORMAL} You wrote: {CRY}", PAT, "2026-05-01 10:30", answers=first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sent, "take_in", raising(ZeroDivisionError()))
        world.pass_at("2026-05-01 10:31")
    assert world.letters_to(DUTY) == []
    assert world.case().stage("1").responded is None
    reply(world, world.letters_to(RUTH, "message")[-1], "release")
    assert world.case().stage("1").responded == at("2026-05-01 10:30")


def test_what_nobody_has_looked_at_is_brought_up_before_the_day_is_over(world: World) -> None:
    hold(world)
    for when in ("2026-05-02 05:59", "2026-05-02 06:01", "2026-05-02 09:00"):
        world.pass_at(when)
        assert len(world.letters_to(ANIL, "nobody has released it")) == (when > "2026-05-02 06")
    assert len(world.letters_to(RUTH, "nobody has released it")) == 1


def test_while_no_process_to_read_in_can_be_started_nothing_is_held_and_the_next_pass_reads_it(
    world: World,
) -> None:
    world.receive(COMPLAINT, ARRIVES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triage, "read", raising(NoReader("no process")))
        world.pass_at(READ, ["no process"])
    assert (world.states(), world.letters_to(RUTH)) == ([messages.STORED], [])
    world.pass_at(DONE)
    assert len(world.letters_to(PAT)) == 1


def test_a_message_that_is_read_slowly_keeps_nobody_from_writing(world: World) -> None:
    written = []

    def slow(*given: Any) -> Any:
        with world.parts.store.write() as connection:  # waits 30 s for whoever holds the database
            written.append(messages.counts(connection))
        return read(*given)

    world.receive(COMPLAINT, ARRIVES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triage, "read", slow)
        world.pass_at(READ)
    assert written == [{messages.STORED: 1}]
    assert len(world.letters_to(PAT)) == 1


def test_other_mail_goes_on_meanwhile(world: World) -> None:
    hold(world)
    world.receive(CHAT, SAID, "sam@other.example")
    world.pass_at(DONE)
    assert world.states() == [messages.HELD, messages.SET_ASIDE]
