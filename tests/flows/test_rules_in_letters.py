"""Settings of a procedure that letters and the reading of mail obey, and the reminders of windows and contact."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.flows.rulebook import Rulebook
from tests.flows.world import ANIL, COMPLAINT, PAT, RUTH, World

IPES = {"procedure": "ipes"}


@pytest.fixture(name="adjusted")
def an_adjusted_world(world: World, tmp_path: Path) -> Callable[[str], World]:
    """The world under rules with some settings of `restart` changed."""

    def adjust(settings: str) -> World:
        own = tmp_path / "rules"
        (own / "adjust").mkdir(parents=True)
        (own / "adjust" / "restart.toml").write_text(f"[settings]\n{settings}\n", encoding="utf-8")
        rules = Rulebook([shipped.folder("rules"), own])
        return replace(world, parts=replace(world.parts, procedures=rules))

    return adjust


@pytest.mark.parametrize(("languages", "offered"), [('["en", "cy"]', True), ('["en"]', False)])
def test_welsh_is_offered_where_the_procedure_and_the_organisation_do(
    adjusted: Callable[[str], World], languages: str, offered: bool
) -> None:
    world = adjusted(f"languages = {languages}")
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    assert world.parts.settings.organisation.welsh, "the organisation answers in Welsh"
    assert ("Ysgrifennwch" in world.letters_to(PAT)[0].text) is offered


@pytest.mark.parametrize(
    ("source", "received"),
    [("server", "10:30"), ("date_header", "10:00"), ("first_seen", "12:00")],
)
def test_which_time_is_the_time_of_receipt(
    adjusted: Callable[[str], World], source: str, received: str
) -> None:
    world = adjusted(f'receipt_source = "{source}"')
    raw = world.letter(COMPLAINT, PAT, world.parts.boxes["restart"].address, "2026-05-01 10:00")
    world.deliver(raw, "2026-05-01 10:30")
    world.pass_at("2026-05-01 12:00")
    local = world.case().stage("1").received.astimezone(world.parts.zone)
    assert f"{local:%H:%M}" == received


def test_supervisors_hear_twice_before_eight_weeks_are_over(make: Callable[..., World]) -> None:
    world = make("ipes", box=IPES)
    world.receive(COMPLAINT, "2026-06-01 10:00")
    world.pass_at("2026-06-01 10:01")
    for day in ("2026-07-13 08:59", "2026-07-13 09:00", "2026-07-22 09:00", "2026-07-28 00:01"):
        world.pass_at(day)
    assert len(world.letters_to(ANIL, "eight weeks end")) == 2
    assert not world.letters_to(RUTH, "eight weeks end")
    assert [task.kind for task in world.case().tasks] == ["eight_weeks_over"]


def test_an_answer_ends_the_wait_for_eight_weeks(make: Callable[..., World]) -> None:
    world = make("ipes", box=IPES)
    world.receive(COMPLAINT, "2026-06-01 10:00")
    world.pass_at("2026-06-01 10:01")
    first = world.receive("Any news?", "2026-07-10 10:00", subject=f"Still waiting [{world.case().ref}]")
    world.pass_at("2026-07-13 09:00")
    final = "This is our final response. You may ask the Independent Case Examiner's Office."
    world.team_sends(final, PAT, "2026-07-14 10:00", subject="Our final response", answers=first)
    for day in ("2026-07-14 11:00", "2026-07-22 09:00", "2026-07-28 00:01"):
        world.pass_at(day)
    assert len(world.letters_to(ANIL, "eight weeks end")) == 1
    assert world.case().window("complaint/eight_weeks").stopped_by == "answer at complaint"
    assert world.case().stage("complaint").state.value == "window_open"


def test_a_last_answer_without_the_next_body_is_asked_about(make: Callable[..., World]) -> None:
    world = make("ipes", box=IPES)
    first = world.receive(COMPLAINT, "2026-06-01 10:00")
    world.pass_at("2026-06-01 10:01")
    world.team_sends("This is our final response.", PAT, "2026-06-09 10:00", subject="Re: it", answers=first)
    world.pass_at("2026-06-09 10:01")
    assert world.case().stage("complaint").responded is None
    question = world.letters_to(RUTH)[-1]
    world.staff_replies(question, "accept", "2026-06-09 11:00")
    world.pass_at("2026-06-09 11:01")
    answered = world.case().stage("complaint").responded
    assert f"{answered.astimezone(world.parts.zone):%H:%M}" == "10:00"


def test_the_team_alone_is_told_to_be_in_touch(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")  # Friday before a bank holiday
    world.pass_at("2026-05-01 10:01")
    for moment in ("2026-05-05 07:59", "2026-05-05 08:00", "2026-05-06 08:00"):
        world.pass_at(moment)
    assert len(world.letters_to(RUTH, "be in touch by")) == 1
    assert world.letters_to(ANIL, "be in touch by") == []
