"""Rules to procedures and working calendars, validated with file and line."""

from mailbot.procedures.calendars import calendar, calendar_names
from mailbot.procedures.changes import diff
from mailbot.procedures.checking import check
from mailbot.procedures.history import History, load, load_all
from mailbot.procedures.reading import FaultyFile, Finding

__all__ = [
    "FaultyFile",
    "Finding",
    "History",
    "calendar",
    "calendar_names",
    "check",
    "diff",
    "load",
    "load_all",
]
