"""A group or a form of ours stands before the mailbox: who wrote is who the letters and the case are for."""

import pytest

from mailbot.store import tables
from tests.flows.world import COMPLAINT, ESCALATION, PAT, World, at

GROUP = "restart-complaints@serco.example"
SAM = "sam.okoro@other.example"
VOUCHED = "mx.serco.example; dmarc=pass header.from=serco.example"
TOLD = "This is our formal response to your complaint."


@pytest.fixture
def behind(make) -> World:  # type: ignore[no-untyped-def]  # the fixture's own type
    made: World = make(
        organisation={"border": "mx.serco.example"},
        box={"list_ids": ["restart-complaints.serco.example"], "form": [{"address": "web@serco.example"}]},
    )
    return made


def through_the_group(
    world: World, text: str, when: str, writer: str = PAT, vouched: str = VOUCHED, **options
):  # type: ignore[no-untyped-def]  # as World.receive
    headers = {
        "Authentication-Results": vouched,
        "Received": f"from group.example by mx.serco.example; {at(when):%a, %d %b %Y %H:%M:%S %z}",
        "X-Original-From": f"Pat Morgan <{writer}>",
        "Reply-To": GROUP,
        "List-Id": "<restart-complaints.serco.example>",
        "Precedence": "list",
    }
    sender = f"'Pat Morgan' via Restart complaints <{GROUP}>"
    return world.receive(text, when, sender, to=GROUP, headers=headers, **options)


def test_the_person_behind_the_group_is_acknowledged_by_name(behind: World) -> None:
    through_the_group(behind, COMPLAINT, "2026-05-01 10:00")
    behind.pass_at("2026-05-01 10:01")
    (party,) = behind.case().parties
    assert (party.id, party.name) == (PAT, "Pat Morgan")
    assert len(behind.letters_to(PAT)) == 1
    assert behind.letters_to(GROUP) == []
    assert behind.mail()[0]["sender_name"] == "Pat Morgan"


def test_a_later_message_through_the_group_goes_to_the_same_case(behind: World) -> None:
    through_the_group(behind, COMPLAINT, "2026-05-01 10:00")
    behind.pass_at("2026-05-01 10:01")
    (letter,) = behind.letters_to(PAT)
    through_the_group(behind, ESCALATION, "2026-05-04 10:00", subject="Re: and now?", answers=letter)
    behind.pass_at("2026-05-04 10:01")
    assert [row["case_ref"] for row in behind.mail()] == [behind.case().ref] * 2


def test_somebody_else_through_the_group_is_a_stranger_to_the_case(behind: World) -> None:
    through_the_group(behind, COMPLAINT, "2026-05-01 10:00")
    behind.pass_at("2026-05-01 10:01")
    before = behind.case()
    through_the_group(behind, ESCALATION, "2026-05-04 10:00", SAM, subject=f"About {before.ref}")
    behind.pass_at("2026-05-04 10:01")
    assert behind.case() == before
    assert behind.case(2).refers_to == before.ref


def test_two_people_whom_nobody_vouches_for_are_two_cases_and_both_are_acknowledged_by_hand(
    behind: World,
) -> None:
    """The group's address is all that they have in common: neither may write on the other's case."""
    through_the_group(behind, COMPLAINT, "2026-05-01 10:00", vouched="elsewhere.example; dmarc=pass")
    behind.pass_at("2026-05-01 10:01")
    ref = behind.case().ref
    through_the_group(
        behind, COMPLAINT, "2026-05-01 10:02", SAM, "elsewhere.example; dmarc=pass", subject=f"[{ref}]"
    )
    behind.pass_at("2026-05-01 10:03")
    assert len(behind.refs()) == 2
    for number in (1, 2):
        assert "acknowledge_by_hand" in {task.kind for task in behind.case(number).tasks}
    assert not [row for row in behind.rows(tables.outbox) if row["audience"] == "external"]


def test_the_same_words_of_two_people_through_a_form_are_two_complaints(behind: World) -> None:
    for minute, person in (("00", PAT), ("01", SAM)):
        headers = {"Reply-To": person}
        behind.receive(COMPLAINT, f"2026-05-01 10:{minute}", "web@serco.example", headers=headers)
        behind.pass_at(f"2026-05-01 10:{minute}")
    assert [case.parties[0].id for case in (behind.case(1), behind.case(2))] == [PAT, SAM]
    assert len(behind.letters_to(PAT)) == len(behind.letters_to(SAM)) == 1


def test_a_form_that_names_nobody_gives_nobody_a_way_into_another_ones_case(behind: World) -> None:
    behind.receive(COMPLAINT, "2026-05-01 10:00", "web@serco.example")
    behind.pass_at("2026-05-01 10:01")
    before = behind.case()
    behind.receive(ESCALATION, "2026-05-01 11:00", "web@serco.example", subject=f"About {before.ref}")
    behind.pass_at("2026-05-01 11:01")
    assert behind.case() == before
    assert len(behind.refs()) == 2
