"""What mailbot could not decide: kept, told of, looked through for harm, and let go again by a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy.exc import DataError

from mailbot.errors import RuleError
from mailbot.flows import arrival, sent, triage
from mailbot.flows.examination import NoReader, TooSlow
from mailbot.flows.reading import read
from mailbot.letters.library import Letters
from mailbot.mail.message import Message
from mailbot.store import holdings, messages, tables
from tests.flows.world import ANIL, BOX, CHAT, COMPLAINT, DUTY, FORMAL, PAT, RUTH, SECOND, World, at

CRY = f"{COMPLAINT} I cannot go on and I am going to kill myself tonight."
ARRIVES, READ, SAID, DONE = "2026-05-01 10:00", "2026-05-01 10:01", "2026-05-01 11:00", "2026-05-01 11:01"

Make = Callable[..., World]
# What fails, and how; the first four once the message has been read.
FAULTS: dict[str, tuple[Any, str, Exception]] = {
    "the database refuses a value": (arrival, "_HANDLERS", DataError("insert", None, ValueError())),
    "the rules do not reach so far": (arrival, "_HANDLERS", RuleError("the calendar ends")),
    "its case cannot be told": (triage, "find", KeyError("RST-000001-X")),
    "there is nothing to ask the classifier": (triage, "evidence", ValueError("kill myself")),
    "it takes too long to read": (triage, "read", TooSlow("30 seconds")),
    "it cannot be read": (triage, "read", RecursionError("kill myself")),
}


@contextmanager
def fault(name: str) -> Iterator[None]:
    """Within it, every message fails in one way."""
    room, attribute, error = FAULTS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, attribute, (raising(error),) if attribute == "_HANDLERS" else raising(error))
        yield


def raising(error: Exception) -> Callable[..., Any]:
    def fails(*_: Any, **__: Any) -> Any:
        raise error

    return fails


def hold(world: World, text: str = COMPLAINT, name: str = "it cannot be read", **options: Any) -> Message:
    """A message that is held; the notice of it to the team."""
    world.receive(text, ARRIVES, **options)
    with fault(name):
        world.pass_at(READ)
    assert world.states()[-1] == messages.HELD
    return world.letters_to(RUTH, "message")[-1]


def reply(world: World, notice: Message, word: str, when: str = SAID, sender: str = RUTH) -> None:
    world.staff_replies(notice, word, when, sender)
    world.pass_at(when)
    world.pass_at(when)  # what was released is read in the pass after


def holdings_of(world: World) -> list[dict[str, Any]]:
    return world.rows(tables.holding)


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


@pytest.mark.parametrize("name", FAULTS)
def test_a_cry_for_help_is_heard_whatever_fails(world: World, name: str) -> None:
    notice = hold(world, CRY, name)
    (page,) = world.letters_to(DUTY)
    assert page.subject.startswith("URGENT message 1")
    for words in ("kill", "go on", "Pat"):
        assert words not in page.subject + page.text + notice.text
    assert world.letters_to(SECOND) == []


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_it_is_heard_through_every_transfer_encoding(world: World, encoding: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = PAT, BOX, "dŵr", "<1@home.example>"
    mail.set_content(f"{CRY} Ŵ", cte=encoding)
    world.deliver(mail.as_bytes(), ARRIVES)
    with fault("it cannot be read"):
        world.pass_at(READ)
    assert len(world.letters_to(DUTY)) == 1


def test_the_second_contact_is_paged_once_unless_somebody_takes_the_alarm(make: Make) -> None:
    taken, left = make("taken"), make("left")
    for world in (taken, left):
        hold(world, CRY)
    taken.staff_replies(taken.letters_to(DUTY)[0], "accept", "2026-05-01 10:10", DUTY)
    for minute in ("11", "15", "17", "40"):
        for world in (taken, left):
            world.pass_at(f"2026-05-01 10:{minute}")
        assert len(left.letters_to(SECOND)) == (minute >= "17")
    assert taken.letters_to(SECOND) == []
    assert taken.mail()[0]["state"] == messages.HELD
    assert (holdings_of(taken)[0]["accepted"], holdings_of(taken)[0]["accepted_by"]) == (
        at("2026-05-01 10:10"),
        DUTY,
    )


def test_when_it_is_read_at_last_the_case_raises_its_own_alarm(world: World) -> None:
    hold(world, CRY)
    reply(world, world.letters_to(DUTY)[0], "release", sender=DUTY)
    assert [letter.subject.split()[1] for letter in world.letters_to(DUTY)] == ["message", world.case().ref]
    assert "116 123" in world.letters_to(PAT)[0].text


def test_released_twice_it_is_read_once(world: World) -> None:
    notice = hold(world)
    reply(world, notice, "release")
    reply(world, notice, "release", "2026-05-01 12:00")
    assert len(world.refs()) == len(world.letters_to(PAT)) == 1
    assert f"not held: it is filed on {world.case().ref}" in world.letters_to(RUTH)[-1].text


def test_two_people_release_it_in_one_pass(world: World) -> None:
    notice = hold(world)
    for sender in (RUTH, ANIL):
        world.staff_replies(notice, "release", SAID, sender)
    world.pass_at(SAID)
    world.pass_at(DONE)
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


def test_nothing_that_goes_wrong_in_telling_keeps_it_from_being_held(world: World) -> None:
    world.receive(CRY, ARRIVES)
    with fault("it cannot be read"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Letters, "render", raising(RuleError("the letter has a fault")))
        world.pass_at(READ, ["the letter has a fault"])  # the digest's
    assert world.states() == [messages.HELD]
    assert world.letters() == []
    world.pass_at("2026-05-01 10:02")
    assert (len(world.letters_to(RUTH)), len(world.letters_to(DUTY))) == (1, 1)


def test_a_detector_that_fails_keeps_nothing_from_being_held(world: World) -> None:
    deaf = replace(world, parts=replace(world.parts, detector=None))  # type: ignore[arg-type]  # as broken as can be
    deaf.receive(CRY, ARRIVES)
    deaf.pass_at(READ)
    assert deaf.states() == [messages.HELD]
    assert len(deaf.letters_to(RUTH)) == 1


def test_a_letter_of_the_team_that_could_not_be_read_is_released_too_and_pages_nobody(world: World) -> None:
    first = world.receive(COMPLAINT, ARRIVES)
    world.pass_at(READ)
    world.pass_at(READ)  # takes in the copy of the acknowledgement
    world.team_sends(f"{FORMAL} You wrote: {CRY}", PAT, "2026-05-01 10:30", answers=first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sent, "parse", lambda *_: 1 / 0)
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


def test_the_digest_names_an_alarm_that_nobody_has_taken(world: World) -> None:
    hold(world, CRY)
    with world.parts.store.read() as connection:
        assert [row["message"] for row in holdings.alarms(connection)] == [1]
    world.pass_at("2026-05-05 07:31")
    digest = (
        world.letters_to(ANIL, "digest")[-1]
        if world.letters_to(ANIL, "digest")
        else world.letters_to(ANIL)[-1]
    )
    assert "message 1" in digest.text
