"""What time it is, in one place: every other room is handed its times."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present moment as an aware datetime."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def stopped_at(moment: datetime) -> Clock:
    """A clock that always says `moment` (for `--at`, the demo and tests)."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware time, such as 2026-05-01T09:00:00+01:00")
    return lambda: moment
