"""casework/ knows no procedure by name, and touches nothing outside itself."""

import ast
import re
import sys
from pathlib import Path

import pytest

from mailbot import shipped

FILES = sorted((Path(shipped.__file__).parent / "casework").glob("*.py"))
NAMES = [path.stem for path in (shipped.folder("rules") / "procedures").glob("*.toml")]
OUTSIDE = {
    "os",
    "pathlib",
    "io",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
    "random",
    "shutil",
    "urllib",
    "sqlalchemy",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_procedure_is_named(path):
    found = re.findall(rf"\b(?:{'|'.join(NAMES)}|serco)\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_outside_is_touched(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in imported} & OUTSIDE
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input"}
    assert not re.search(r"\.(?:now|today|utcnow)\(", path.read_text(encoding="utf-8"))


def test_only_the_standard_library_and_mailbot_are_used():
    known = sys.stdlib_module_names | {"mailbot"}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.split(".")[0] in known, path
