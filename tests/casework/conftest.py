"""Stories under the shipped rules."""

from collections.abc import Callable
from datetime import date

import pytest

from mailbot.casework.case import Case
from mailbot.casework.rules import Rules
from tests.casework.story import Story, at
from tests.flows.world import Rooms


@pytest.fixture
def begin(rooms: Rooms) -> Callable[[str], Story]:
    """Begins the story of a case under a procedure, received on Friday 1 May 2026 at 5:40pm."""

    def story(procedure: str) -> Story:
        version = rooms.procedures.on(procedure, date(2026, 5, 1))
        rules = Rules(version, rooms.procedures.calendar(version.calendar))
        received = at("2026-05-01 17:40")
        return Story(rules, Case("RST-000001-X", procedure, version.version, procedure, received))

    return story


@pytest.fixture
def story(begin: Callable[[str], Story]) -> Story:
    return begin("restart")
