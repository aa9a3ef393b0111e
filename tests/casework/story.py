"""A case on which one thing happens after another, as casework alone sees it."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.casework.case import Case, Party, Role, StageInstance
from mailbot.casework.changes import Changes, Letter, follow
from mailbot.casework.consequences import consequences
from mailbot.casework.facts import Fact, Received
from mailbot.casework.labels import Label
from mailbot.casework.rules import Rules

LONDON = ZoneInfo("Europe/London")
PAT = Party("pat@home.example", Role.COMPLAINANT, "Pat Morgan")
ICE = Party("ice@dwp.gov.uk", Role.EXAMINER)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@dataclass
class Story:
    rules: Rules
    case: Case
    letters: list[Letter] = field(default_factory=list)

    def happens(self, fact: Fact) -> Changes:
        changes = consequences(self.case, fact, self.rules)
        self.case = follow(self.case, changes)
        self.letters += changes.letters
        return changes

    def writes(self, label: Label | None, when: str, sender: Party = PAT, **options: object) -> Changes:
        """Somebody writes; `options` are fields of Received."""
        number = str(self.case.events + 1)
        return self.happens(Received(number, at(when), sender, label, **options))  # type: ignore[arg-type]  # fields by name

    @property
    def stages(self) -> dict[str, str]:
        return {instance.id: instance.state.value for instance in self.case.stages}

    @property
    def running(self) -> dict[str, str]:
        """Each promise that runs, with the local day and time at which it breaks."""
        return {
            promise.id: f"{promise.due.astimezone(LONDON):%a %d %b %H:%M}" for promise in self.case.running
        }

    @property
    def open_questions(self) -> list[str]:
        return [task.kind for task in self.case.tasks if task.done_at is None]

    def stage(self, id: str) -> StageInstance:
        return self.case.stage(id)
