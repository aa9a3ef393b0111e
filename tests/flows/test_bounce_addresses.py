"""Letters that leave under an envelope sender of their own (VERP): their bounces are known, whatever they say."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from mailbot.casework.case import DeadlineState
from mailbot.transports.folder import FolderTransport
from mailbot.transports.protocol import Receipt
from tests.flows.world import BOX, COMPLAINT, PAT, RUTH, UNCLEAR, World

Make = Callable[..., World]
FORWARDED_TO = "pat@new-place.example"  # so that neither our id nor our recipient is in the report

MUTE_BOUNCE = """From: postmaster <postmaster@relay.example>
To: {to}
Return-Path: <>
Delivered-To: {to}
Subject: Undeliverable mail
Date: Fri, 1 May 2026 10:05:00 +0100
Message-ID: <mute@relay.example>

Sorry, {named} does not live here. Nothing else is known of your letter.
"""
OUT_OF_OFFICE = """From: Pat Morgan <pat.morgan@home.example>
To: {to}
Return-Path: <>
Delivered-To: {to}
Subject: {subject}
Date: Fri, 1 May 2026 10:05:00 +0100
Message-ID: <away@home.example>
In-Reply-To: {answers}
{mark}
I am out of the office until Monday. Write to {named} or to pat.morgan@home.example again.
"""


@pytest.fixture
def senders(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The envelope sender of the last letter to each recipient."""
    noted: dict[str, str] = {}
    untouched = FolderTransport.send

    def send(
        way: FolderTransport, sender: str, recipient: str, raw: bytes, handing_over: Callable[[], None]
    ) -> Receipt:
        noted[recipient] = sender
        return untouched(way, sender, recipient, raw, handing_over)

    monkeypatch.setattr(FolderTransport, "send", send)
    return noted


@pytest.fixture
def world(make: Make, senders: dict[str, str]) -> World:
    """A complaint that was acknowledged, and a question to the team."""
    made = make(box={"verp": True})
    made.receive(COMPLAINT, "2026-05-01 10:00")
    made.receive(UNCLEAR, "2026-05-01 10:00", "sam@other.example")
    made.pass_at("2026-05-01 10:01")
    assert {PAT, "sam@other.example", RUTH} <= set(senders)
    return made


def deliver(world: World, template: str, **words: str) -> None:
    raw = template.format(named=FORWARDED_TO, **words)
    world.deliver(raw.replace("\n", "\r\n").encode(), "2026-05-01 10:05")
    world.pass_at("2026-05-01 10:06")


def test_each_letter_to_outsiders_has_a_bounce_address_of_its_own(
    world: World, senders: dict[str, str]
) -> None:
    rows = {to: world.parts.signer.read_bounce_address(sender) for to, sender in senders.items()}
    outsiders = {PAT, "sam@other.example"}
    assert {to for to, row in rows.items() if row is not None} == outsiders
    assert len({rows[to] for to in outsiders}) == 2
    assert senders[RUTH] == BOX
    assert senders[PAT].startswith("restart.complaints+")
    assert all(letter.sender and letter.sender.address == BOX for letter in world.letters())


def test_a_bounce_that_says_nothing_finds_its_letter(world: World, senders: dict[str, str]) -> None:
    deliver(world, MUTE_BOUNCE, to=senders[PAT])
    assert world.case(1).deadline("1/acknowledge").state is DeadlineState.RUNNING
    assert world.case(2).deadline("unsorted/acknowledge").state is DeadlineState.MET
    assert world.mail()[-1]["case_ref"] == world.case(1).ref


@pytest.mark.parametrize(
    ("subject", "mark"),
    [
        ("Automatic reply: We have your complaint", "Auto-Submitted: auto-replied\n"),
        ("Automatic reply: We have your complaint", ""),
        ("We have your complaint", "Auto-Submitted: auto-generated\n"),
        ("Your letter", ""),
    ],
)
def test_an_autoresponder_that_answers_the_envelope_is_no_bounce(
    world: World, senders: dict[str, str], subject: str, mark: str
) -> None:
    """It should, by RFC 3834 section 4; and it may name addresses that did not fail."""
    (letter,) = world.letters_to(PAT)
    before = world.case(1), world.case(2)
    deliver(world, OUT_OF_OFFICE, to=senders[PAT], subject=subject, mark=mark, answers=letter.message_id)
    assert (world.case(1), world.case(2)) == before
    assert (world.mail()[-1]["state"], world.mail()[-1]["kind"]) == ("set_aside", "auto_reply")
    assert len(world.letters_to(PAT)) == 1


def test_without_the_key_letters_leave_under_the_mailbox_itself(make: Make, senders: dict[str, str]) -> None:
    plain = make()
    plain.receive(COMPLAINT, "2026-05-01 10:00")
    plain.pass_at("2026-05-01 10:01")
    assert senders[PAT] == BOX


def test_a_mailbox_in_another_domain_cannot_have_bounce_addresses(make: Make) -> None:
    with pytest.raises(ValidationError, match=r"verp of mailbox restart needs .* serco\.example"):
        make(box={"verp": True, "address": "complaints@elsewhere.example"})


def test_an_address_too_long_for_a_tag_stays_as_it_is(make: Make, senders: dict[str, str]) -> None:
    address = f"{'complaints.' * 5}x@serco.example"
    long = make(box={"verp": True, "address": address})
    long.receive(COMPLAINT, "2026-05-01 10:00")
    long.pass_at("2026-05-01 10:01")
    assert senders[PAT] == address
