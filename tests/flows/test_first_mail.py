"""From a first mail to its acknowledgement."""

from tests.flows.world import BOX, COMPLAINT, PAT, World


def test_a_complaint_opens_a_case_and_is_acknowledged_once(world: World) -> None:
    mail = world.receive(COMPLAINT, "2026-05-01 17:40")
    world.pass_at("2026-05-01 17:41")

    case = world.case()
    (letter,) = world.letters_to(PAT)
    assert [stage.id for stage in case.stages] == ["1"]
    assert case.ref in letter.subject
    assert letter.in_reply_to == (mail.message_id,)
    assert letter.first("auto-submitted") == "auto-replied"
    assert letter.sender.address == BOX
    assert "Monday 11 May 2026" in letter.text  # Friday to Monday week: 4 May is a bank holiday
