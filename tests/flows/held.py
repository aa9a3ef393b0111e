"""Messages that fail in one way or another, for the tests of what is held."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import DataError

from mailbot.errors import RuleError
from mailbot.flows import arrival, triage
from mailbot.flows.examination import TooSlow
from mailbot.mail.message import Message
from mailbot.store import messages, tables
from tests.flows.world import COMPLAINT, RUTH, World

CRY = f"{COMPLAINT} I cannot go on and I am going to kill myself tonight."
ARRIVES, READ, SAID, DONE = "2026-05-01 10:00", "2026-05-01 10:01", "2026-05-01 11:00", "2026-05-01 11:01"

Make = Callable[..., World]
# What fails, and how; the first four once the message has been read.
FAULTS: dict[str, tuple[Any, str, Exception]] = {
    "the database refuses a value": (arrival, "_HANDLERS", DataError("insert", None, ValueError())),
    "the rules do not reach so far": (arrival, "_HANDLERS", RuleError("the calendar ends")),
    "its case cannot be told": (triage, "find", KeyError("RST-000001-X")),
    "there is nothing to ask the classifier": (triage, "evidence", ValueError("kill myself")),
    "it takes too long to read": (triage, "read", TooSlow("30 seconds")),
    "it cannot be read": (triage, "read", RecursionError("kill myself")),
}


@contextmanager
def fault(name: str) -> Iterator[None]:
    """Within it, every message fails in one way."""
    room, attribute, error = FAULTS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, attribute, (raising(error),) if attribute == "_HANDLERS" else raising(error))
        yield


def raising(error: Exception) -> Callable[..., Any]:
    def fails(*_: Any, **__: Any) -> Any:
        raise error

    return fails


def hold(world: World, text: str = COMPLAINT, name: str = "it cannot be read", **options: Any) -> Message:
    """A message that is held; the notice of it to the team."""
    world.receive(text, ARRIVES, **options)
    with fault(name):
        world.pass_at(READ)
    assert world.states()[-1] == messages.HELD
    return world.letters_to(RUTH, "message")[-1]


def reply(world: World, notice: Message, word: str, when: str = SAID, sender: str = RUTH) -> None:
    world.staff_replies(notice, word, when, sender)
    world.pass_at(when)
    world.pass_at(when)  # what was released is read in the pass after


def holdings_of(world: World) -> list[dict[str, Any]]:
    return world.rows(tables.holding)
