"""The parts at work: one pass of every job, or the daemon that runs them for ever."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from traceback import format_tb

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from mailbot.assembly import open_mailbox, open_transport
from mailbot.clock import Clock, system_clock
from mailbot.errors import MailbotError, MailboxUnavailable, TransportUnavailable
from mailbot.flows.collect import collect
from mailbot.flows.digest import send_digest
from mailbot.flows.dispatch import SENT, dispatch, file_copies, inbox_folder, recover
from mailbot.flows.examination import Examiner
from mailbot.flows.parts import Parts
from mailbot.flows.recount import recount
from mailbot.flows.remind import remind
from mailbot.flows.timers import pass_time
from mailbot.flows.triage import triage
from mailbot.settings import MailboxSettings
from mailbot.store import views

_TICK_SECONDS = 20
_LAST_LETTER_SECONDS = 3.0
_log = structlog.get_logger()


class Service:
    """Every job over every mailbox. Each mailbox is watched by a thread of its own, and one more thread sends."""

    def __init__(self, parts: Parts, clock: Clock = system_clock, examiner: Examiner | None = None) -> None:
        self.parts = replace(parts, examine=examiner) if examiner else parts
        self._examiner = examiner
        self._clock = clock
        self._transport = open_transport(parts.settings)
        self._mailboxes = {box.name: open_mailbox(box) for box in parts.settings.mailbox}
        self._owed = threading.Event()  # a letter may be waiting
        self._stop = threading.Event()

    def once(self) -> list[str]:
        """One pass of every job; what could not be done, in words."""
        self._begin()
        jobs: dict[str, Callable[[], object]] = {
            f"collect {box.name}": partial(self._take_in, box, self._try_to_send)
            for box in self.parts.settings.mailbox
        }
        troubles = [self._attempt(job, do) for job, do in jobs.items()]
        # Acknowledgements leave before anybody is told that they are missing.
        troubles += [self._try_to_send(), *self._tick(), self._try_to_send()]
        return list(dict.fromkeys(filter(None, troubles)))

    def run(self) -> None:
        """Watch and tick until `stop` is called."""
        self._begin()
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(
            self._tick_and_send,
            "interval",
            seconds=_TICK_SECONDS,
            next_run_time=datetime.now().astimezone(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        watchers = [
            threading.Thread(target=self._watch, args=(box,), name=f"watch {box.name}")
            for box in self.parts.settings.mailbox
        ]
        # A server that takes minutes over one letter must not keep the program from ending: that letter is unknown then.
        sender = threading.Thread(target=self._send_what_is_owed, name="send", daemon=True)
        scheduler.start()
        for thread in (sender, *watchers):
            thread.start()
        self._stop.wait()
        self._owed.set()
        for mailbox in self._mailboxes.values():
            mailbox.interrupt()
        for watcher in watchers:
            watcher.join()
        scheduler.shutdown()
        sender.join(_LAST_LETTER_SECONDS)

    def _begin(self) -> None:
        """What another life of this program has left: letters half sent, dates by an older calendar."""
        recover(self.parts, self._clock())
        recount(self.parts, self._clock())

    def stop(self) -> None:
        """End `run` soon; what is being done is finished."""
        self._stop.set()

    def close(self) -> None:
        for mailbox in self._mailboxes.values():
            mailbox.close()
        self._transport.close()
        if self._examiner is not None:
            self._examiner.close()
        self.parts.store.close()

    def _watch(self, box: MailboxSettings) -> None:
        """Look, then wait for a hint or for the next poll; a mailbox that is away makes the wait its backoff."""
        while not self._stop.is_set():
            self._attempt(f"collect {box.name}", partial(self._take_in, box, self._owed.set))
            self._owed.set()
            self._mailboxes[box.name].wait(box.poll_seconds)

    def _send_what_is_owed(self) -> None:
        """Send when there may be something; a slow mail server holds up nobody's intake."""
        while not self._stop.is_set():
            self._owed.wait()
            self._owed.clear()
            self._try_to_send()

    def _take_in(self, box: MailboxSettings, between: Callable[[], object]) -> None:
        """Keep what is new, and decide; what is kept already is decided even while the mailbox is away."""
        mailbox = self._mailboxes[box.name]
        try:
            collect(self.parts, box, mailbox, inbox_folder(box), "in", self._clock())
            collect(self.parts, box, mailbox, SENT, "sent", self._clock())
        finally:
            triage(self.parts, box, self._clock(), between)

    def _tick(self) -> list[str]:
        """What time brings, each by itself, so that one fault does not keep the others from being done."""
        now = self._clock()
        jobs: dict[str, Callable[[], object]] = {
            "timers": partial(pass_time, self.parts, now),
            "reminders": partial(remind, self.parts, now),
            "digest": partial(send_digest, self.parts, now),
        }
        return [self._attempt(job, do) for job, do in jobs.items()]

    def _tick_and_send(self) -> None:
        self._tick()
        self._owed.set()

    def _try_to_send(self) -> str:
        return self._attempt("send", self._send)

    def _send(self) -> None:
        dispatch(self.parts, self._transport, self._mailboxes, self._clock, self._stop.is_set)
        for box in self.parts.settings.mailbox:
            file_copies(self.parts, box, self._mailboxes[box.name])

    def _attempt(self, job: str, do: Callable[[], object]) -> str:
        """Do a job; what stopped it is logged, noted for `status` and tried again later. Nothing ends a watcher."""
        try:
            trouble = _trouble(job, do)
            with self.parts.store.write() as connection:
                views.beat(connection, job, self._clock(), trouble)
        except SQLAlchemyError as error:
            _log.error("the database is away", job=job, error=type(error).__name__)
            trouble = "the database cannot be written to now"
        return trouble


def _trouble(job: str, do: Callable[[], object]) -> str:
    """Do a job; what stopped it, in words that quote no message, "" when nothing did."""
    try:
        do()
    except (MailboxUnavailable, TransportUnavailable) as error:
        _log.warning("cannot now", job=job, reason=error.problem)
        return error.problem
    except MailbotError as error:
        _log.error("cannot", job=job, reason=str(error))
        return error.problem
    except Exception as error:
        # Its text could quote a message; where it came from cannot.
        where = "".join(format_tb(error.__traceback__))
        _log.error("a fault of mailbot's own", job=job, error=type(error).__name__, where=where)
        return f"a fault of mailbot's own ({type(error).__name__}): see the log"
    return ""
