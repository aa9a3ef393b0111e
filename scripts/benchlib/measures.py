"""The three measurements; each answers rows for the table and numbers for the JSON line."""

import contextlib
import random
import statistics
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchlib.arena import Arena
from benchlib.contestants import Contestant
from benchlib.workload import TO, make
from mailbot.mail.kinds import OurMail
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.screen import screen

CONTESTANTS = (Contestant("floor"), Contestant("mailbot"))
_PATIENCE = 600.0  # seconds
Figures = dict[str, float]


def drain(arena: Arena, count: int, run: int) -> dict[str, Figures]:
    """A backlog of `count` messages waits; seconds from the start of the process to the last answer that is owed."""
    mail = make(count, f"drain-{run}")
    owed = {one.sender for one in mail if one.opens}
    figures = {}
    for contestant in _in_turn(run):
        place = arena.fresh()
        arena.deliver(place, mail)
        started = time.monotonic()
        with contestant.running(place) as process:
            answers = sorted(_answers(arena, process, owed).values())
        whole, first = answers[-1] - started, answers[0] - started
        figures[contestant.name] = {"s": whole, "first_s": first, "per_s": count / whole}
    return figures


def latency(arena: Arena, samples: int, run: int) -> dict[str, Figures]:
    """The daemon waits; milliseconds from a message lying in the mailbox to its answer at the next server."""
    mail = make(2 * samples + 20, f"latency-{run}")
    opening = [one for one in mail if one.opens][: samples + 1]
    figures = {}
    for contestant in _in_turn(run):
        place, taken = arena.fresh(), []
        with contestant.running(place) as process:
            for number, one in enumerate(opening):
                arena.deliver(place, [one])
                delivered = time.monotonic()
                answered = _answers(arena, process, {one.sender})[one.sender]
                if number:  # the first one waits for the start of the process
                    taken.append(1000 * (answered - delivered))
                time.sleep(random.uniform(0.6, 1.4))
        figures[contestant.name] = {"ms": statistics.median(taken), "worst_ms": max(taken)}
    return figures


def reading(corpus: Path) -> dict[str, Figures]:
    """Parse and screen, message by message; milliseconds, each the best of five."""
    made = [one.raw for one in make(200, "reading")]
    odd = [file.read_bytes() for file in sorted(corpus.glob("*.eml"))]
    ours = OurMail(frozenset({TO}), Signer(b"k" * 32, "desk.test"))
    now = datetime.now(UTC)

    def read(raw: bytes) -> None:
        screen(parse(raw, now), ours)

    return {name: _spread(read, raws) for name, raws in (("made", made), ("odd", odd)) if raws}


def _answers(arena: Arena, process: subprocess.Popen[bytes], owed: set[str]) -> dict[str, float]:
    """When each was answered; TimeoutError when that takes too long or the process has ended."""
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(TimeoutError):
            return arena.sink.wait_for(owed, 2)
    return arena.sink.wait_for(owed, 0)


def _spread(act: Callable[[bytes], None], raws: list[bytes]) -> Figures:
    times = sorted(min(_timed(act, raw) for _ in range(5)) for raw in raws)
    return {
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * len(times))],
        "worst_ms": times[-1],
    }


def _timed(act: Callable[[bytes], None], raw: bytes) -> float:
    started = time.perf_counter()
    act(raw)
    return 1000 * (time.perf_counter() - started)


def _in_turn(run: int) -> tuple[Contestant, ...]:
    """Now the one first, now the other: neither gets the warmer machine."""
    return CONTESTANTS if run % 2 else CONTESTANTS[::-1]
