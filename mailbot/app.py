"""The parts put together: one pass of every job, or the daemon that runs them for ever."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from traceback import format_tb

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from mailbot import shipped
from mailbot.classify.classifier import load as load_classifier
from mailbot.classify.safeguarding import load_detector
from mailbot.clock import Clock, system_clock
from mailbot.errors import ConfigurationError, MailbotError, MailboxUnavailable, TransportUnavailable
from mailbot.flows.collect import collect
from mailbot.flows.digest import send_digest
from mailbot.flows.dispatch import SENT, dispatch, file_copies, inbox_folder, recover
from mailbot.flows.examination import Examiner
from mailbot.flows.learning import learned_folder
from mailbot.flows.parts import Parts
from mailbot.flows.recount import recount
from mailbot.flows.remind import remind
from mailbot.flows.rulebook import Rulebook
from mailbot.flows.timers import pass_time
from mailbot.flows.triage import triage
from mailbot.letters.library import Letters
from mailbot.mail.references import Signer
from mailbot.mailboxes.imap import ImapMailbox
from mailbot.mailboxes.maildir import MaildirMailbox
from mailbot.mailboxes.protocol import Mailbox
from mailbot.procedures.checking import check
from mailbot.settings import ImapServer, LetterFolder, MailboxSettings, Settings
from mailbot.store import views
from mailbot.store.database import Store, open_store
from mailbot.transports.folder import FolderTransport
from mailbot.transports.protocol import Transport
from mailbot.transports.smtp import SmtpTransport

_TICK_SECONDS = 20
_log = structlog.get_logger()


def folders(settings: Settings, name: str) -> list[Path]:
    """The shipped folder and, over it, the organisation's own."""
    own: Path | None = getattr(settings.folders, name)
    if own is not None and not own.is_dir():
        raise ConfigurationError(f"key folders.{name}", f"there is no folder {own}")
    return [shipped.folder(name), *([own] if own else [])]


def open_parts(settings: Settings) -> Parts:
    """Open every room. Raises ConfigurationError or RuleError before anything has been touched."""
    procedures = Rulebook(folders(settings, "rules"))
    for box in settings.mailbox:
        if box.procedure not in procedures.names():
            known = ", ".join(procedures.names())
            raise ConfigurationError(
                f"mailbox {box.name}, key procedure", f"{box.procedure!r} is not one of {known}"
            )
    letters = Letters(folders(settings, "templates"))
    _refuse_unconfirmed(settings, letters)
    key = settings.signing_key.read("key signing_key").encode()
    if len(key) < 16:
        raise ConfigurationError("key signing_key", "the key is too short", "use at least 16 characters")
    examples, *own_examples = example_folders(settings)
    store = open_store(settings.database)
    _refuse_orphans(settings, store)
    return Parts(
        settings=settings,
        store=store,
        procedures=procedures,
        letters=letters,
        classifier=load_classifier(examples, settings.cache, own_examples),
        detector=load_detector(shipped.folder("classifiers") / "safeguarding"),
        signer=Signer(key, settings.organisation.domain),
    )


def example_folders(settings: Settings) -> list[Path]:
    """The shipped examples, the organisation's own, and what people have taught and a trial has taken."""
    given = [folder / "message_kind" for folder in folders(settings, "classifiers")]
    learned = learned_folder(settings.cache)
    return [*given, *([learned] if learned.is_dir() else [])]


def _refuse_unconfirmed(settings: Settings, letters: Letters) -> None:
    """Letters may give people only telephone numbers and addresses that a person has checked."""
    sending = {box.procedure for box in settings.mailbox if box.mode == "send"}
    if not sending:
        return
    for finding in check(folders(settings, "rules"), letters.names(), system_clock().date()):
        if finding.blocks_sending and finding.procedure in sending:
            raise ConfigurationError(
                f'mode "send" for {finding.procedure}', f"{finding.key}: {finding.problem}", finding.mend
            )


def _refuse_orphans(settings: Settings, store: Store) -> None:
    """A case that is open belongs to a mailbox that is watched, or its people would wait for ever."""
    with store.read() as connection:
        left = views.mailboxes_with_open_cases(connection) - {box.name for box in settings.mailbox}
    if left:
        raise ConfigurationError(
            "key mailbox",
            f"cases are open in {', '.join(sorted(left))}, which the configuration no longer has",
            'put it back (with mode = "observe" if nothing should be sent), or close its cases first',
        )


def open_mailbox(box: MailboxSettings) -> Mailbox:
    server = box.server
    if not isinstance(server, ImapServer):
        return MaildirMailbox(box.name, server.path, server.filing)
    return ImapMailbox(
        name=box.name,
        host=server.host,
        port=server.port,
        tls=server.tls,
        user=server.user,
        password=lambda: server.password.read(f"mailbox {box.name}, key password"),
        ca_file=server.ca_file,
        folder=server.folder,
        sent_folder=server.sent_folder,
        drafts_folder=server.drafts_folder,
        filing=server.filing,
        filed_folder=server.filed_folder,
        poll_seconds=box.poll_seconds,
    )


def open_transport(settings: Settings) -> Transport:
    way = settings.transport
    if isinstance(way, LetterFolder):
        return FolderTransport(way.path)
    secret = way.password
    password = (lambda: secret.read("key transport.password")) if secret else None
    return SmtpTransport(way.host, way.port, way.tls, way.user, password, way.ca_file)


class Service:
    """Every job over every mailbox. Each mailbox is watched by a thread of its own; sending is done by one at a time."""

    def __init__(self, parts: Parts, clock: Clock = system_clock, examiner: Examiner | None = None) -> None:
        self.parts = replace(parts, examine=examiner) if examiner else parts
        self._examiner = examiner
        self._clock = clock
        self._transport = open_transport(parts.settings)
        self._mailboxes = {box.name: open_mailbox(box) for box in parts.settings.mailbox}
        self._sending = threading.Lock()
        self._stop = threading.Event()

    def once(self) -> list[str]:
        """One pass of every job; what could not be done, in words."""
        self._begin()
        jobs: dict[str, Callable[[], object]] = {
            f"collect {box.name}": partial(self._take_in, box) for box in self.parts.settings.mailbox
        }
        # Acknowledgements leave before anybody is told that they are missing.
        jobs["send"] = self._send
        troubles = [self._attempt(job, do) for job, do in jobs.items()]
        return list(dict.fromkeys(filter(None, (*troubles, *self._tick()))))

    def run(self) -> None:
        """Watch and tick until `stop` is called."""
        self._begin()
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(
            self._tick,
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
        scheduler.start()
        for watcher in watchers:
            watcher.start()
        self._stop.wait()
        for mailbox in self._mailboxes.values():
            mailbox.interrupt()
        for watcher in watchers:
            watcher.join()
        scheduler.shutdown()

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
            self._attempt(f"collect {box.name}", partial(self._take_in, box))
            self._attempt("send", self._send)
            self._mailboxes[box.name].wait(box.poll_seconds)

    def _take_in(self, box: MailboxSettings) -> None:
        """Keep what is new, and decide; what is kept already is decided even while the mailbox is away."""
        mailbox = self._mailboxes[box.name]
        try:
            collect(self.parts, box, mailbox, inbox_folder(box), "in", self._clock())
            collect(self.parts, box, mailbox, SENT, "sent", self._clock())
        finally:
            triage(self.parts, box, self._clock(), between=lambda: self._attempt("send", self._send))

    def _tick(self) -> list[str]:
        """What time brings, each by itself, so that one fault does not keep the others from being done."""
        now = self._clock()
        jobs: dict[str, Callable[[], object]] = {
            "timers": partial(pass_time, self.parts, now),
            "reminders": partial(remind, self.parts, now),
            "digest": partial(send_digest, self.parts, now),
            "send": self._send,
        }
        return [self._attempt(job, do) for job, do in jobs.items()]

    def _send(self) -> None:
        with self._sending:
            dispatch(self.parts, self._transport, self._mailboxes, self._clock)
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


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the database for this process: two daemons on one SQLite file would answer people twice."""
    if not settings.database.startswith("sqlite:///"):
        yield
        return
    path = Path(settings.database.removeprefix("sqlite:///") + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise MailbotError(
                f"another mailbot is running on {settings.database}", "stop it first (systemctl stop mailbot)"
            ) from None
        yield
