"""Events in words, one line each, for chronologies."""

from collections.abc import Callable
from typing import Any

from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Closed,
    Contacted,
    Decided,
    DuePassed,
    Fact,
    HoldingLetterSent,
    NothingOwed,
    Received,
    Responded,
    WindowEnded,
)
from mailbot.casework.record import Event
from mailbot.casework.told import (
    Absorbed,
    AuthorityGiven,
    CalendarChosen,
    CombinedResponseIssued,
    DateLearned,
    MergedInto,
    OutcomesFound,
    PartyJoined,
    PartyLeft,
    PointsNamed,
    ReceivedEarlier,
    Recounted,
    Redirected,
    Reopened,
    SortedAnew,
    SplitFrom,
    SplitOff,
    StepTaken,
    SumRecorded,
    Undone,
    Waiting,
    WaitingOver,
)


def event_in_words(event: Event) -> str:
    """What happened and what followed."""
    said = _WORDS[type(event.fact)](event.fact)
    owed = [letter.name for letter in event.changes.letters]
    asked = [task.kind.replace("_", " ") for task in event.changes.tasks if task.done_at is None]
    followed = [f"letter {name}" for name in owed] + [f"question: {kind}" for kind in asked]
    return said + (f" -> {', '.join(followed)}" if followed else "")


def _received(fact: Received) -> str:
    what = _words(fact.label.value) if fact.label else "unclear, a person decides"
    flags = f" ({', '.join(fact.flags)})" if fact.flags else ""
    return f"received from {_words(fact.sender.role.value)}: {what}{flags}"


_WORDS: dict[type[Fact], Callable[[Any], str]] = {
    Received: _received,
    Acknowledged: lambda fact: f"acknowledged ({fact.by}), {_at(fact.instance)}",
    AcknowledgementFailed: lambda fact: f"acknowledgement did not arrive, {_at(fact.instance)}: {fact.why}",
    Contacted: lambda fact: f"the team made contact, {_at(fact.instance)}",
    Responded: lambda fact: f"answered, {_at(fact.instance)}",
    HoldingLetterSent: lambda fact: (
        f"holding letter, {_at(fact.instance)}, new date {fact.new_due:%a %d %b %Y}"
    ),
    NothingOwed: lambda fact: f"no reply needed, {_at(fact.instance)}",
    Decided: lambda fact: f"a person decided: {_words(fact.answer)}",
    DuePassed: lambda fact: f"the date of {fact.deadline} passed",
    WindowEnded: lambda fact: f"the time to go further ended ({fact.window})",
    Closed: lambda fact: f"case {_words(fact.how)}" + (f": {fact.reason}" if fact.reason else ""),
    OutcomesFound: lambda fact: (
        f"found: {', '.join(f'{one.issue} {_words(one.outcome)}'.strip() for one in fact.outcomes)}"
    ),
    PointsNamed: lambda fact: f"points of complaint: {'; '.join(fact.points)}",
    Waiting: lambda fact: f"{_words(fact.state)}, {_at(fact.instance)}",
    WaitingOver: lambda fact: f"no longer {_words(fact.state)}, {_at(fact.instance)}",
    AuthorityGiven: lambda fact: f"{fact.party} {'may' if fact.given else 'may not'} act for the complainant",
    PartyJoined: lambda fact: f"{fact.party.id} joined the complaint",
    PartyLeft: lambda fact: f"{fact.party} withdrew; the case goes on",
    DateLearned: lambda fact: f"{_words(fact.name)}: {fact.on:%a %d %b %Y}",
    ReceivedEarlier: lambda fact: f"received earlier, {fact.received:%a %d %b %Y}, {_at(fact.instance)}",
    Redirected: lambda fact: f"redirected: {_words(fact.redirect)}, {_at(fact.instance)}",
    CombinedResponseIssued: lambda fact: f"the joint answer was issued {fact.issued or fact.at:%a %d %b %Y}",
    StepTaken: lambda fact: f"{fact.desk}: {_words(fact.step)} {_words(fact.outcome)}".rstrip(),
    SumRecorded: lambda fact: f"£{fact.pounds:,} recorded ({fact.name})",
    Reopened: lambda fact: f"stage {fact.stage} taken up again: {fact.reason}",
    SortedAnew: lambda fact: f"a person said what message {fact.message} is: {_words(fact.label.value)}",
    MergedInto: lambda fact: f"goes on under {fact.survivor}",
    Absorbed: lambda fact: f"{fact.ref} joined to this case",
    SplitOff: lambda fact: f"one matter goes on as {fact.child}: {fact.point}",
    SplitFrom: lambda fact: f"split from {fact.parent}: {fact.point}",
    CalendarChosen: lambda fact: f"goes by the bank holidays of {fact.calendar.replace('-', ' ')}",
    Recounted: lambda fact: f"open dates counted again by calendar {fact.calendar}",
    Undone: lambda fact: f"event {fact.event} taken back",
}


def _at(instance: str) -> str:
    return f"stage {instance}" if instance[:1].isdigit() else instance


def _words(name: str) -> str:
    return name.replace("_", " ")
