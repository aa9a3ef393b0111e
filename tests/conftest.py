"""What tests of several rooms share."""

import fcntl
from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.classify.classifier import Classifier, load
from mailbot.classify.safeguarding import load_detector
from mailbot.flows.rulebook import Rulebook
from mailbot.letters.library import Letters
from tests.flows.world import Rooms

_CACHE = Path(__file__).parent.parent / ".cache"


@pytest.fixture(scope="session")
def rooms() -> Rooms:
    """Rules, letters and detector as shipped, read once."""
    return Rooms(
        procedures=Rulebook([shipped.folder("rules")]),
        letters=Letters([shipped.folder("templates")]),
        detector=load_detector(shipped.folder("classifiers") / "safeguarding"),
    )


@pytest.fixture(scope="session")
def trained() -> Classifier:
    """The shipped classifier; trained at most once for all test processes, and again when it has changed."""
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load(shipped.folder("classifiers") / "message_kind", _CACHE)
