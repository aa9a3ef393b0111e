"""The built wheel holds the code and the three data folders, and works where nothing else of the checkout is."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parent.parent
LISTING = "from mailbot import shipped; [print(f, *sorted(p.name for p in shipped.folder(f).iterdir())) for f in shipped.FOLDERS]"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(out),
        str(CHECKOUT),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    (built,) = out.glob("mailbot-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was installed into, by itself."""
    target = tmp_path_factory.mktemp("installed")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return target


def run(installed: Path, *arguments: str) -> str:
    """What a Python says that sees the installed wheel and the libraries, and runs outside the checkout."""
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=installed, env=environment, check=True, capture_output=True, text=True, timeout=200
    )
    return done.stdout


def test_code_and_data_are_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"mailbot", next(top for top in tops if top.endswith(".dist-info"))}
    data = {name.split("/")[2] for name in names if name.startswith("mailbot/_data/")}
    assert data == {"templates", "rules", "classifiers"}
    assert "mailbot/store/migrations/versions/0001_the_first_tables.py" in names
    made = [name for name in names if "__pycache__" in name or name.endswith((".npz", ".db"))]
    assert made == ["mailbot/_data/classifiers/safeguarding/learnt.npz"]  # the weights that are shipped


def test_the_installed_wheel_finds_its_three_folders(installed: Path) -> None:
    lines = run(installed, "-c", f"import mailbot; print(mailbot.__file__); {LISTING}").splitlines()
    assert lines[0].startswith(str(installed))
    listed = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    for folder in ("templates", "rules", "classifiers"):
        assert listed[folder] == sorted(
            path.name for path in (CHECKOUT / folder).iterdir() if path.name != "__pycache__"
        )


def test_the_command_runs_from_the_wheel(installed: Path) -> None:
    assert "mailbot" in run(
        installed,
        "-c",
        "import sys; sys.argv = ['mailbot', '--help']; from mailbot.cli.main import main; main()",
    )


def test_a_new_database_is_made_from_the_wheel(installed: Path) -> None:
    made = "from mailbot.store.database import open_store; open_store('sqlite:///new.db').close()"
    run(installed, "-c", made)
    assert (installed / "new.db").stat().st_size > 0
