"""Whatever casework asks, the notice names words that answer it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot import casework
from mailbot.casework import asking
from mailbot.flows import commands

_ASKS = {"ask", "question", "ask_what_it_is"}


def kinds() -> Iterator[str]:
    """Every kind of question that the code of casework names."""
    for file in sorted(Path(next(iter(casework.__path__))).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _ASKS:
                yield from (value.value for value in node.args if _is_kind(value))
    yield from (kind for _flag, kind, *_ in asking._QUESTION_FOR_FLAG)


def _is_kind(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.replace("_", "").isalpha()
    )


KINDS = sorted(set(kinds()))


def test_they_were_found() -> None:
    assert {"what_is_this", "late_escalation", "safeguarding", "acknowledge_by_hand"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_words_of_its_own(kind: str) -> None:
    assert kind in commands._BY_KIND


@pytest.mark.parametrize("kind", [*KINDS, "reminder"])
def test_each_of_its_words_is_understood(kind: str) -> None:
    for known in commands.known_for(kind):
        assert commands.read(known.command.value) == (known.command, "")
        assert known.meaning
