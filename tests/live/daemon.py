"""The real daemon on a real mailbox: its configuration, its process, and what it has written down.

with Daemon(mail_system, tmp_path) as daemon:    # needs the fixture `trained`: it fills MODELS
    daemon.start()
    ann = mail_system.person("ann")
    sent = complain(ann, daemon)
    daemon.message(sent)                         # the row of the message, once it is decided
    daemon.case(daemon.refs()[0])                # `mailbot case REF --json`
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from typer.testing import CliRunner

from mailbot.cli.main import app
from tests.live.dovecot import Dovecot
from tests.live.peers import Box, MailSystem
from tests.live.people import Person, Stranger

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
MODELS = ROOT / ".cache"
PATIENCE = 90.0  # seconds; far above what anything here takes, for machines that are busy

COMPLAINT = """Hello

I have been on Restart since January. My adviser told me to keep my bus tickets and I would get the money back.
I handed in £86.40 of tickets, in an envelope with my name on it. Since then I have been told that they are lost.
I want this treated as a formal complaint please.
"""
ESCALATION = """Dear Ruth

So because the office lost the envelope there is no record, and because there is no record I can't be paid? I have
a photo of every ticket, with the date. Nobody asked me for them before answering.

I don't accept this. Please pass it to Senior Management for Stage 2.
"""

_CONFIG = """
database = "sqlite:///mailbot.db"
signing_key = {{ file = "signing.key" }}
cache = "{cache}"

[organisation]
name = "Restart complaints"
domain = "desk.test"
team = ["{team.address}"]
supervisors = ["{supervisor.address}"]
contact = {{ name = "Ruth Hanley", phone = "0300 555 0100", post = "1 High Road, Leeds" }}

[[mailbox]]
name = "restart"
address = "{box.address}"
procedure = "restart"
mode = "{mode}"
go_live = {go_live:%Y-%m-%dT%H:%M:%SZ}
poll_seconds = {poll_seconds}

[mailbox.server]
kind = "imap"
host = "{system.host}"
port = {imaps_port}
tls = "tls"
ca_file = "{system.ca_file}"
user = "{box.address}"
password = {{ env = "LIVE_IMAP_PASSWORD" }}

[transport]
kind = "smtp"
host = "{system.host}"
port = {system.submission_port}
tls = "starttls"
ca_file = "{system.ca_file}"
user = "{box.address}"
password = {{ command = "cat '{folder}/smtp.password'" }}

[folders]
rules = "rules"

[limits]
too_quick_seconds = 0  # the people of these tests do answer within seconds
"""
_CONFIRMED = """[contact.ice]
verified_on = 2026-04-01
"""


def until(question: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """The first answer that is true; TimeoutError when none comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.03)
    raise TimeoutError(f"waited {seconds} s for {what}")


def complain(
    person: Stranger, daemon: "Daemon", subject: str = "complaint about travel expenses"
) -> EmailMessage:
    """`person` writes what nobody could take for anything but a complaint."""
    return person.send(daemon.box.address, subject, COMPLAINT)


def answers(person: Stranger, sent: EmailMessage) -> list[EmailMessage]:
    """Everything that `person` got in answer to `sent`."""
    return [message for message in person.inbox() if sent["Message-ID"] in (message["In-Reply-To"] or "")]


def file_into(owner: Person, folder: str, message: EmailMessage, flags: str = "\\Seen") -> None:
    """What a mail program does with a message that it has sent, or that its owner moves."""
    session = owner.imap(folder, readonly=False)
    session.append(folder, flags, None, message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    session.logout()


@dataclass
class Daemon:
    """`mailbot run` in a process of its own, on a fresh mailbox; `folder` holds its configuration and database."""

    system: MailSystem
    folder: Path
    mode: str = "send"
    poll_seconds: float = 600
    other: Dovecot | None = None  # where the mailbox lies; None: in the system's Dovecot
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.box: Box = self.system.mailbox("restart")
        if self.other is not None:
            self.other.add(self.box.address, self.box.password)
        self.team, self.supervisor = self.system.person("ruth"), self.system.person("anil")
        self.desk = self.system.owner(self.box)
        self.config = self.folder / "mailbot.toml"
        self.set_passwords(self.box.password)
        adjusted = self.folder / "rules" / "adjust" / "restart.toml"
        adjusted.parent.mkdir(parents=True)
        adjusted.write_text(_CONFIRMED)
        (self.folder / "signing.key").write_text("a key of at least sixteen characters\n")
        facts = vars(self) | {
            "cache": MODELS,
            "imaps_port": (self.other or self.system.dovecot).imaps_port,
            "go_live": datetime.now(UTC) - timedelta(hours=1),
        }
        self.config.write_text(_CONFIG.format(**facts))

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def set_passwords(self, imap: str, smtp: str | None = None) -> None:
        """Of the mailbox, from the next start of the daemon on, and of the way out, from its next sign-in on."""
        self.environment = {"LIVE_IMAP_PASSWORD": imap}
        (self.folder / "smtp.password").write_text(smtp or imap)

    def launch(self, *program: str) -> subprocess.Popen[bytes]:
        """Start it and wait for nothing; `program` takes the place of mailbot."""
        command = [sys.executable, *(program or ("-m", "mailbot")), "run", "--config", str(self.config)]
        environment = os.environ | self.environment | {"PYTHONPATH": str(ROOT)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.folder)

    def start(self, *program: str) -> None:
        """Start it, and wait until it has looked into the mailbox."""
        before = self.last_look()
        self.process = self.launch(*program)
        self.until(lambda: self.last_look() != before, "the first look into the mailbox")

    def stop(self) -> float:
        """SIGTERM; the seconds until it has ended, with exit code 0."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        assert code == 0, self.log()
        self.process = None
        return time.monotonic() - started

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def until(self, question: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
        """As the function `until`; a daemon that has died meanwhile is reported with its log."""

        def alive() -> T:
            assert self.process is None or self.process.poll() is None, self.log()
            return question()

        return until(alive, what, seconds)

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What the database holds now; nothing while there is none."""
        try:
            with closing(sqlite3.connect(f"file:{self.folder}/mailbot.db?mode=ro", uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(query, values)]
        except sqlite3.OperationalError:
            return []

    def last_look(self) -> object:
        return self.rows("select last_good from heartbeat where job = 'collect restart'")

    def refs(self) -> list[str]:
        return [row["ref"] for row in self.rows("select ref from complaint_case order by ref")]

    def message(self, sent: EmailMessage) -> dict[str, Any]:
        """What became of `sent`, once it is decided; it must be there only once."""

        def decided() -> list[dict[str, Any]]:
            return self.rows(
                "select * from message where message_id = ? and state != 'stored'", sent["Message-ID"]
            )

        (row,) = self.until(decided, f"a decision on {sent['Message-ID']}")
        assert row["state"] != "held", self.log()
        return row

    def letters(self, recipient: str) -> list[dict[str, Any]]:
        return self.rows("select * from outbox where recipient = ? order by id", recipient)

    def settle(self) -> None:
        """Wait until nothing waits to be decided, sent or copied any more."""
        self.until(self._is_settled, "everything to be decided, sent and copied")

    def _is_settled(self) -> bool:
        waiting = """select 1 from message where state = 'stored' union all
            select 1 from outbox where state in ('queued', 'sending', 'deferred')
            or (state = 'sent' and audience = 'external' and not copied)"""
        return not self.rows(waiting)

    def command(self, *words: str) -> tuple[int, str]:
        """Exit code and output of a `mailbot` command with this configuration."""
        done = CliRunner().invoke(app, [*words, "--config", str(self.config)], env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def case(self, ref: str) -> dict[str, Any]:
        """`mailbot case REF --json`"""
        code, said = self.command("case", ref, "--json")
        assert code == 0
        return dict(json.loads(said))

    def case_of(self, sent: EmailMessage) -> dict[str, Any]:
        return self.case(self.message(sent)["case_ref"])

    def status(self) -> dict[str, Any]:
        """`mailbot status --json`"""
        return dict(json.loads(self.command("status", "--json")[1]))


def tasks_of(case: dict[str, Any]) -> Sequence[str]:
    """What kinds of questions wait for a person; without the spot checks, which fall on any message."""
    open_ = [task["kind"] for task in case.get("tasks", ()) if not task.get("done_at")]
    return [kind for kind in open_ if kind != "check_label"]


def deadline(case: dict[str, Any], id: str) -> dict[str, Any]:
    return next(one for one in case["deadlines"] if one["id"] == id)
