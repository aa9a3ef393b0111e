"""Whether the parts of one procedure fit together: every name that it mentions exists."""

from collections import Counter
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from mailbot.casework.procedure import ClockRule, Procedure

Fault = tuple[str, str]
"""A place in words, such as "stage 1, next", and what is wrong there with what is allowed."""


def faults(procedure: Procedure) -> list[Fault]:
    return [fault for check in _CHECKS for fault in check(procedure)]


def _stages_are_told_apart(procedure: Procedure) -> Iterator[Fault]:
    for name, times in Counter(stage.id for stage in procedure.stages).items():
        if times > 1:
            yield f"stage {name}, id", f"there are {times} stages with this id; each needs one of its own"


def _ways_lead_somewhere(procedure: Procedure) -> Iterator[Fault]:
    known = [stage.id for stage in procedure.stages]
    for stage in procedure.stages:
        ways = [("next", stage.next), *((f"window {window.name}, to", window.to) for window in stage.windows)]
        for key, to in ways:
            if to and to not in known and not to.startswith("external:"):
                yield (
                    f"stage {stage.id}, {key}",
                    f"there is no stage {to!r}; allowed: {', '.join(known)}, external:<body>",
                )


def _every_stage_is_acknowledged(procedure: Procedure) -> Iterator[Fault]:
    for stage in procedure.stages:
        if procedure.settings["house_acknowledgement"] and stage.clock("acknowledge") is None:
            yield (
                f"stage {stage.id}, clock",
                'there is no clock "acknowledge"; without a published one give kind = "house"',
            )


def _targets_come_first(procedure: Procedure) -> Iterator[Fault]:
    for place, clock in _clocks(procedure):
        target, within = clock.target, clock.within
        if target and within and target.unit == within.unit and target.amount >= within.amount:
            yield f"{place}, target", "the target must be shorter than the limit"


def _mentions_exist(procedure: Procedure) -> Iterator[Fault]:
    redirects = [redirect.id for redirect in procedure.redirects]
    for exclusion in procedure.exclusions:
        if exclusion.redirect not in redirects:
            yield (
                f"exclusion {exclusion.topic}, redirect",
                f"no redirect {exclusion.redirect!r}; allowed: {', '.join(redirects)}",
            )
    for partner in procedure.partners.values():
        if partner.desk not in procedure.desks:
            yield (
                f"partner {partner.id}, desk",
                f"no desk {partner.desk!r}; allowed: {', '.join(procedure.desks)}",
            )


def _zone_exists(procedure: Procedure) -> Iterator[Fault]:
    try:
        ZoneInfo(procedure.timezone)
    except (KeyError, ValueError, OSError):
        yield "timezone", f"no time zone {procedure.timezone!r}; use a name such as Europe/London"


def _clocks(procedure: Procedure) -> Iterator[tuple[str, ClockRule]]:
    for stage in procedure.stages:
        yield from ((f"stage {stage.id}, clock {clock.name}", clock) for clock in stage.clocks)
    for desk in procedure.desks.values():
        for request, clocks in desk.clocks.items():
            yield from ((f"desk {desk.id}, {request}, clock {clock.name}", clock) for clock in clocks)


_CHECKS: tuple[Callable[[Procedure], Iterator[Fault]], ...] = (
    _stages_are_told_apart,
    _ways_lead_somewhere,
    _every_stage_is_acknowledged,
    _targets_come_first,
    _mentions_exist,
    _zone_exists,
)
