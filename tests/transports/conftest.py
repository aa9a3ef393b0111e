"""The fixtures of the SMTP tests."""

from collections.abc import Iterator

import pytest

from tests.transports.desk import Desk, Opening
from tests.transports.scripted_smtp import ScriptedSmtp


@pytest.fixture
def open_desk() -> Iterator[Opening]:
    """Makes desks, and closes their connections at the end."""
    desks: list[Desk] = []

    def opening(server: ScriptedSmtp, **settings: object) -> Desk:
        desks.append(Desk(server, **settings))
        return desks[-1]

    yield opening
    for desk in desks:
        desk.transport.close()


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as scripted:
        yield scripted
