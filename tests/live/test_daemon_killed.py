"""kill -9 at chosen points of a message's way, then a restart: nothing is lost, nobody is written to twice.

Run as a program it is the daemon, with one function that ends the process:
`python -m tests.live.test_daemon_killed POINT ADDRESS run --config FILE`.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from importlib import import_module
from typing import Any

import pytest

from mailbot.store import cases
from tests.live.daemon import PATIENCE, Daemon, answers, complain, deadline, tasks_of
from tests.live.peers import MailSystem
from tests.live.people import Person

pytestmark = [
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.usefixtures("trained"),
    pytest.mark.timeout(900),
]

BEFORE, AFTER, HANDING_OVER, HANDED_OVER = "before", "after", "handing over", "handed over"


@dataclass(frozen=True)
class Point:
    """The process ends before or after a call of `target` that `concerns` the person at an address.

    HANDING_OVER and HANDED_OVER are before and after the argument of that name has been called.
    """

    name: str
    target: str
    when: str
    concerns: Callable[[str, tuple[Any, ...], Any], object]
    reaches: int = 1  # how many acknowledgements arrive in the end
    surely: bool = True  # False: the letter is left in the state unknown


def _kept(address: str, args: tuple[Any, ...], _: Any) -> bool:
    return address.encode() in args[2]


def _in_batch(address: str, args: tuple[Any, ...], _: Any) -> bool:
    return any(address.encode() in fetched.raw for fetched in args[2])


def _any_keys(_address: str, args: tuple[Any, ...], _: Any) -> bool:
    return bool(args[1])


def _read(address: str, args: tuple[Any, ...], _: Any) -> bool:
    return bool(args[2].sender == address)


def _decided(_address: str, _args: tuple[Any, ...], number: Any) -> bool:
    return bool(number)


def _claimed(address: str, _args: tuple[Any, ...], rows: Any) -> bool:
    return any(row["recipient"] == address for row in rows)


def _sent_to(address: str, args: tuple[Any, ...], _: Any) -> bool:
    return bool(args[2] == address)


def _copied(address: str, args: tuple[Any, ...], _: Any) -> bool:
    return args[1] == "Sent" and address.encode() in args[2]


def _on_record(address: str, args: tuple[Any, ...], _: Any) -> bool:
    with args[0].store.read() as connection:
        return bool(cases.of_party(connection, address))


_MARK, _COPY = (f"mailbot.mailboxes.imap:ImapMailbox.{name}" for name in ("mark", "append"))
_SEND = "mailbot.transports.smtp:SmtpTransport.send"
POINTS = {
    point.name: point
    for point in (
        Point("before the bytes are committed", "mailbot.store.messages:keep", AFTER, _kept),
        Point("after the bytes are committed", "mailbot.flows.collect:_keep", AFTER, _in_batch),
        Point("before it is marked", _MARK, BEFORE, _any_keys),
        Point("before the mark is written down", _MARK, AFTER, _any_keys),
        Point("before the decision is committed", "mailbot.flows.arrival:arrive", AFTER, _read),
        Point("after the decision is committed", "mailbot.app:triage", AFTER, _decided),
        Point("inside the tick", "mailbot.app:remind", AFTER, _on_record),
        Point("after the letter is claimed", "mailbot.flows.dispatch:_claim", AFTER, _claimed),
        Point("before the dot is announced", _SEND, HANDING_OVER, _sent_to),
        Point("before the dot", _SEND, HANDED_OVER, _sent_to, reaches=0, surely=False),
        Point("after the dot", _SEND, AFTER, _sent_to, reaches=1, surely=False),
        Point("before the copy in Sent", _COPY, BEFORE, _copied),
        Point("before the copy is written down", _COPY, AFTER, _copied),
    )
}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(point: Point, address: str) -> None:
    """Put the deadly function in the place of the real one."""
    module, _, names = point.target.partition(":")
    *path, last = names.split(".")
    owner: Any = import_module(module)
    for name in path:
        owner = getattr(owner, name)
    setattr(owner, last, _deadly(getattr(owner, last), point, address))


def _deadly(real: Callable[..., Any], point: Point, address: str) -> Callable[..., Any]:
    def deadly(*args: Any, **named: Any) -> Any:
        if point.when == BEFORE and point.concerns(address, args, None):
            _die()
        if point.when in (HANDING_OVER, HANDED_OVER) and point.concerns(address, args, None):
            args = (*args[:-1], partial(_hand_over, args[-1], point.when))
        result = real(*args, **named)
        if point.when == AFTER and point.concerns(address, args, result):
            _die()
        return result

    return deadly


def _hand_over(handing_over: Callable[[], None], when: str) -> None:
    if when == HANDED_OVER:
        handing_over()
    _die()


@dataclass(frozen=True)
class Survivors:
    """The daemon after its last restart, and who wrote before each death."""

    daemon: Daemon
    people: dict[str, tuple[Person, EmailMessage]]


@pytest.fixture(scope="module")
def survivors(mail_system: MailSystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survivors]:
    """Each start is the restart after the death before it; the last one, twice, is left to live."""
    people = {}
    with Daemon(mail_system, tmp_path_factory.mktemp("killed"), poll_seconds=1) as daemon:
        for name in POINTS:
            person = mail_system.person("ann")
            people[name] = person, complain(person, daemon)
            program = ("-m", "tests.live.test_daemon_killed", name, person.address)
            daemon.process = daemon.launch(*program)
            assert daemon.process.wait(PATIENCE) == -signal.SIGKILL, f"not killed {name}: {daemon.log()}"
            daemon.process = None
        for _ in range(2):
            daemon.start()
            daemon.settle()
            assert daemon.stop() < 5
        yield Survivors(daemon, people)


@pytest.mark.parametrize("name", POINTS)
def test_killed_and_started_again_it_has_every_message_once_and_writes_once(
    survivors: Survivors, name: str
) -> None:
    daemon, point, (person, sent) = survivors.daemon, POINTS[name], survivors.people[name]
    assert len(answers(person, sent)) == point.reaches
    assert len(person.inbox()) == point.reaches
    case = daemon.case(daemon.message(sent)["case_ref"])
    assert [stage["stage"] for stage in case["stages"]] == ["1"]
    (letter,) = daemon.letters(person.address)
    if point.surely:
        assert letter["state"] == "sent"
        assert deadline(case, "1/acknowledge")["state"] == "met"
        assert tasks_of(case) == []
    else:
        assert letter["state"] == "unknown"
        assert deadline(case, "1/acknowledge")["state"] == "running"
        assert tasks_of(case) == ["acknowledge_by_hand"]
        query = "select message_id from outbox where case_ref = ? and letter = 'delivery_failure'"
        (notice,) = daemon.rows(query, case["ref"])
        told = [message["Message-ID"] for message in daemon.team.inbox()]
        assert told.count(notice["message_id"]) == 1


def test_all_deaths_together_leave_one_case_each_and_one_copy_of_each_letter(survivors: Survivors) -> None:
    daemon = survivors.daemon
    sent = {message["Message-ID"] for _, message in survivors.people.values()}
    rows = daemon.rows("select message_id, case_ref, state from message where direction = 'in'")
    assert {row["message_id"] for row in rows} == sent
    assert len(rows) == len(sent)
    assert len({row["case_ref"] for row in rows}) == len(daemon.refs()) == len(sent)
    copies = [message["Message-ID"] for message in daemon.desk.inbox("Sent")]
    letters = daemon.rows("select message_id from outbox where audience = 'external' and state = 'sent'")
    assert sorted(copies) == sorted(letter["message_id"] for letter in letters)
    assert daemon.desk.flags() == [{"mailbot"}] * len(sent)


if __name__ == "__main__":
    from mailbot import app
    from mailbot.cli.main import main

    point_name, at_address = sys.argv[1:3]
    del sys.argv[1:3]
    app._TICK_SECONDS = 1
    _arm(POINTS[point_name], at_address)
    main()
