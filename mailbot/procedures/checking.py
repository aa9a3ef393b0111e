"""`mailbot rules check`: what is wrong in the rules, and what a person must still confirm before letters go out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from mailbot.casework.procedure import Contact, Procedure
from mailbot.errors import RuleError
from mailbot.procedures import reading
from mailbot.procedures.calendars import calendar, calendar_names
from mailbot.procedures.history import Folders, History, as_folders, load, shared_file
from mailbot.procedures.reading import FaultyFile, Finding

_CALENDAR_REACH = timedelta(days=183)  # the longest count in working days, and time to refresh


def check(
    folders: Folders, letters: Collection[str] | None = None, today: date | None = None
) -> list[Finding]:
    """Every fault of every file, then what blocks sending until a person has looked.

    `letters` are the names of the letters that exist, `today` serves to warn before a calendar ends; each check
    that needs one of them is left out without it.
    """
    folders = as_folders(folders)
    histories, findings = _histories(folders)
    for history in histories.values():
        findings += _about(history, str(_file(folders, history.id)), folders, letters)
    across = (_shared_prefixes(histories, folders), _unused(folders), _calendars(folders, today))
    return [*findings, *chain.from_iterable(across)]


def _histories(folders: Sequence[Path]) -> tuple[dict[str, History], list[Finding]]:
    histories: dict[str, History] = {}
    findings: list[Finding] = []
    for name in reading.names(folders, "procedures"):
        try:
            histories[name] = load(folders, name)
        except FaultyFile as fault:
            findings += [replace(finding, procedure=name) for finding in fault.findings]
        except RuleError as error:
            findings.append(Finding(str(_file(folders, name)), "", error.problem, error.mend, procedure=name))
    return histories, findings


def _about(
    history: History, file: str, folders: Sequence[Path], letters: Collection[str] | None
) -> Iterator[Finding]:
    latest = history.latest
    if latest.calendar not in calendar_names(folders):
        known = ", ".join(calendar_names(folders))
        yield Finding(
            file, "calendar", f"no calendar {latest.calendar!r}", f"use one of {known}", procedure=history.id
        )
    if letters is not None:
        yield from _missing_letters(latest, file, letters)
    for name, contact in latest.contacts.items():
        yield from _unverified(latest.id, name, contact, file)


def _missing_letters(procedure: Procedure, file: str, letters: Collection[str]) -> Iterator[Finding]:
    for place, name in _letters(procedure):
        if name not in letters:
            yield Finding(
                file,
                place,
                f"there is no letter {name!r}",
                "write it in templates/letters",
                procedure=procedure.id,
            )


def _letters(procedure: Procedure) -> Iterator[tuple[str, str]]:
    yield from ((f"stage {stage.id}, acknowledgement", stage.acknowledgement) for stage in procedure.stages)
    yield from (
        (f"desk {desk.id}, acknowledgement", desk.acknowledgement) for desk in procedure.desks.values()
    )
    yield from ((f"redirect {redirect.id}, letter", redirect.letter) for redirect in procedure.redirects)


def _unverified(procedure: str, name: str, contact: Contact, file: str) -> Iterator[Finding]:
    """A contact that nobody has checked, with each reason to doubt it."""
    if contact.verified_on:
        return
    mend = f"check it, then set verified_on (and what was wrong) under [contact.{name}] in adjust/{procedure}.toml"
    for doubt in contact.doubts:
        shown = getattr(contact, doubt.field) or "nothing"
        against = f", against {doubt.other}" if doubt.other else ""
        problem = f"{contact.name}: {shown}{against}: {doubt.reason}"
        yield Finding(file, f"contact.{name}.{doubt.field}", problem, mend, procedure=procedure)
    yield Finding(
        file,
        f"contact.{name}.verified_on",
        f"nobody has checked how to reach {contact.name}",
        mend,
        procedure=procedure,
    )


def _shared_prefixes(histories: Mapping[str, History], folders: Sequence[Path]) -> Iterator[Finding]:
    prefixes = {name: history.latest.reference_prefix for name, history in histories.items()}
    for prefix, times in Counter(prefixes.values()).items():
        if times > 1:
            sharers = [name for name, its in prefixes.items() if its == prefix]
            problem = (
                f"{prefix} is the prefix of {' and '.join(sharers)}; a reference would not say whose it is"
            )
            file = str(_file(folders, sharers[-1]))
            yield Finding(
                file, "reference_prefix", problem, "give each procedure its own", procedure=sharers[-1]
            )


def _unused(folders: Sequence[Path]) -> Iterator[Finding]:
    """Faults that no procedure meets: adjustments of none, and shared files that none includes."""
    for name in set(reading.names(folders, "adjust")) - set(reading.names(folders, "procedures")):
        file = str(reading.find(folders, "adjust", name))
        yield Finding(
            file, "", f"there is no procedure {name!r} to adjust", "name the file after a procedure's id"
        )
    for name in reading.names(folders, "shared"):
        try:
            shared_file(folders, name)
        except FaultyFile as fault:
            yield from fault.findings


def _calendars(folders: Sequence[Path], today: date | None) -> Iterator[Finding]:
    for name in calendar_names(folders):
        file = str(reading.find(folders, "calendars", name))
        try:
            known = calendar(folders, name)
        except FaultyFile as fault:
            yield from fault.findings
            continue
        if today and known.last < today + _CALENDAR_REACH:
            problem = f"this calendar ends on {known.last}"
            mend = "compare the next year with the published bank holidays, then raise last_year"
            yield Finding(file, "last_year", problem, mend, blocks_sending=known.last < today)


def _file(folders: Sequence[Path], id: str) -> Path | None:
    return reading.find(folders, "procedures", id)
