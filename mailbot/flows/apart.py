"""Many cases in one transaction, so that one which fails never holds up the others."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError

from mailbot.errors import place_of
from mailbot.flows.parts import Work

_log = structlog.get_logger()


@contextmanager
def apart(work: Work, job: str, ref: str) -> Iterator[None]:
    """A savepoint for what `job` does on one case: a fault takes it back and is logged; the next tick tries again."""
    try:
        with work.connection.begin_nested():
            yield
    except DBAPIError:
        raise  # the store is away: everything stays as it was for the next tick
    except Exception as error:
        work.seen.pop(ref, None)  # it may hold what was just taken back
        _log.error("left out", job=job, case=ref, fault=place_of(error))
