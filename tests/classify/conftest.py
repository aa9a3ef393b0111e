"""One trained classifier for all tests of this room."""

from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.classify.classifier import Classifier, load


@pytest.fixture(scope="session")
def folder() -> Path:
    return shipped.folder("classifiers") / "message_kind"


@pytest.fixture(scope="session")
def classifier(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """Trained once a run (tens of seconds), whatever was kept before."""
    return load(folder, tmp_path_factory.mktemp("models"))
