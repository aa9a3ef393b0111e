"""What programs send never opens, reopens, restarts or ends anything on a case, however the case stands."""

import pytest

from mailbot.mail.message import Message
from tests.flows.world import BOX, COMPLAINT, FORMAL, PAT, RUTH, World

AUTO_REPLIES = {
    "out of office": {"Auto-Submitted": "auto-replied"},
    "autoresponder": {"X-Autorespond": "We have your complaint", "Precedence": "auto_reply"},
    "Outlook's rules": {"X-MS-Exchange-Inbox-Rules-Loop": PAT, "X-Auto-Response-Suppress": "All"},
    "read receipt": {"Content-Type": "message/disposition-notification"},
    "feedback report": {"Content-Type": "multipart/report; report-type=feedback-report; boundary=b"},
    "report of success": {"Content-Type": "multipart/report; report-type=delivery-status; boundary=b"},
}


def working(world: World) -> Message:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    return world.letters_to(PAT)[0]


def answered(world: World) -> Message:
    letter = working(world)
    world.team_sends(FORMAL, PAT, "2026-05-06 10:00", subject="Our formal response", answers=letter)
    world.pass_at("2026-05-06 10:01")
    return letter


def closed(world: World) -> Message:
    letter = working(world)
    world.pass_at("2026-05-06 09:01")
    notice = next(one for one in world.letters_to(RUTH) if world.refs()[0] in one.subject)
    world.staff_replies(notice, "withdrawn", "2026-05-06 10:00")
    world.pass_at("2026-05-06 10:01")
    return letter


@pytest.mark.parametrize("standing", [working, answered, closed])
@pytest.mark.parametrize("name", AUTO_REPLIES)
def test_a_machine_changes_nothing_however_the_case_stands(world: World, standing, name: str) -> None:  # type: ignore[no-untyped-def]  # one of the three above
    letter = standing(world)
    world.pass_at("2026-05-07 09:59")  # what time alone has brought
    before, letters = world.case(), len(world.letters_to(PAT))
    head = AUTO_REPLIES[name] | {"From": PAT, "To": BOX, "Subject": f"Re: {letter.subject}"}
    lines = [f"{key}: {value}" for key, value in (head | {"In-Reply-To": letter.message_id}).items()]
    world.deliver("\r\n".join([*lines, "", COMPLAINT]).encode(), "2026-05-07 10:00")
    world.pass_at("2026-05-07 10:01")
    assert world.case() == before
    assert world.refs() == [before.ref]
    assert len(world.letters_to(PAT)) == letters
    row = world.mail()[-1]
    assert (row["state"], bool(row["reason"])) == ("set_aside", True)


def test_the_same_subject_from_one_address_is_answered_once_a_day(world: World) -> None:
    for when, text in (
        ("2026-05-01 10:00", COMPLAINT),
        ("2026-05-01 15:00", f"{COMPLAINT} Again."),
        ("2026-05-02 15:30", f"{COMPLAINT} And again."),
    ):
        world.receive(text, when, subject="Re: my bus fares")
        world.pass_at(when.replace(":00", ":01").replace(":30", ":31"))
    assert len(world.letters_to(PAT)) == 2
    tasks = [task for task in world.case(2).tasks if task.kind == "acknowledge_by_hand"]
    assert "answered within the last 24 hours" in tasks[0].reason


def test_our_acknowledgement_gives_no_machine_a_reason_and_nobody_a_copy_of_their_words(world: World) -> None:
    world.receive(f"{COMPLAINT} My secret is 4711.", "2026-05-01 10:00", subject="{{ 7*7 }} <b>4711</b>")
    world.pass_at("2026-05-01 10:01")
    (letter,) = world.letters_to(PAT)
    assert letter.first("auto-submitted") == "auto-replied"
    assert (
        letter.first("x-auto-response-suppress") == "DR, RN, NRN, OOF, AutoReply"
    )  # All would silence bounces too
    assert world.parts.signer.verify_loop(letter.first("x-loop"))
    assert letter.attachments == ()
    assert [address.address for address in (*letter.to, *letter.cc)] == [PAT]
    for words in ("4711", "three appointments", "49"):
        assert words not in letter.text + letter.html
