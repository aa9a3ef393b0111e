"""What each word of the team means: the fact that it records, from the words that follow it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from mailbot.casework.case import Case, CaseState, Party, Role, StageInstance, Task
from mailbot.casework.facts import Closed, Contacted, Decided, Fact, HoldingLetterSent, NothingOwed, Responded
from mailbot.casework.matters import CONTRIBUTION, EXAMINER, STEPS
from mailbot.casework.spoken import read_date
from mailbot.casework.told import (
    AuthorityGiven,
    CombinedResponseIssued,
    DateLearned,
    Outcome,
    OutcomesFound,
    PartyJoined,
    PartyLeft,
    PointsNamed,
    ReceivedEarlier,
    Redirected,
    Reopened,
    StepTaken,
    Waiting,
    WaitingOver,
)
from mailbot.flows.commands import LABELS, Command
from mailbot.flows.parts import Work

_LAST_MOMENT = time(23, 59, 59)
_LEAD = re.compile(r"^(?:(?:on|by|until|to|from|since|for|the|has|gone|sent)[ :,]+)+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


@dataclass(frozen=True)
class Order:
    """One command, with everything that it speaks of."""

    work: Work
    case: Case
    command: Command
    rest: str
    at: datetime
    by: str
    task: Task | None = None
    instance: StageInstance | None = None

    @property
    def day(self) -> datetime | None:
        """The day that the words name, at the time of day of the message."""
        zone = self.work.parts.zone
        local = self.at.astimezone(zone)
        said = read_date(_LEAD.sub("", self.rest), 0, local.date())
        return datetime.combine(said.on, local.time(), zone) if said else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the words say was found: "upheld" on all, "1 upheld, 2 not upheld" on each."""
        known = self.work.parts.rules_of(self.case).procedure.outcomes
        longest_first = sorted((name.replace("_", " ") for name in known), key=len, reverse=True)
        pattern = re.compile(rf"(?:\b(\d{{1,2}})\s+)?\b({'|'.join(longest_first)})\b")
        found = pattern.findall(self.rest.lower())
        return tuple(Outcome(issue, outcome.replace(" ", "_")) for issue, outcome in found)


def fact_of(order: Order) -> Fact | None:
    """The fact that an order records; None when its words do not say enough."""
    maker = _MAKERS.get(order.command)
    if order.task is not None and (maker is None or order.command in _ANSWERS.get(order.task.kind, ())):
        return Decided(order.task.id, order.at, _answer(order.command), by=order.by)
    return maker(order) if maker else None


_ANSWERS = {"early_escalation": (Command.NO_REPLY_NEEDED,), "ended_case": (Command.REOPEN,)}
"""Words that have a meaning of their own, and are a plain answer to these questions."""


def _answer(command: Command) -> str:
    return LABELS[command].value if command in LABELS else command.value


def _responded(order: Order) -> Fact | None:
    """The answer went out today, or on the day that the person names."""
    if order.instance is None:
        return None
    return Responded(order.instance.id, order.day or order.at, outcomes=order.outcomes)


def _found(order: Order) -> Fact | None:
    return OutcomesFound(order.at, order.outcomes) if order.outcomes else None


def _contacted(order: Order) -> Fact | None:
    return Contacted(order.instance.id, order.at) if order.instance else None


def _holding(order: Order) -> Fact | None:
    """A holding letter names one new date, later than the one that it moves."""
    promise = order.case.deadline(f"{order.instance.id}/respond") if order.instance else None
    if order.day is None or promise is None:
        return None
    due = datetime.combine(order.day.date(), _LAST_MOMENT, order.work.parts.zone)
    if due <= promise.due:
        return None
    return HoldingLetterSent(promise.instance, order.at, due, reason="told by the team")


def _nothing_owed(order: Order) -> Fact | None:
    return NothingOwed(order.instance.id, order.at) if order.instance else None


def _points(order: Order) -> Fact | None:
    points = tuple(point.strip() for point in order.rest.split(";") if point.strip())
    return PointsNamed(order.at, points) if points else None


def _authority(order: Order) -> Fact | None:
    """Of whoever raised the question, else of whoever was asked for it."""
    asked = (party.id for party in order.case.parties if party.authority == "asked")
    sender = order.task.sender if order.task and order.task.kind == "authority" else next(asked, "")
    return AuthorityGiven(sender, order.at, order.command is Command.CONFIRMED) if sender else None


def _waiting(order: Order) -> Fact | None:
    """For "authority", "information" or "third party"."""
    state = "awaiting_" + order.rest.lower().removeprefix("for ").strip().replace(" ", "_")
    if order.instance is None or state not in _SIDE_STATES:
        return None
    return Waiting(order.instance.id, order.at, state)


_SIDE_STATES = ("awaiting_authority", "awaiting_information", "awaiting_third_party")


def _waiting_over(order: Order) -> Fact | None:
    open_ = [pause for pause in order.case.pauses if pause.ended is None]
    return WaitingOver(open_[-1].instance, order.at, open_[-1].state) if open_ else None


def _redirect(order: Order) -> Fact | None:
    """The redirect that the words name, and the numbers of the points that go with it."""
    known = order.work.parts.rules_of(order.case).procedure.redirects
    said = order.rest.lower().replace(" ", "_")
    named = next((one for one in known if said.startswith(one.id) or one.id.startswith(said)), None)
    if named is None or not said or order.instance is None:
        return None
    return Redirected(named.id, order.instance.id, order.at, tuple(re.findall(r"\d+", order.rest)))


def _combined(order: Order) -> Fact:
    return CombinedResponseIssued(order.at, order.day)


def _step(order: Order) -> Fact | None:
    """Such as "final report upheld": the longest step that the words begin with, then the outcome."""
    said = order.rest.lower().replace(" ", "_")
    steps = [(desk, step) for desk in (EXAMINER, CONTRIBUTION) for step in STEPS[desk]]
    named = [(desk, step) for desk, step in steps if said.startswith(step) and order.case.proceeding(desk)]
    if not named:
        return None
    desk, step = max(named, key=lambda one: len(one[1]))
    return StepTaken(desk, step, order.at, said.removeprefix(step).strip("_"))


_DATES = {Command.EVENT: "event", Command.CASE_CLOSED: "case_closed"}


def _date(order: Order) -> Fact | None:
    return DateLearned(_DATES[order.command], order.day, order.at) if order.day else None


def _received_earlier(order: Order) -> Fact | None:
    """From the end of that day, when nobody knows the hour."""
    if order.day is None or order.instance is None:
        return None
    then = datetime.combine(order.day.date(), _LAST_MOMENT, order.work.parts.zone)
    return ReceivedEarlier(order.instance.id, then, order.at) if then < order.instance.received else None


def _joint(order: Order) -> Fact | None:
    address = _ADDRESS.search(order.rest)
    if address is None:
        return None
    party = Party(address.group().lower(), Role.COMPLAINANT, nominated="nominated" in order.rest.lower())
    return PartyJoined(party, order.at)


def _withdrawn(order: Order) -> Fact:
    """One of several complainants by their address, else the whole complaint."""
    address = _ADDRESS.search(order.rest)
    party = order.case.party(address.group()) if address else None
    others = [one for one in order.case.parties if one.role is Role.COMPLAINANT and one.left is None]
    if party is not None and len(others) > 1:
        return PartyLeft(party.id, order.at)
    return Closed(order.at, CaseState.WITHDRAWN.value, order.rest)


_ENDINGS = {Command.SETTLED: CaseState.RESOLVED_INFORMALLY, Command.CLOSE: CaseState.CLOSED}


def _ended(order: Order) -> Fact:
    return Closed(order.at, _ENDINGS[order.command].value, order.rest)


def _reopen(order: Order) -> Fact | None:
    stage, _, reason = order.rest.partition(" ")
    known = {one.id for one in order.work.parts.rules_of(order.case).procedure.stages}
    return Reopened(stage, order.at, reason.strip(" ,:") or "told by the team") if stage in known else None


_MAKERS: dict[Command, Callable[[Order], Fact | None]] = {
    Command.RESPONDED: _responded,
    Command.FOUND: _found,
    Command.CONTACTED: _contacted,
    Command.HOLDING: _holding,
    Command.NO_REPLY_NEEDED: _nothing_owed,
    Command.POINTS: _points,
    Command.CONFIRMED: _authority,
    Command.REFUSED: _authority,
    Command.WAITING: _waiting,
    Command.WAITING_OVER: _waiting_over,
    Command.REDIRECT: _redirect,
    Command.COMBINED: _combined,
    Command.STEP: _step,
    Command.EVENT: _date,
    Command.CASE_CLOSED: _date,
    Command.RECEIVED: _received_earlier,
    Command.JOINT: _joint,
    Command.WITHDRAWN: _withdrawn,
    Command.SETTLED: _ended,
    Command.CLOSE: _ended,
    Command.REOPEN: _reopen,
}
"""The words that record a fact; all others answer a question."""
