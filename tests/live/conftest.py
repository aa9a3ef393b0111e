"""Fixtures for tests against real servers; without Dovecot and Postfix they skip, in CI they fail."""

import os
from collections.abc import Iterator

import pytest

from tests.live.peers import MailSystem, why_not


@pytest.fixture(scope="session")
def mail_system() -> Iterator[MailSystem]:
    if reason := why_not():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    system = MailSystem()
    try:
        yield system.start()
    finally:
        system.stop()
