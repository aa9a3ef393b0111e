"""Commands as a person types them, in a folder of their own."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from mailbot.cli import common, examples
from mailbot.cli.demo import play
from mailbot.cli.main import main

CACHE = Path(__file__).parents[2] / ".cache"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Typed = Callable[..., Answer]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Typed:
    """Types `mailbot WORDS...` in an empty folder; the trained classifier is kept with that of the other tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for module in (common, examples, play):
        monkeypatch.setattr(module, "CACHE", CACHE)

    def type_(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["mailbot", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        structlog.reset_defaults()  # its loggers hold this test's standard error
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return type_
