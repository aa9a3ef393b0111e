"""The two that are measured: mailbot by its own command line, and the floor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchlib.workload import TO

_HERE = Path(__file__).resolve().parent
_CHECKED = """
[contact.ice]
verified_on = 2026-01-31
"""
_CONFIG = """
database = "sqlite:///mailbot.db"
cache = "{cache}"
signing_key = {{ env = "BENCH_KEY" }}

[organisation]
name = "Example Services"
domain = "desk.test"
team = ["team@office.example"]
supervisors = ["lead@office.example"]
contact = {{ name = "Complaints team", phone = "0300 000 0000", post = "1 Example Street" }}

[folders]
rules = "rules"

[limits]
too_quick_seconds = 0
per_sender_day = 100000
per_domain_hour = 100000
per_mailbox_ten_minutes = 100000

[transport]
kind = "smtp"
host = "127.0.0.1"
port = {smtp_port}
tls = "none"

[[mailbox]]
name = "desk"
address = "{to}"
procedure = "restart"
mode = "send"
go_live = "2020-01-01T00:00:00Z"
keep_sent_copy = {keep_sent_copy}

[mailbox.server]
kind = "imap"
host = "127.0.0.1"
port = {imap_port}
tls = "none"
user = "{user}"
password = {{ env = "BENCH_PASSWORD" }}
"""


@dataclass(frozen=True)
class Place:
    """Where a contestant works: the mailbox it watches, the server it sends to, an empty folder of its own."""

    imap_port: int
    smtp_port: int
    user: str
    password: str
    folder: Path
    cache: Path  # kept between runs, as on a machine where mailbot has been running


@dataclass(frozen=True)
class Contestant:
    name: str
    keep_sent_copy: bool = False

    @contextmanager
    def running(self, place: Place) -> Iterator[subprocess.Popen[bytes]]:
        """From the start of the process; it is ended afterwards."""
        environment = {**os.environ, "BENCH_KEY": "k" * 32, "BENCH_PASSWORD": place.password}
        with open(place.folder / "log", "wb") as log:
            process = subprocess.Popen(self._command(place), env=environment, stdout=log, stderr=log)
        try:
            yield process
        except TimeoutError as error:
            tail = (place.folder / "log").read_text(errors="replace")[-2000:]
            raise SystemExit(f"{self.name}: {error}\n{tail}") from error
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _command(self, place: Place) -> list[str]:
        if self.name == "floor":
            numbers = [str(place.imap_port), place.user, place.password, str(place.smtp_port)]
            return [sys.executable, str(_HERE / "floor.py"), *numbers, str(place.folder)]
        config = place.folder / "mailbot.toml"
        facts = {**vars(place), "to": TO, "keep_sent_copy": str(self.keep_sent_copy).lower()}
        config.write_text(_CONFIG.format(**facts))
        (place.folder / "rules" / "adjust").mkdir(parents=True)
        (place.folder / "rules" / "adjust" / "restart.toml").write_text(_CHECKED)
        return [str(Path(sys.executable).with_name("mailbot")), "run", "--config", str(config)]
