"""Files that are either there whole or not there at all, also after a power cut."""

import os
from pathlib import Path


def write_new(scratch: Path, target: Path, data: bytes) -> bool:
    """Write `data` to `scratch`, then give it the name `target` unless that name is taken (then False).

    Both must lie on one file system. Bytes are on the disk before the name appears, the name before this returns.
    """
    _write_synced(scratch, data)
    try:
        fresh = _name(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)
    sync_folder(target.parent)
    return fresh


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(scratch: Path, target: Path) -> bool:
    try:
        os.link(scratch, target)
    except FileExistsError:
        return False
    except (
        OSError
    ):  # a file system without hard links: a second writer at this very moment would win, no more
        if target.exists():
            return False
        os.rename(scratch, target)
    return True


def _write_synced(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
