"""From a kept message to a decision: read, screened, threaded, classified, and written down in one transaction.

Killed at any line and started again, it does the rest: a message is either as it was or wholly decided.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy.exc import DataError, DBAPIError

from mailbot.classify.verdict import Evidence
from mailbot.flows import arrival, sent
from mailbot.flows.evidence import evidence
from mailbot.flows.examination import NoReader
from mailbot.flows.holding import hold
from mailbot.flows.judging import judge
from mailbot.flows.parts import Parts, Work
from mailbot.flows.reading import Reading, read
from mailbot.flows.threading import Match, find
from mailbot.mail.references import cited_ids, references_in
from mailbot.mail.screen import CaseAction
from mailbot.settings import MailboxSettings
from mailbot.store import messages
from mailbot.store.database import Row

_BATCH = 50


def triage(
    parts: Parts, box: MailboxSettings, now: datetime, between: Callable[[], object] = lambda: None
) -> int:
    """Decide every kept message of a mailbox, and what its team sent, in the order of arrival; how many there were.

    What a person lets go or sorts anew in one of them is decided in the same pass. `between` is called after each batch
    of a backlog, so that the first letters need not wait for the last message.
    """
    done = 0
    while True:
        with parts.store.read() as connection:
            rows = messages.waiting(connection, box.name, _BATCH)
        if not rows:
            return done
        looked = [(row["direction"], row["id"], _look(parts, box, row)) for row in rows]
        with parts.store.write() as connection:
            work = Work(parts, connection, now)
            for direction, run in groupby(looked, key=lambda one: one[0]):
                readings = _readable(work, run)
                if direction == "sent":
                    _take_in(work, readings)
                else:
                    _decide_all(work, box, readings)
        done += len(rows)
        if len(rows) == _BATCH:
            between()


def _look(parts: Parts, box: MailboxSettings, row: Row) -> Reading | Exception:
    """A message as read, or what kept it from being read. In no transaction: a slow one keeps nobody from writing."""
    try:
        return read(parts, box, row)
    except NoReader:
        raise  # says nothing of the message: it is read by the next tick
    except Exception as error:
        return error


def _readable(work: Work, looked: Iterable[tuple[str, int, Reading | Exception]]) -> list[Reading]:
    """What could be read; the rest is held."""
    readings = []
    for _, id, reading in looked:
        if isinstance(reading, Exception):
            hold(work, id, reading)
        else:
            readings.append(reading)
    return readings


def _take_in(work: Work, readings: Sequence[Reading]) -> None:
    for reading in readings:
        with _held_if_it_fails(work, reading.id):
            sent.take_in(replace(work, seen={}), reading)


def _decide_all(work: Work, box: MailboxSettings, readings: Sequence[Reading]) -> None:
    for group in independent(readings, work.parts.prefixes):
        _decide(replace(work, seen={}), box, group)


def independent(readings: Sequence[Reading], prefixes: Iterable[str]) -> Iterator[list[Reading]]:
    """Runs of messages that can be judged together: no earlier one of a run can matter to a later one.

    A message that answers another, or may name a case, begins a run; so does the second one of a sender.
    """
    group: list[Reading] = []
    senders: set[str] = set()
    for reading in readings:
        message = reading.message
        named = reading.partner or cited_ids(message) or references_in(message.subject, prefixes)
        if group and (named or reading.sender in senders):
            yield group
            group, senders = [], set()
        group.append(reading)
        senders.add(reading.sender)
    if group:
        yield group


def _decide(work: Work, box: MailboxSettings, group: Sequence[Reading]) -> None:
    """One vectorised prediction for the group, then each message by itself."""
    matched: list[tuple[Reading, Match]] = []
    questions: dict[int, Evidence] = {}
    for reading in group:
        with _held_if_it_fails(work, reading.id, reading.words):
            match = find(work, reading.message, reading.writer)
            if reading.said or reading.screening.case_action is CaseAction.OPEN_OR_ADD:
                questions[reading.id] = evidence(work, reading, box, match)
            matched.append((reading, match))
    verdicts = judge(work.parts.classifier, questions)
    for reading, match in matched:
        alone = replace(work, seen={}, mail={str(reading.id): reading.message})
        with _held_if_it_fails(work, reading.id, reading.words):
            arrival.arrive(alone, box, reading, match, questions.get(reading.id), verdicts.get(reading.id))


@contextmanager
def _held_if_it_fails(work: Work, id: int, said: str | None = None) -> Iterator[None]:
    """A savepoint for one message: a bad one is held with a reason and never takes its neighbours with it.

    `said` is what it says, as far as it has been read.
    """
    try:
        with work.connection.begin_nested():
            yield
    except Exception as error:  # the one place that catches everything: the bytes are safe
        if isinstance(error, DBAPIError) and not isinstance(error, DataError):
            raise  # the store is away: everything stays as it was for the next tick
        hold(work, id, error, said)
