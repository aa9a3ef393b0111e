"""Worlds for the tests of the flows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mailbot.flows import learning
from tests.flows.world import Rooms, World, make_world


@pytest.fixture
def make(tmp_path: Path, rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., World]]:
    """Makes worlds, each in a folder of its own; the keywords are settings (see `settings_in`).

    Nobody is asked to check a sure answer in them: which ones are asked about hangs on a hash of the words.
    """
    monkeypatch.setattr(learning, "to_check", lambda *_: False)
    made: list[World] = []

    def world(name: str = "serco", **changes: Any) -> World:
        made.append(make_world(tmp_path / name, rooms, **changes))
        return made[-1]

    yield world
    for one in made:
        one.parts.store.close()


@pytest.fixture
def world(make: Callable[..., World]) -> World:
    return make()


_HERE = Path(__file__).parent
_QUICK = ("test_first_mail", "test_what_becomes_of_a_message", "test_safeguarding_first")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each flow test is quick; together they are not. These few stand for all in `scripts/test fast`."""
    for item in items:
        if item.path.parent == _HERE and item.path.stem not in _QUICK:
            item.add_marker("slow")
