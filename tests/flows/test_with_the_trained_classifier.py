"""The whole path once with the classifier as shipped, on messages that leave no doubt."""

import pytest

from mailbot.classify.classifier import Classifier
from tests.flows.world import BOX, ICE, World

pytestmark = pytest.mark.slow

COMPLAINT = """Dear Sir or Madam,

I want to make a formal complaint about my Restart adviser at the Leeds office. She has cancelled three of my
appointments without telling me, and when I rang to ask why nobody called me back. I was then told I would be
sanctioned for missing a meeting that she herself had cancelled. I am very unhappy with how I have been treated
and I would like somebody to look into this and apologise.

Yours faithfully,
Pat Morgan
"""
RESPONSE = """Dear Pat Morgan,

This is our Stage 1 Formal Response to your complaint. We find that three appointments were cancelled and that you
were not told. If you are unhappy with this response you can ask for Stage 2 within six months.

Ruth Hanley
"""
ESCALATION = """Dear Ruth Hanley,

I am not happy with your Stage 1 response. It does not answer my complaint about the sanction at all. Please
escalate my complaint to Stage 2 and have a senior manager look at it again.

Pat Morgan
"""
EXAMINER = """Dear Complaints Team,

The Independent Case Examiner's Office has received a complaint about your organisation. Our reference is
ICE-20611. Please confirm that each step of your complaints procedure has been completed, and send us copies of
all correspondence with the complainant, by Thursday 14 May 2026.

Independent Case Examiner's Office
"""
NEWS = """Hi all,

Just to let you know the Leeds office is closed on Monday for the bank holiday. Please move any appointments.

Thanks, Karen
"""


def test_from_complaint_to_stage_two_beside_the_examiner(world: World, trained: Classifier) -> None:
    world = world.with_classifier(trained)
    first = world.receive(
        COMPLAINT,
        "2026-05-01 10:00",
        "Pat Morgan <pat.morgan@home.example>",
        subject="Complaint about my adviser",
    )
    world.pass_at("2026-05-01 10:01")
    response = world.team_sends(
        RESPONSE,
        "pat.morgan@home.example",
        "2026-05-07 10:00",
        subject="Stage 1 Formal Response",
        answers=first,
    )
    world.receive(
        ESCALATION,
        "2026-05-08 10:00",
        "Pat Morgan <pat.morgan@home.example>",
        subject="Re: Stage 1 Formal Response",
        answers=response,
    )
    world.receive(EXAMINER, "2026-05-08 11:00", f"ICE <{ICE}>", subject="Complaint referred to us: ICE-20611")
    world.receive(NEWS, "2026-05-08 12:00", "karen@landlord.example", to=BOX, subject="Office closed Monday")
    world.pass_at("2026-05-08 12:01")

    complaint, examiner = world.case(1), world.case(2)
    assert [(stage.id, stage.state.value) for stage in complaint.stages] == [
        ("1", "escalated"),
        ("2", "investigating"),
    ]
    assert [stage.stage for stage in examiner.stages] == ["ice"]
    assert f"{examiner.deadline('ice/respond').due:%Y-%m-%d}" == "2026-05-14"
    assert world.letters_to("karen@landlord.example") == []
