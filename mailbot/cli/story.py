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


def event_in_words(event: Event) -> str:
    """What happened and what followed."""
    said = _WORDS[type(event.fact)](event.fact)
    owed = [letter.name for letter in event.changes.letters]
    asked = [task.kind.replace("_", " ") for task in event.changes.tasks if task.done_at is None]
    followed = [f"letter {name}" for name in owed] + [f"question: {kind}" for kind in asked]
    return said + (f" -> {', '.join(followed)}" if followed else "")


def _received(fact: Received) -> str:
    what = fact.label.value.replace("_", " ") if fact.label else "unclear, a person decides"
    flags = f" ({', '.join(fact.flags)})" if fact.flags else ""
    return f"received from {fact.sender.role.value.replace('_', ' ')}: {what}{flags}"


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
    Decided: lambda fact: f"a person decided: {fact.answer.replace('_', ' ')}",
    DuePassed: lambda fact: f"the date of {fact.deadline} passed",
    WindowEnded: lambda fact: f"the time to go further ended ({fact.window})",
    Closed: lambda fact: f"case {fact.how.replace('_', ' ')}" + (f": {fact.reason}" if fact.reason else ""),
}


def _at(instance: str) -> str:
    return f"stage {instance}" if instance[:1].isdigit() else instance
