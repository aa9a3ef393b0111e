"""A message that could not be read is looked through for signs of harm all the same, and people are paged."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from mailbot.errors import RuleError
from mailbot.letters.library import Letters
from mailbot.store import holdings, messages
from tests.flows.held import ARRIVES, CRY, FAULTS, READ, Make, fault, hold, holdings_of, raising, reply
from tests.flows.world import ANIL, BOX, DUTY, PAT, RUTH, SECOND, World, at


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
