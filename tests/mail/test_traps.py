"""docs/mail-traps.md names for each trap what proves that it is avoided: each of those is there."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mail-traps.md").read_text("utf-8")
TRAPS = {cells[1].strip(): cells[2] for line in PAGE.splitlines() if len(cells := line.split("|")) == 4}
CORPUS = tomllib.loads((ROOT / "tests" / "corpus" / "expected.toml").read_text("utf-8"))


def functions_in(file: str) -> set[str]:
    """The names of the tests in every file of that name below tests/."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob(file)]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.strip("- ") not in ("", "trap")])
def test_what_proves_that_a_trap_is_avoided_is_there(trap: str) -> None:
    names = re.findall(r"`([^`]+)`", TRAPS[trap])
    assert names
    for name in names:
        file, found, test = name.partition("::")
        assert test in functions_in(file) if found else name in CORPUS, name
