"""Every date that follows from a message at a stage, for people to read and check."""

from collections.abc import Sequence
from datetime import date, datetime

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.counting import Due, due, window_end
from mailbot.casework.procedure import ClockRule, Procedure, WindowRule
from mailbot.errors import RuleError

Shown = dict[str, str]
"""A date as shown: at (ISO with offset), date, kind, source, count."""


def stage_names(procedure: Procedure) -> list[str]:
    """What `all_dates` takes as `stage`: the stages, and each request of each desk, such as "ice_draft_report"."""
    return list(_rules(procedure))


def all_dates(
    procedure: Procedure,
    calendar: WorkingCalendar,
    stage: str,
    received: datetime,
    responded: date | None = None,
    stated: date | None = None,
    case_closed: date | None = None,
    event: date | None = None,
) -> dict[str, Shown | None]:
    """The six dates; None where the procedure has none, or what it is counted from is not given.

    `received` is aware; the others are aware times or local dates. Raises RuleError for a stage that the procedure
    does not have, and CalendarEnds (a RuleError) for a date beyond the calendar.
    """
    rules = _rules(procedure)
    if stage not in rules:
        raise RuleError(f"procedure {procedure.id} has no stage {stage!r}", f"use one of {', '.join(rules)}")
    clocks, windows = rules[stage]
    moments = {
        "received": received,
        "case_received": received,
        "responded": responded,
        "case_closed": case_closed,
        "event": event,
    }

    def by(name: str) -> Due | None:
        rule = next((clock for clock in clocks if clock.name == name), None)
        # A clock that starts with the acknowledgement has no date before there is one.
        if rule is None or moments.get(rule.counted_from) is None:
            return None
        return due(rule, received, calendar, procedure.timezone, stated)

    def until(name: str) -> Due | None:
        rule = next((window for window in windows if window.name == name), None)
        return window_end(rule, moments, calendar, procedure.timezone) if rule else None

    respond = by("respond")
    return {
        "acknowledge_by": _shown(by("acknowledge")),
        "respond_by": _shown(respond),
        "respond_target": _shown(respond and respond.target),
        "escalate_until": _shown(until("escalate")),
        "eight_weeks_end": _shown(until("eight_weeks")),
        "raise_by": _shown(until("raise")),
    }


_Rules = tuple[Sequence[ClockRule], Sequence[WindowRule]]


def _rules(procedure: Procedure) -> dict[str, _Rules]:
    """The clocks and windows of each stage and of each desk's requests."""
    stages: dict[str, _Rules] = {stage.id: (stage.clocks, stage.windows) for stage in procedure.stages}
    for desk in procedure.desks.values():
        stages |= {f"{desk.id}_{request}": (clocks, ()) for request, clocks in desk.clocks.items()}
    return stages


def _shown(when: Due | None) -> Shown | None:
    if when is None:
        return None
    return {
        "at": when.at.isoformat(),
        "date": when.date.isoformat(),
        "kind": when.kind.value,
        "source": when.source,
        "count": when.count,
    }
