"""What goes wrong around a running daemon: servers away, refused passwords and readers, broken sessions, new numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.daemon import COMPLAINT, PATIENCE, Daemon, answers, complain, deadline, tasks_of
from tests.live.peers import MailSystem
from tests.live.people import Person

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.usefixtures("trained")]


@pytest.fixture(scope="module")
def daemon(mail_system: MailSystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(mail_system, tmp_path_factory.mktemp("outages"), poll_seconds=2) as daemon:
        daemon.start()
        yield daemon


@contextmanager
def imap_away(daemon: Daemon) -> Iterator[None]:
    """Dovecot is stopped meanwhile; it would let a running session end its work, so those are broken off."""
    daemon.system.dovecot.kick(daemon.box.address)
    daemon.system.dovecot.stop()
    try:
        yield
    finally:
        daemon.system.dovecot.start()


def looks(status: dict[str, Any]) -> dict[str, Any]:
    """The sign of `status` that speaks of the mailbox."""
    return next(sign for sign in status["signs"] if sign["name"] == "Last look into restart")


def test_an_imap_server_that_goes_away_is_reported_and_found_again(daemon: Daemon) -> None:
    ann = daemon.system.person("ann")
    with imap_away(daemon):
        gone = "nothing answers on"
        daemon.until(lambda: gone in trouble(daemon, "collect restart"), "the outage to be noticed")
        status = daemon.status()
        assert not status["ok"]
        assert not looks(status)["ok"]
        assert gone in looks(status)["state"]
    sent = complain(ann, daemon)
    daemon.message(sent)
    daemon.settle()
    assert looks(daemon.status())["ok"]
    assert len(answers(ann, sent)) == 1


def test_while_the_way_out_is_away_letters_wait_and_leave_once_when_it_is_back(daemon: Daemon) -> None:
    ann = daemon.system.person("ann")
    daemon.settle()
    sent = ann.compose(daemon.box.address, "complaint about my bus fares", COMPLAINT)
    daemon.system.postfix.stop()
    try:
        daemon.system.dovecot.deliver(daemon.box.address, sent.as_bytes(), ann.address)
        daemon.message(sent)
        daemon.until(lambda: trouble(daemon, "send"), "the outage to be noticed")
        daemon.until(lambda: states(daemon, ann) == ["queued"], "the letter to wait again after another try")
        daemon.until(lambda: daemon.status()["letters"]["queued"] >= 1, "the status to count it")
    finally:
        daemon.system.postfix.start()
    ann.answer_to(sent, PATIENCE)
    daemon.settle()
    assert len(answers(ann, sent)) == 1


def states(daemon: Daemon, person: Person) -> list[str]:
    return [letter["state"] for letter in daemon.letters(person.address)]


def trouble(daemon: Daemon, job: str) -> str:
    return "".join(row["trouble"] for row in daemon.rows("select trouble from heartbeat where job = ?", job))


def test_a_letter_that_comes_back_is_no_acknowledgement_and_asks_a_person(daemon: Daemon) -> None:
    gone = daemon.system.stranger("gone@elsewhere.example")
    daemon.system.sink.refusals[gone.address] = "550 5.1.1 no such user"
    sent = complain(gone, daemon)
    ref = daemon.message(sent)["case_ref"]
    daemon.until(lambda: daemon.letters(gone.address)[0]["state"] == "bounced", "the letter to come back")
    case = daemon.case(ref)
    assert deadline(case, "1/acknowledge")["state"] == "running"
    assert tasks_of(case) == ["acknowledge_by_hand"]
    asked = daemon.team.wait(lambda message: ref in message["Subject"], PATIENCE)
    assert "no such user" in asked.get_body(("plain",)).get_content()
    daemon.settle()
    assert len(daemon.letters(gone.address)) == 1  # a report is never answered


def test_a_session_that_breaks_off_while_it_waits_is_made_anew(daemon: Daemon) -> None:
    ann = daemon.system.person("ann")
    for number in range(2):
        daemon.system.dovecot.kick(daemon.box.address)
        sent = complain(ann, daemon, f"complaint number {number}")
        daemon.message(sent)
        daemon.settle()
        assert len(answers(ann, sent)) == 1


def test_a_folder_that_is_numbered_anew_is_not_taken_twice(daemon: Daemon) -> None:
    ann = daemon.system.person("ann")
    daemon.settle()
    before = {key: count(daemon, key) for key in ("message", "complaint_case", "outbox")}
    daemon.system.dovecot.renumber(daemon.box.address)
    sent = complain(ann, daemon, "complaint about the renumbering")
    daemon.message(sent)
    daemon.settle()
    validities = daemon.rows("select distinct validity from message where folder = 'INBOX'")
    assert len(validities) == 1
    assert count(daemon, "complaint_case") == before["complaint_case"] + 1
    incoming = len(daemon.desk.inbox())
    assert daemon.rows("select count(*) as n from message where direction = 'in'") == [{"n": incoming}]


def count(daemon: Daemon, table: str) -> int:
    return int(daemon.rows(f"select count(*) as n from {table}")[0]["n"])


def test_a_second_daemon_on_the_same_database_is_refused(daemon: Daemon) -> None:
    second = daemon.launch()
    assert second.wait(PATIENCE) == 2
    assert "another mailbot is running" in daemon.log()
    assert daemon.process is not None
    assert daemon.process.poll() is None


def test_sigterm_ends_it_within_five_seconds_while_it_waits_and_while_a_server_is_away(
    daemon: Daemon,
) -> None:
    assert daemon.stop() < 5
    daemon.start()
    with imap_away(daemon):
        daemon.until(lambda: trouble(daemon, "collect restart"), "the outage to be noticed")
        assert daemon.stop() < 5


def test_a_refused_password_is_said_in_doctor_and_in_the_status(
    mail_system: MailSystem, tmp_path: Path
) -> None:
    with Daemon(mail_system, tmp_path) as daemon:
        daemon.set_passwords("wrong-w0rd")
        daemon.process = daemon.launch()
        daemon.until(lambda: trouble(daemon, "collect restart"), "the refusal to be noticed")
        assert daemon.stop() < 5
        assert "refuses user" in looks(daemon.status())["state"]

        code, said = daemon.command("doctor")
        assert code == 1
        assert f"refuses user {daemon.box.address}" in said
        assert "refuses this account: 535" in said
        assert "wrong-w0rd" not in said + daemon.log()
