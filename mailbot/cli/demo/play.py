"""The demo's fortnight: mail is put into a Maildir and mailbot passes over it, hour after simulated hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from mailbot.app import Service
from mailbot.assembly import open_parts
from mailbot.casework.record import Event
from mailbot.cli.common import CACHE
from mailbot.cli.demo.mail import as_mail
from mailbot.cli.demo.scenario import Scenario, Step
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mailboxes.delivery import deliver, make_maildir
from mailbot.settings import Settings
from mailbot.store import cases, messages, outbox
from mailbot.store.database import Row

_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=17),
)  # a pass soon after each step, and one after the alarm's patience
_DAILY = ("07:31", "08:01", "09:01", "12:00", "17:00", "22:00")


@dataclass(frozen=True)
class Happened:
    """What one pass found and did: each step with the message it became, then events, and letters that left."""

    at: datetime
    steps: tuple[tuple[Step, Row], ...]
    events: tuple[tuple[str, Event], ...]
    letters: tuple[Row, ...]


class Fortnight:
    """Plays a scenario into `folder` and keeps what came of it there."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario, self.folder = scenario, folder
        self._maildir = folder / "mailbox"
        make_maildir(self._maildir)
        make_maildir(self._maildir / ".Sent")
        self._now = scenario.starts
        self.parts = open_parts(_settings(scenario, folder))
        self._service = Service(self.parts, lambda: self._now)
        self._delivered: dict[str, str] = {}  # step to the name of its file, which is the UID of its message
        self._told: set[str] = set()
        self._events: dict[str, int] = {}
        self._letters: set[int] = set()

    def play(self) -> Iterator[Happened]:
        """Every pass in which something happened, in order."""
        for at, step in self._moments():
            self._now = at
            if step is not None:
                self._deliver(step)
                continue
            self._service.once()
            happened = self._news(at)
            if happened.steps or happened.events or happened.letters:
                yield happened

    def close(self) -> None:
        self._service.close()

    def _moments(self) -> list[tuple[datetime, Step | None]]:
        """Steps and passes in the order of time; a step comes before the pass that sees it."""
        moments: list[tuple[datetime, int, Step | None]] = []
        for step in self.scenario.steps:
            moments.append((step.at, 0, step))
            moments += [(step.at + after, 1, None) for after in _AFTER]
        day = self.scenario.starts.replace(hour=0, minute=0)
        while day <= self.scenario.ends:
            for hour, minute in (time.split(":") for time in _DAILY):
                moments.append((day.replace(hour=int(hour), minute=int(minute)), 1, None))
            day += timedelta(days=1)
        ordered = sorted(moments, key=lambda moment: moment[:2])
        return [(at, step) for at, _, step in ordered if self.scenario.starts <= at <= self.scenario.ends]

    def _deliver(self, step: Step) -> None:
        answers, reference = self._answered(step)
        raw = as_mail(step, self.scenario, answers, reference)
        file = deliver(self._maildir / ".Sent" if step.sent else self._maildir, raw, step.at)
        self._delivered[step.id] = file.name

    def _answered(self, step: Step) -> tuple[Message | None, str]:
        """The message that a step answers or speaks of, and the reference of its case."""
        with self.parts.store.read() as connection:
            mail = {row["uid"]: row for row in messages.everything(connection)}
            if step.reply_to:
                row = mail[self._delivered[step.reply_to]]
                return parse(messages.raw_of(connection, row["id"])), row["case_ref"]
            letters = outbox.everything(connection)
            if step.about:
                ref = mail[self._delivered[step.about]]["case_ref"]
                wanted = [row for row in letters if row["case_ref"] == ref]
                answering = [row for row in wanted if row["recipient"] == parseaddr(step.from_)[1].lower()]
            else:
                to = step.reply_to_letter_to or step.about_letter_to
                answering = [row for row in letters if row["recipient"] == to and to]
        if not answering:
            return None, ""
        last = max(answering, key=lambda row: (row["task"] != "" if step.about else True, row["id"]))
        return parse(outbox.letter_of(last)), last["case_ref"]

    def _news(self, at: datetime) -> Happened:
        """What has been decided, recorded and sent since the last look."""
        events: list[tuple[str, Event]] = []
        with self.parts.store.read() as connection:
            mail = {row["uid"]: row for row in messages.everything(connection)}
            for ref in cases.find(connection):
                happened = cases.events_of(connection, ref)
                events += [(ref, event) for event in happened[self._events.get(ref, 0) :]]
                self._events[ref] = len(happened)
            left = [
                row for row in outbox.everything(connection) if row["sent"] and row["id"] not in self._letters
            ]
        steps = [
            (step, mail[uid])
            for step in self.scenario.steps
            if (uid := self._delivered.get(step.id)) in mail and step.id not in self._told
        ]
        self._told |= {step.id for step, _ in steps}
        self._letters |= {row["id"] for row in left}
        return Happened(at, tuple(steps), tuple(events), tuple(left))


def _settings(scenario: Scenario, folder: Path) -> Settings:
    people = {name: parseaddr(person)[1] for name, person in scenario.people.items()}
    domain = scenario.mailbox.rpartition("@")[2]
    return Settings.model_validate(
        {
            "organisation": {
                "name": f"{scenario.organisation['name']} complaints team",
                "domain": domain,
                "timezone": scenario.zone.key,
                "team": [people["team"]],
                "supervisors": [people["supervisor"]],
                "border": scenario.organisation["border"],
                "contact": {
                    "name": parseaddr(scenario.people["team"])[0],
                    "phone": "0300 555 0142",
                    "post": "Complaints, 1 Example Street, Testford TE1 1ST",
                },
                "safeguarding": {
                    "first": [people["safeguarding"]],
                    "second": [people["safeguarding_second"]],
                },
            },
            "database": f"sqlite:///{folder / 'demo.db'}",
            "signing_key": {"command": "echo this-key-is-for-the-demo-only"},
            "cache": CACHE,
            "folders": {"rules": Path(__file__).with_name("rules")},
            "mailbox": [
                {
                    "name": "restart",
                    "address": scenario.mailbox,
                    "procedure": scenario.organisation["procedure"],
                    "mode": "send",
                    "go_live": scenario.starts,
                    "form": [{"address": scenario.organisation["form"]}],
                    "server": {"kind": "maildir", "path": folder / "mailbox"},
                }
            ],
            "transport": {"kind": "folder", "path": folder / "as-sent"},
        }
    )
