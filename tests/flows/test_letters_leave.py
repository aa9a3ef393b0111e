"""Letters leave once, and what the server said is written down."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mailbot.casework.case import DeadlineState
from mailbot.clock import stopped_at
from mailbot.errors import MailboxUnavailable, TransportUnavailable
from mailbot.flows.dispatch import dispatch, recover
from mailbot.mailboxes.maildir import MaildirMailbox
from mailbot.settings import Limits
from mailbot.store import outbox, tables
from mailbot.transports.protocol import Outcome, Receipt
from tests.flows.world import BOX, COMPLAINT, PAT, RUTH, World, at


@dataclass
class Answering:
    """A way out that gives the answers it is told to, the last one for ever."""

    answers: list[Outcome | Exception]
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def send(self, _sender: str, recipient: str, raw: bytes, handing_over: Callable[[], None]) -> Receipt:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        handing_over()
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((recipient, raw))
        return Receipt(answer, f"scripted {answer.value}")

    def close(self) -> None: ...


def owing(world: World, number: int = 1) -> World:
    """A world in which `number` acknowledgements wait to be sent."""
    for index in range(number):
        world.receive(COMPLAINT, "2026-05-01 10:00", f"person{index}@home{index}.example")
    from mailbot.flows.collect import collect
    from mailbot.flows.triage import triage

    box, now = world.parts.boxes["restart"], at("2026-05-01 10:01")
    collect(world.parts, box, MaildirMailbox("restart", world.maildir()), "INBOX", "in", now)
    triage(world.parts, box, now)
    return world


def go(world: World, transport: Answering, when: str = "2026-05-01 10:02") -> int:
    mailboxes = {"restart": MaildirMailbox("restart", world.maildir())}
    return dispatch(world.parts, transport, mailboxes, stopped_at(at(when)))


def states(world: World) -> list[str]:
    return [row["state"] for row in world.rows(tables.outbox)]


def test_a_sent_letter_meets_the_promise(world: World) -> None:
    assert go(owing(world), Answering([Outcome.SENT])) == 1
    promise = world.case().deadline("1/acknowledge")
    assert (promise.state, promise.met_by, promise.met_at) == (
        DeadlineState.MET,
        "automated",
        at("2026-05-01 10:02"),
    )
    assert go(world, Answering([Outcome.SENT])) == 0


def test_when_mailbot_is_stopped_the_letter_in_hand_is_finished_and_the_others_wait(world: World) -> None:
    transport = Answering([Outcome.SENT] * 3)
    mailboxes = {"restart": MaildirMailbox("restart", world.maildir())}
    clock = stopped_at(at("2026-05-01 10:02"))
    left = dispatch(owing(world, 3).parts, transport, mailboxes, clock, lambda: len(transport.sent) == 1)
    assert left == 1
    assert sorted(states(world)) == ["queued", "queued", "sent"]
    assert go(world, transport) == 2


def test_a_deferred_letter_is_tried_again_later_with_the_same_bytes(world: World) -> None:
    transport = Answering([Outcome.DEFERRED, Outcome.SENT])
    go(owing(world), transport)
    assert states(world) == ["deferred"]
    assert go(world, transport, "2026-05-01 10:02") == 0  # not yet
    assert go(world, transport, "2026-05-01 10:04") == 1
    assert transport.sent[0] == transport.sent[1]


def test_what_is_deferred_for_two_days_has_failed_and_a_person_is_asked(world: World) -> None:
    transport = Answering([Outcome.DEFERRED])
    go(owing(world), transport)
    go(world, transport, "2026-05-03 10:30")
    assert "failed" in states(world)
    assert [task.kind for task in world.case().tasks] == ["acknowledge_by_hand"]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
def test_a_refused_or_uncertain_letter_is_never_resent_and_the_clock_runs_on(
    world: World, outcome: Outcome
) -> None:
    transport = Answering([outcome, Outcome.SENT])
    go(owing(world), transport)
    go(world, transport, "2026-05-02 10:00")
    assert [to for to, _ in transport.sent].count("person0@home0.example") == 1
    case = world.case()
    assert case.deadline("1/acknowledge").state is DeadlineState.RUNNING
    (task,) = case.tasks
    assert task.reason.startswith("it may or may not have arrived") is (outcome is Outcome.UNKNOWN)
    assert RUTH in [to for to, _ in transport.sent]  # the task was sent on its way


def test_while_the_server_is_away_letters_wait(world: World) -> None:
    transport = Answering([Outcome.SENT, TransportUnavailable("away"), Outcome.SENT])
    with pytest.raises(TransportUnavailable):
        go(owing(world, 3), transport)
    assert states(world) == ["sent", "queued", "queued"]
    assert go(world, transport) == 2
    assert len(transport.sent) == 3


def test_a_fault_of_our_own_leaves_no_letter_half_sent_and_holds_up_no_other(world: World) -> None:
    transport = Answering([Outcome.SENT, RuntimeError("a fault"), Outcome.SENT])
    go(owing(world, 3), transport)
    assert states(world)[:3] == ["sent", "unknown", "sent"]


def test_a_letter_that_cannot_even_be_read_waits_and_holds_up_no_other(world: World) -> None:
    owing(world, 2)
    with world.parts.store.write() as connection:
        outbox.change(connection, 1, compressed=b"rubbish")
    assert go(world, Answering([Outcome.SENT])) == 1
    assert states(world)[:2] == ["deferred", "sent"]


def test_the_limit_of_a_mailbox_delays_and_withholds_nothing(world: World) -> None:
    few = Limits(per_mailbox_ten_minutes=2)
    world = owing(world.with_settings(limits=few.model_dump()), 5)
    transport = Answering([Outcome.SENT])
    assert go(world, transport) == 2
    assert go(world, transport, "2026-05-01 10:04") == 0
    assert go(world, transport, "2026-05-01 10:13") == 2
    assert go(world, transport, "2026-05-01 10:24") == 1
    assert states(world) == ["sent"] * 5


def test_in_draft_mode_letters_wait_in_drafts_and_a_person_sends_them(make) -> None:  # type: ignore[no-untyped-def]  # the fixture's own type
    world = make(box={"mode": "draft"})
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    assert world.letters_to(PAT) == []
    (draft,) = (world.maildir() / ".Drafts" / "cur").iterdir()
    assert world.case().deadline("1/acknowledge").state is DeadlineState.RUNNING
    sent = world.maildir() / ".Sent" / "cur"
    sent.mkdir(parents=True)
    draft.rename(sent / draft.name)
    world.pass_at("2026-05-01 10:30")
    assert world.case().deadline("1/acknowledge").met_by == "person"
    before = world.dump("heartbeat")
    world.pass_at("2026-05-01 10:30")
    assert world.dump("heartbeat") == before


def test_drafts_that_cannot_be_written_now_are_written_later(make, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # the fixture's own type
    world = make(box={"mode": "draft"})

    def away(*_: object) -> None:
        raise MailboxUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(MaildirMailbox, "append", away)
        world.receive(COMPLAINT, "2026-05-01 10:00")
        world.pass_at("2026-05-01 10:01", ["away"])
    world.pass_at("2026-05-01 10:02")
    assert "drafted" in states(world)
    assert "sending" not in states(world)


def test_observing_sends_nothing_at_all(make) -> None:  # type: ignore[no-untyped-def]  # the fixture's own type
    world = make(box={"mode": "observe"})
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.receive("Hmm, I am going to kill myself tonight.", "2026-05-01 10:00", "sam@other.example")
    for day in range(1, 20):
        world.pass_at(f"2026-05-{day:02} 10:01")
    assert len(world.refs()) == 2
    assert world.letters() == []
    assert world.rows(tables.outbox) == []


def test_a_mailbox_set_to_observe_sends_nothing_that_was_queued_before(world: World) -> None:
    watching = owing(world).with_settings(box={"mode": "observe"})
    assert go(watching, Answering([Outcome.SENT])) == 0
    assert go(world, Answering([Outcome.SENT])) == 1


def test_a_copy_of_each_letter_lies_in_sent_once_and_is_not_taken_for_the_teams(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    world.pass_at("2026-05-01 10:02")
    (copy,) = (world.maildir() / ".Sent" / "cur").iterdir()
    assert BOX.encode() in copy.read_bytes()
    assert world.rows(tables.message)[-1]["reason"] == "our own letter"
    assert world.case().stage("1").responded is None


@pytest.mark.parametrize(("handed_over", "becomes"), [(False, "queued"), (True, "unknown")])
def test_after_a_crash_a_letter_is_queued_again_or_unknown(
    world: World, handed_over: bool, becomes: str
) -> None:
    owing(world)
    with world.parts.store.write() as connection:
        outbox.change(connection, 1, state=outbox.SENDING, handed_over=handed_over)
    for _ in range(2):
        recover(world.parts, at("2026-05-01 10:05"))
        assert states(world)[0] == becomes
    assert len(world.case().tasks) == handed_over


def test_a_copy_that_the_server_filed_proves_that_a_letter_in_doubt_has_left(world: World) -> None:
    go(owing(world), Answering([Outcome.UNKNOWN, Outcome.SENT]))
    assert states(world)[0] == "unknown"
    (world.maildir() / ".Sent").mkdir()
    sent = MaildirMailbox("restart", world.maildir())
    row = world.rows(tables.outbox)[0]
    sent.append("Sent", outbox.letter_of(row), row["message_id"])
    world.pass_at("2026-05-01 10:30")
    assert states(world)[0] == "sent"
    assert world.case().deadline("1/acknowledge").met_by == "automated"
    assert [task for task in world.case().tasks if task.done_at is None] == []
