"""Where the organisation's three data folders are: in a wheel, an editable install or a checkout."""

from pathlib import Path

from mailbot.errors import RuleError

_HERE = Path(__file__).resolve().parent
FOLDERS = ("templates", "rules", "classifiers")


def folder(name: str) -> Path:
    """The shipped folder `name` (one of FOLDERS); a wheel keeps it in mailbot/_data, a checkout beside mailbot/."""
    if name not in FOLDERS:
        raise ValueError(f"no shipped folder {name!r}; there are {', '.join(FOLDERS)}")
    for candidate in (_HERE / "_data" / name, _HERE.parent / name):
        if candidate.is_dir():
            return candidate
    raise RuleError(f"the folder {name!r} that mailbot ships is missing", "install mailbot again")
