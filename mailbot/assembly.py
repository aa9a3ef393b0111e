"""Opening every room from the settings, and refusing what would go wrong later."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailbot import shipped
from mailbot.classify.classifier import load as load_classifier
from mailbot.classify.safeguarding import load_detector
from mailbot.clock import system_clock
from mailbot.errors import ConfigurationError, MailbotError
from mailbot.flows.learning import learned_folder
from mailbot.flows.parts import Parts
from mailbot.flows.rulebook import Rulebook
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
    learned = learned_folder(settings.cache)
    return [*written_examples(settings), *([learned] if learned.is_dir() else [])]


def written_examples(settings: Settings) -> list[Path]:
    """The shipped examples, and those that the organisation has written."""
    given = [folder / "message_kind" for folder in folders(settings, "classifiers")]
    if not given[-1].is_dir():
        raise ConfigurationError(
            "key folders.classifiers", f"there is no folder {given[-1]}", "your examples belong there"
        )
    return given


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
