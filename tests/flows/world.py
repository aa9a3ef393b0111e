"""A small world to try the flows in: a mailbox, people who write to it, a clock, and a folder of letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select

from mailbot.app import Service
from mailbot.casework.case import Case
from mailbot.casework.labels import Label
from mailbot.classify.safeguarding import Detector
from mailbot.classify.verdict import Evidence, Verdict
from mailbot.clock import stopped_at
from mailbot.flows.parts import Parts
from mailbot.flows.rulebook import Rulebook
from mailbot.letters.library import Letters
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mailboxes.delivery import deliver, make_maildir
from mailbot.settings import Settings
from mailbot.store import cases, messages
from mailbot.store.database import open_store
from mailbot.store.tables import metadata

LONDON = ZoneInfo("Europe/London")
BOX = "restart.complaints@serco.example"
RUTH, ANIL, DUTY, SECOND = (
    "ruth.hanley@serco.example",
    "anil.deshmukh@serco.example",
    "duty@serco.example",
    "duty.two@serco.example",
)
PAT = "pat.morgan@home.example"
ICE = "ice@dwp.gov.uk"

COMPLAINT = "I want to make a complaint. My adviser cancelled three appointments and nobody rang me back."
ESCALATION = "Your answer missed the point. Please take my complaint to the next stage."
FROM_ICE = "Independent Case Examiner: please confirm that each step of the process was completed."
CONTRIBUTION = "We are answering a mixed complaint. Please send your contribution to our reply."
UNCLEAR = "Hmm, about last Tuesday, you know what I mean."
CHAT = "Thank you, see you on Monday."
FORMAL = "This is our formal response to your complaint. We find that you were let down."

_OPINIONS = (
    ("make a complaint", Label.NEW_COMPLAINT),
    ("next stage", Label.ESCALATION),
    ("independent case examiner", Label.ICE_CORRESPONDENCE),
    ("your contribution", Label.CONTRIBUTION_REQUEST),
)


class Scripted:
    """A classifier of few words: sure of what it knows, unsure of "hmm", and everything else is other mail."""

    def classify(self, evidence: Sequence[Evidence]) -> list[Verdict]:
        return [self._verdict(one.live_text.lower()) for one in evidence]

    def _verdict(self, text: str) -> Verdict:
        label = next((label for words, label in _OPINIONS if words in text), Label.OTHER)
        flags = ("withdrawal",) if "withdraw my complaint" in text else ()
        return Verdict(label, 0.95, {label: 0.95}, "hmm" in text, flags, ("as scripted",))


@dataclass(frozen=True)
class Rooms:
    """What is read once for all worlds."""

    procedures: Rulebook
    letters: Letters
    detector: Detector


def at(text: str) -> datetime:
    """A moment in London, such as "2026-05-01 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def settings_in(folder: Path, **changes: Any) -> Settings:
    """Settings of one Maildir, one folder of letters and one database below `folder`."""
    box = {
        "name": "restart",
        "address": BOX,
        "procedure": "restart",
        "mode": "send",
        "go_live": datetime(2026, 1, 1, tzinfo=UTC),
        "server": {"kind": "maildir", "path": folder / "mail"},
    }
    organisation = {
        "name": "Serco Restart complaints",
        "domain": "serco.example",
        "team": [RUTH],
        "supervisors": [ANIL],
        "contact": {"name": "Ruth Hanley", "phone": "0300 555 0100", "post": "1 High Road, Leeds"},
        "safeguarding": {"first": [DUTY], "second": [SECOND]},
    }
    written: dict[str, Any] = {
        "organisation": organisation | changes.pop("organisation", {}),
        "database": f"sqlite:///{folder / 'mailbot.db'}",
        "signing_key": {"env": "UNUSED"},
        "mailbox": [box | changes.pop("box", {}), *changes.pop("more_boxes", [])],
        "transport": {"kind": "folder", "path": folder / "letters"},
    }
    return Settings.model_validate(written | changes)


@dataclass
class World:
    """One organisation with its mailboxes. Each method is something that a person, or time, does."""

    folder: Path
    parts: Parts
    _serial: Any = field(default_factory=count, repr=False)

    def receive(self, text: str, when: str, sender: str = PAT, **options: Any) -> Message:
        """Mail arrives; see `letter` for the options. `box` names another of our mailboxes."""
        box = options.pop("box", "restart")
        to = options.pop("to", self.parts.boxes[box].address)
        raw = self.letter(text, sender, to, when, **options)
        return self.deliver(raw, when, box)

    def deliver(self, raw: bytes, when: str, box: str = "restart") -> Message:
        deliver(self.maildir(box), raw, at(when))
        return parse(raw, at(when))

    def team_sends(self, text: str, to: str, when: str, **options: Any) -> Message:
        """The team writes from the shared mailbox: a copy lies in its Sent folder."""
        sent = self.maildir() / ".Sent"
        make_maildir(sent)
        raw = self.letter(text, BOX, to, when, **options)
        deliver(sent, raw, at(when))
        return parse(raw, at(when))

    def staff_replies(
        self, notice: Message, text: str, when: str, sender: str = RUTH, **options: Any
    ) -> Message:
        """One of the staff answers a notice of mailbot's, its words quoted below."""
        quoted = "".join(f"> {line}\n" for line in notice.text.splitlines())
        text = f"{text}\n\nOn Friday mailbot wrote:\n{quoted}"
        return self.receive(text, when, sender, subject=f"Re: {notice.subject}", answers=notice, **options)

    def letter(
        self,
        text: str,
        sender: str,
        to: str,
        when: str,
        subject: str = "My adviser",
        answers: Message | None = None,
        message_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Raw mail as a common mail program writes it."""
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = sender, to, subject
        made["Date"] = format_datetime(at(when))
        domain = sender.rpartition("@")[2].rstrip(">")
        made["Message-ID"] = message_id or f"<{self.folder.name}.{next(self._serial)}@{domain}>"
        if answers is not None:
            made["In-Reply-To"] = answers.message_id
            made["References"] = " ".join((*answers.references, answers.message_id))
        for name, value in (headers or {}).items():
            made[name] = value
        made.set_content(text)
        return made.as_bytes()

    def pass_at(self, when: str | datetime, troubles: Sequence[str] = ()) -> None:
        """One pass of every job as if it were `when`, in which nothing but `troubles` goes wrong."""
        service = Service(self.parts, stopped_at(at(when) if isinstance(when, str) else when))
        assert service.once() == list(troubles)

    def letters(self, folder: str = "letters") -> list[Message]:
        """Every letter that has left, in the order of leaving."""
        files = sorted(
            (self.folder / folder).glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name)
        )
        return [parse(file.read_bytes(), None) for file in files]

    def letters_to(self, address: str, about: str = "") -> list[Message]:
        """Letters to one address whose subject or text holds `about`."""
        return [
            letter
            for letter in self.letters()
            if address in {to.address for to in letter.to}
            and about.lower() in (letter.subject + letter.text).lower()
        ]

    def refs(self) -> list[str]:
        with self.parts.store.read() as connection:
            return cases.find(connection)

    def case(self, number: int = 1) -> Case:
        """The case that was opened as the `number`-th."""
        with self.parts.store.read() as connection:
            return cases.load(connection, cases.find(connection)[number - 1])

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.parts.store.read() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def mail(self) -> list[dict[str, Any]]:
        """The rows of what people and machines sent to us, in the order in which they were kept."""
        return [row for row in self.rows(messages.message) if row["direction"] == "in"]

    def states(self) -> list[str]:
        """What became of each message that was sent to us."""
        return [row["state"] for row in self.mail()]

    def dump(self, *leave_out: str) -> dict[str, list[dict[str, Any]]]:
        """Everything in the database, by table."""
        return {
            table.name: self.rows(table) for table in metadata.sorted_tables if table.name not in leave_out
        }

    def maildir(self, box: str = "restart") -> Path:
        return Path(self.parts.boxes[box].server.path)

    def with_classifier(self, classifier: Any) -> "World":
        return replace(self, parts=replace(self.parts, classifier=classifier))

    def with_settings(self, **changes: Any) -> "World":
        """The same mailbox and database under other settings."""
        return replace(self, parts=replace(self.parts, settings=settings_in(self.folder, **changes)))


def make_world(folder: Path, rooms: Rooms, **changes: Any) -> World:
    settings = settings_in(folder, **changes)
    for box in settings.mailbox:
        make_maildir(box.server.path)  # type: ignore[union-attr]  # every mailbox here is a Maildir
    parts = Parts(
        settings=settings,
        store=open_store(settings.database),
        procedures=rooms.procedures,
        letters=rooms.letters,
        classifier=Scripted(),  # type: ignore[arg-type]  # answers as the trained one does
        detector=rooms.detector,
        signer=Signer(b"a key for tests only, never used", settings.organisation.domain),
    )
    return World(folder, parts)
