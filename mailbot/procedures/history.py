"""Procedures with their dated versions, read from one folder or from several laid over each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from mailbot.casework.procedure import Procedure
from mailbot.errors import RuleError
from mailbot.procedures import building, consistency, reading
from mailbot.procedures.reading import FaultyFile, Finding
from mailbot.procedures.schema import AdjustmentFile, ProcedureFile, SharedFile

Folders = Path | Sequence[Path]


@dataclass(frozen=True)
class History:
    """All versions of one procedure, oldest first; a case keeps the one it opened under."""

    id: str
    versions: tuple[Procedure, ...]

    @property
    def latest(self) -> Procedure:
        return self.versions[-1]

    def on(self, day: date) -> Procedure:
        """The version in force on `day`. Raises RuleError before the first."""
        in_force = [version for version in self.versions if date.fromisoformat(version.version) <= day]
        if not in_force:
            raise RuleError(
                f"procedure {self.id} has no version in force on {day}; its first is from {self.versions[0].version}",
                f"add a [[version]] with an earlier in_force_from to procedures/{self.id}.toml",
            )
        return in_force[-1]

    def version(self, name: str) -> Procedure:
        """The version called `name`, its first day in ISO form. Raises RuleError."""
        for version in self.versions:
            if version.version == name:
                return version
        known = ", ".join(version.version for version in self.versions)
        raise RuleError(f"procedure {self.id} has no version {name!r}, only {known}", "put the version back")


def as_folders(folders: Folders) -> tuple[Path, ...]:
    return (folders,) if isinstance(folders, Path) else tuple(folders)


def load(folders: Folders, id: str) -> History:
    """The procedure `id`. A file of a later folder takes the place of the same file of an earlier one.

    Raises RuleError when there is none, FaultyFile (a RuleError) when a file has a fault.
    """
    folders = as_folders(folders)
    path = reading.find(folders, "procedures", id)
    if path is None:
        raise _unknown("procedure", id, reading.names(folders, "procedures"))
    file = reading.read(path, ProcedureFile)
    adjusted = reading.find(folders, "adjust", id)
    adjustment = reading.read(adjusted, AdjustmentFile) if adjusted else AdjustmentFile()
    tables = sorted([*file.version, *adjustment.version], key=lambda table: table.in_force_from)
    wanted = {include.file for table in tables for include in table.include}
    parts = building.Parts(file, adjustment, {name: shared_file(folders, name) for name in wanted})
    versions = tuple(building.procedure(parts, table) for table in tables)
    if findings := [*_faults(path, id, versions), *_unknown_contacts(adjusted, adjustment, versions[-1])]:
        raise FaultyFile(findings)
    return History(id, versions)


def load_all(folders: Folders) -> dict[str, History]:
    """Every procedure of the folders, by id."""
    folders = as_folders(folders)
    return {name: load(folders, name) for name in reading.names(folders, "procedures")}


def _faults(path: Path, id: str, versions: Sequence[Procedure]) -> Iterator[Finding]:
    if versions[0].id != id:
        problem = f"the file is {path.name}, but its id is {versions[0].id!r}; they must be the same"
        yield Finding(str(path), "id", problem, procedure=id)
    for first, second in pairwise(versions):
        if first.version == second.version:
            yield Finding(str(path), "in_force_from", f"two versions begin on {first.version}", procedure=id)
    for version in versions:
        for place, problem in consistency.faults(version):
            yield Finding(str(path), f"version {version.version}, {place}", problem, procedure=id)


def _unknown_contacts(path: Path | None, adjustment: AdjustmentFile, latest: Procedure) -> Iterator[Finding]:
    for name in adjustment.contact:
        if name not in latest.contacts:
            problem = f"{latest.id} has no such contact; allowed: {', '.join(latest.contacts) or 'none'}"
            yield Finding(str(path), f"contact.{name}", problem, procedure=latest.id)


def shared_file(folders: Sequence[Path], name: str) -> SharedFile:
    """The shared file `name`. Raises RuleError when there is none, FaultyFile when it has a fault."""
    path = reading.find(folders, "shared", name)
    if path is None:
        raise _unknown("shared file", name, reading.names(folders, "shared"))
    return reading.read(path, SharedFile)


def _unknown(what: str, name: str, known: list[str]) -> RuleError:
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return RuleError(f"there is no {what} {name!r}", f"{hint}There are: {', '.join(known) or 'none'}")
