"""When a promise falls due and when a window ends, each with the count that led to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from mailbot.casework.basis import Basis, Counted, Stop
from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.periods import count
from mailbot.casework.procedure import ClockRule, Kind, Period, WindowRule
from mailbot.casework.words import date_words, moment_words

_BEGUN = {
    "received": "received",
    "case_received": "complaint received",
    "acknowledged": "acknowledged",
    "responded": "response sent",
    "event": "event",
    "case_closed": "case closed",
}


@dataclass(frozen=True)
class Pause:
    """A time in which clocks that name `state` stand still; `ended` is None while they still do."""

    state: str  # the side state, such as "awaiting_authority"
    started: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Due:
    """The last moment in time (aware, local offset), with the rule's kind and source and the count in words."""

    at: datetime
    kind: Kind
    source: str
    count: str
    target: "Due | None" = None  # the earlier date aimed at, where the rule has one
    doubts: tuple[str, ...] = ()  # what a person should look at, such as a stated date that has passed

    @property
    def date(self) -> date:
        return self.at.date()


def due(
    rule: ClockRule,
    starts: datetime,
    calendar: WorkingCalendar,
    timezone: str | tzinfo,
    stated: date | None = None,
    pauses: Sequence[Pause] = (),
) -> Due | None:
    """The due time of `rule` counted from `starts` (aware: the moment that `rule.counted_from` names).

    `stated` is the date, or the aware time, by which a partner asks; only rules with `earlier_stated` heed it.
    Pauses count where the rule names their state. None means that there is no date: the clock stands still now,
    or the rule has no period of its own and no date was stated. Raises CalendarEnds beyond the calendar.
    """
    halts = [pause for pause in pauses if pause.state in rule.pauses_for]
    stops = tuple(Stop(pause.started, pause.ended) for pause in halts if pause.ended)
    if len(stops) < len(halts):
        return None
    basis = Basis(calendar, _zone(timezone), rule.convention, _BEGUN[rule.counted_from], stops)
    limit = _limit(rule, starts, basis)
    if not (stated and rule.earlier_stated):
        return limit
    return _with_stated(rule, basis.local(starts), stated, limit, basis)


def window_end(
    rule: WindowRule,
    moments: Mapping[str, date | None],
    calendar: WorkingCalendar,
    timezone: str | tzinfo,
) -> Due | None:
    """The last moment of a window; `moments` holds what has happened: "responded", "case_received", "event", "case_closed".

    Each moment is an aware datetime or a local date. None means that the window has no end, or has not begun.
    """
    starts = moments.get(rule.counted_from)
    if rule.within is None or starts is None:
        return None
    basis = Basis(calendar, _zone(timezone), rule.convention, _BEGUN[rule.counted_from])
    counted = _counted_after_post(rule.within, starts, basis)
    if rule.or_until:
        until = moments.get(rule.or_until)
        if until is None and rule.no_end_before:
            return None
        counted = _or_until(counted, until, _BEGUN[rule.or_until], basis)
    return _due(rule, counted)


def _limit(rule: ClockRule, starts: datetime, basis: Basis) -> Due | None:
    """The rule's own date with its target, if it has one."""
    if rule.within is None:
        return None
    limit = _due(rule, count(rule.within, starts, basis))
    if rule.target is None:
        return limit
    target = _due(rule, count(rule.target, starts, basis))
    return replace(target if rule.convention.limit_at_target else limit, target=target)


def _with_stated(rule: ClockRule, starts: date, stated: date, limit: Due | None, basis: Basis) -> Due | None:
    """The earlier of the stated date and the rule's; a stated date that cannot set it leaves a doubt instead."""
    at = basis.end_of(basis.local(stated))
    said = f"they state {moment_words(basis.local(stated))}"
    if at < starts:
        doubt = f"{said}, which is before receipt, so it is not used"
        return limit and replace(limit, count=f"{limit.count}; {doubt}", doubts=(doubt,))
    own = _due(rule, Counted(at, f"received {moment_words(starts)}; {said}"))
    if limit is None:
        return own
    if at <= limit.at:
        return replace(own, count=f"{own.count}, earlier than or the same as our own count ({limit.count})")
    doubt = f"{said}, later than the {date_words(limit.date)} that the rule allows"
    kept = own if rule.convention.stated_wins else limit
    return replace(kept, count=f"{limit.count}; {doubt}", doubts=(doubt,))


def _counted_after_post(period: Period, starts: date, basis: Basis) -> Counted:
    """A response counts as received `post_days` after it was sent; by email that is the same day."""
    post = basis.convention.post_days
    if basis.begun != _BEGUN["responded"] or not post:
        return count(period, starts, basis)
    received = basis.day_of(starts) + timedelta(days=post)
    after = count(period, received, replace(basis, begun="counts as received"))
    return Counted(after.at, f"{basis.begun} {moment_words(basis.local(starts))}; {after.words}")


def _or_until(counted: Counted, until: date | None, event: str, basis: Basis) -> Counted:
    """The later of the counted end and the day of the event, which is inclusive."""
    if until is None:
        return counted
    at = basis.end_of(basis.day_of(until))
    if at <= counted.at:
        return Counted(counted.at, f"{counted.words}; {event} {date_words(at)} is no later")
    return Counted(at, f"{counted.words}; {event} {date_words(at)} is later, so it counts")


def _due(rule: ClockRule | WindowRule, counted: Counted) -> Due:
    kind = rule.kind
    if kind is Kind.AIM and rule.convention.aims_as_commitments:
        kind = Kind.COMMITMENT
    return Due(counted.at, kind, rule.source, counted.words)


def _zone(timezone: str | tzinfo) -> tzinfo:
    return ZoneInfo(timezone) if isinstance(timezone, str) else timezone
