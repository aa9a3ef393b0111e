"""Fixtures for tests against real servers; without Dovecot and Postfix they skip, in CI they fail."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.live.desk import Desk
from tests.live.dovecot import Dovecot
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


@pytest.fixture
def desk(mail_system: MailSystem) -> Iterator[Desk]:
    box = mail_system.mailbox("desk")
    with ExitStack() as cleaning:
        yield Desk(mail_system, box, mail_system.owner(box), cleaning)


@pytest.fixture
def plain_dovecot(mail_system: MailSystem, request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    """A second Dovecot that hides the capabilities named by the test."""
    folder = mail_system.folder / f"hiding-{len(list(mail_system.folder.iterdir()))}"
    dovecot = Dovecot(folder, mail_system.dovecot.certificate, hidden=request.param, sent="Gesendet")
    dovecot.start()
    yield dovecot
    dovecot.stop()
    shutil.rmtree(folder)
