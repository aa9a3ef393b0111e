"""Working days one after the other, each counted or with the reason why not, and the same in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from mailbot.casework.basis import Basis
from mailbot.casework.words import date_words, day_words

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    day: date
    number: int  # as counted so far
    off: str  # why it is not counted; empty for a day that is


def walk(day: date, amount: int, basis: Basis) -> Iterator[Step]:
    """Every day after `day`, up to the one that is counted as `amount`."""
    number, paused = 0, basis.paused_days()
    while number < amount:
        day += _DAY
        off = basis.calendar.day_off(day) or ("clock paused" if day in paused else "")
        number += not off
        yield Step(day, number, off)


def in_words(steps: Sequence[Step]) -> str:
    """Runs of days put together; the last day stands by itself, with the year."""
    *before, last = steps
    runs = [list(run) for _, run in groupby(before, key=lambda step: step.off)]
    return "; ".join([*map(_run_in_words, runs), f"day {last.number} = {date_words(last.day)}"])


def _run_in_words(run: list[Step]) -> str:
    first, last = run[0], run[-1]
    if not first.off:
        if first is last:
            return f"day {first.number} = {day_words(first.day)}"
        return f"day {first.number} = {day_words(first.day)} to day {last.number} = {day_words(last.day)}"
    reason = "not counted" if first.off == "weekend" else first.off
    if first is last:
        return f"{day_words(first.day)} {reason}"
    joint = ", " if len(run) == 2 else " to "
    return f"{day_words(first.day)}{joint}{day_words(last.day)} {reason}"
