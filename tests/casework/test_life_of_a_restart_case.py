"""One whole life under the `restart` procedure, from the first mail to the Independent Case Examiner."""

from mailbot.casework.facts import (
    Acknowledged,
    Contacted,
    DuePassed,
    HoldingLetterSent,
    Responded,
    WindowEnded,
)
from mailbot.casework.labels import Label
from tests.casework.story import ICE, Story, at

COMPLAINT, ESCALATION = Label.NEW_COMPLAINT, Label.ESCALATION


def test_from_the_first_mail_to_the_examiner(story: Story) -> None:
    # Friday 1 May: a complaint opens stage 1. Monday 4 May is a bank holiday.
    story.writes(COMPLAINT, "2026-05-01 17:40")
    assert story.stages == {"1": "investigating"}
    assert story.running == {
        "1/acknowledge": "Sat 02 May 17:40",
        "1/respond": "Mon 11 May 23:59",
        "1/personal_contact": "Tue 05 May 23:59",
    }
    assert [letter.name for letter in story.letters] == ["ack_serco_1"]

    # The letter leaves; on Tuesday somebody rings; on Friday 8 May the answer goes out.
    story.happens(Acknowledged("1", at("2026-05-01 17:41")))
    story.happens(Contacted("1", at("2026-05-05 11:00")))
    story.happens(Responded("1", at("2026-05-08 15:00")))
    assert story.running == {}
    assert story.stages == {"1": "window_open"}
    window = story.case.window_of("1")
    assert window is not None
    assert (window.to, f"{window.ends:%d %b %Y %H:%M}") == ("2", "08 Nov 2026 23:59")

    # In June she takes it further: stage 2, whose answer is late, then held, then given.
    story.writes(ESCALATION, "2026-06-01 09:00")
    assert story.stages == {"1": "escalated", "2": "investigating"}
    assert story.running["2/respond"] == "Mon 08 Jun 23:59"
    story.happens(Acknowledged("2", at("2026-06-01 09:01")))
    story.happens(
        HoldingLetterSent("2", at("2026-06-05 10:00"), at("2026-06-15 23:59:59"), "a record is awaited")
    )
    assert story.stages["2"] == "holding"
    story.happens(DuePassed("2/respond", at("2026-06-15 23:59:59")))
    story.happens(Responded("2", at("2026-06-16 10:00")))
    promise = story.case.deadline("2/respond")
    assert promise is not None
    assert promise.late
    assert f"{promise.original_due:%d %b}" == "08 Jun"  # a holding letter does not cure the first date

    # Stage 3, answered in time; after it only the examiner is left.
    story.writes(ESCALATION, "2026-07-01 09:00")
    story.happens(Acknowledged("3", at("2026-07-01 09:01")))
    story.happens(Responded("3", at("2026-07-08 09:00")))
    assert story.stages == {"1": "escalated", "2": "escalated", "3": "window_open"}
    way_out = story.case.window_of("3")
    assert way_out is not None
    assert (way_out.to, way_out.kind) == ("external:ice", "inferred")

    # A fourth wish goes to a person; the examiner's letter opens a desk with its own clock.
    story.writes(ESCALATION, "2026-07-20 09:00")
    assert "after_the_last_stage" in story.open_questions
    story.writes(Label.ICE_CORRESPONDENCE, "2026-08-03 09:00", ICE, stated=at("2026-08-06 00:00").date())
    assert (
        story.running["ice/respond"] == "Thu 06 Aug 23:59"
    )  # the examiner's date comes before five working days
    story.happens(Responded("ice", at("2026-08-05 12:00")))
    assert story.stages["ice"] == "ended"

    # The time to go to the examiner ends: a fact, and nobody is refused.
    assert way_out.ends is not None
    story.happens(WindowEnded(way_out.id, way_out.ends))
    assert story.stages["3"] == "lapsed"
    assert [letter.name for letter in story.letters if letter.acknowledges] == [
        "ack_serco_1",
        "ack_serco_2",
        "ack_serco_3",
        "ack_neutral",
        "ice_ack",
    ]
