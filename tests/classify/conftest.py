"""The shipped examples, and the classifier that they teach."""

from pathlib import Path

import pytest

from mailbot import shipped
from mailbot.classify.classifier import Classifier


@pytest.fixture(scope="session")
def folder() -> Path:
    return shipped.folder("classifiers") / "message_kind"


@pytest.fixture(scope="session")
def classifier(trained: Classifier) -> Classifier:
    """The shipped one."""
    return trained
