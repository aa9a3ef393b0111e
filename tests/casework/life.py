"""A case told in facts, one after the other, by the shipped rules: nothing but casework, no mail and no database."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from mailbot import shipped
from mailbot.casework.case import Case, Party, Role, Task
from mailbot.casework.changes import Changes, follow
from mailbot.casework.consequences import consequences
from mailbot.casework.facts import Decided, Fact, Received
from mailbot.casework.labels import Label
from mailbot.casework.record import Event, body_of, event_from
from mailbot.casework.rules import Rules
from mailbot.casework.words import moment_words
from mailbot.flows.rulebook import Rulebook

LONDON = ZoneInfo("Europe/London")
SAM = Party("sam.okoro@home.example", Role.COMPLAINANT, "Sam Okoro")
NIA = Party("nia.rees@advice.example", Role.REPRESENTATIVE, "Nia Rees")
ICE = Party("ice@dwp.gov.uk", Role.EXAMINER)
JOBCENTRE = Party("complaints@jobcentre.example", Role.JOBCENTRE)
RUTH = "ruth.hanley@team.example"


@lru_cache
def rulebook() -> Rulebook:
    return Rulebook([shipped.folder("rules")])


def at(text: str) -> datetime:
    """A moment in London, such as "2026-05-01 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def rules_of(procedure: str, day: str = "2026-05-01", **settings: object) -> Rules:
    """The shipped rules in force on a day, with some settings changed."""
    found = rulebook().on(procedure, datetime.fromisoformat(day).date())
    return Rules(replace(found, settings={**found.settings, **settings}), rulebook().calendar(found.calendar))


@dataclass
class Life:
    rules: Rules
    case: Case
    events: list[Event] = field(default_factory=list)

    def happens(self, fact: Fact, cause: str = "test") -> Changes:
        """What follows from `fact`; the case is as it is then."""
        return self.keeps(fact, consequences(self.case, fact, self.rules), cause)

    def keeps(self, fact: Fact, changes: Changes, cause: str = "test") -> Changes:
        event = Event(self.case.events + 1, fact.at, cause, fact, changes)
        self.events.append(event)
        self.case = follow(self.case, changes)
        return changes

    def receives(self, label: Label | None, when: str, sender: Party = SAM, **more: object) -> Changes:
        """A message comes; its id is the number of the event."""
        message = str(self.case.events + 1)
        return self.happens(Received(message, at(when), sender, label, **more))  # type: ignore[arg-type]

    def decides(self, kind: str, answer: str, when: str) -> Changes:
        """A person answers the open question of this kind."""
        return self.happens(Decided(self.question(kind).id, at(when), answer, by=RUTH))

    def question(self, kind: str) -> Task:
        return next(task for task in self.case.tasks if task.kind == kind and task.done_at is None)

    @property
    def questions(self) -> list[str]:
        return [task.kind for task in self.case.tasks if task.done_at is None]

    @property
    def stages(self) -> dict[str, str]:
        return {stage.id: stage.state.value for stage in self.case.stages}

    def due(self, deadline: str) -> str:
        """The date of a promise in words, and what has become of it."""
        found = self.case.deadline(deadline)
        assert found is not None, f"{deadline} is not among {[row.id for row in self.case.deadlines]}"
        return f"{moment_words(found.due.astimezone(LONDON))} {found.state.value}" + " late" * found.late

    def until(self, window: str) -> str:
        """Where a window leads, and its last moment in words."""
        found = self.case.window(window)
        assert found is not None, f"{window} is not among {[row.id for row in self.case.windows]}"
        return f"{found.to} " + (moment_words(found.ends.astimezone(LONDON)) if found.ends else "without end")

    def rebuilt(self) -> Case:
        """The case from the events as they are written down."""
        case = self.unbegun
        for event in self.events:
            case = follow(case, event_from(body_of(event)).changes)
        return case

    @property
    def unbegun(self) -> Case:
        first = self.events[0].fact if self.events else None
        received = getattr(first, "received", None) or getattr(first, "at", self.case.received)
        return Case("TST-000001-X", self.case.procedure, self.case.version, "box", received)


def life(procedure: str, received: str, **settings: object) -> Life:
    """A case of a procedure to which nothing has happened yet."""
    rules = rules_of(procedure, received[:10], **settings)
    version = rules.procedure.version
    return Life(rules, Case("TST-000001-X", procedure, version, "box", at(received)))


def letters(changes: Changes) -> list[str]:
    return [letter.name for letter in changes.letters]
