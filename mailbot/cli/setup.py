"""Setting up: `init` writes a configuration from answers, `doctor` tries every part and says how to mend it."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from mailbot import shipped
from mailbot.assembly import folders, open_mailbox, open_parts, open_transport
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, load, out
from mailbot.clock import system_clock
from mailbot.errors import ConfigurationError, MailbotError
from mailbot.flows.dispatch import SENT, inbox_folder
from mailbot.flows.rulebook import Rulebook
from mailbot.letters.library import Letters
from mailbot.mailboxes.delivery import make_maildir
from mailbot.procedures.checking import check
from mailbot.settings import Settings

_IMAP = """kind = "imap"
host = "{host}"
port = 993
tls = "tls"                       # or "starttls"; certificates are always verified
user = "{address}"
password = {{ env = "MAILBOT_IMAP_PASSWORD" }}   # or {{ file = "..." }}, or {{ command = "..." }}"""
_MAILDIR = """kind = "maildir"
path = "{maildir}\""""
_SMTP = """kind = "smtp"
host = "{host}"
port = 587
tls = "starttls"
user = "{address}"
password = {{ env = "MAILBOT_SMTP_PASSWORD" }}"""
_FOLDER = """kind = "folder"                   # letters are written here as .eml; kind = "smtp" sends them
path = "letters\""""
_CONFIG = """# mailbot's configuration. Check it with: mailbot doctor

database = "sqlite:///mailbot.db"
signing_key = {{ file = "mailbot.key" }}  # keep it: our own letters are recognised by it

[organisation]
name = "{organisation}"
domain = "{domain}"
team = ["{team}"]
supervisors = ["{supervisor}"]
# border = "mx.{domain}"           # the name your own mail server puts in Authentication-Results

[organisation.contact]            # how to reach a person by other means than email
name = "{contact}"
phone = "{phone}"
post = "{post}"

[organisation.safeguarding]       # told at once, at any hour, when somebody may come to harm
first = ["{supervisor}"]
second = []

[[mailbox]]
name = "{procedure}"
address = "{address}"
procedure = "{procedure}"
mode = "observe"                  # then "draft", then "send"
go_live = {go_live}   # mail from before this moment is left alone

[mailbox.server]
{server}

[transport]
{transport}

[folders]
rules = "rules"                   # your own over the shipped ones: see docs/procedures.md
"""
_ADJUST = """# What your organisation has checked. `mailbot rules check` says what is still open;
# letters are sent only when a person has set verified_on for each contact that they name.

# [contact.ice]
# phone = "..."
# verified_on = 2026-01-31
"""


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(doctor)


def init(
    config: ConfigOption = DEFAULT_CONFIG,
    organisation: Annotated[str, typer.Option(prompt="Name of your organisation")] = "Our complaints team",
    address: Annotated[
        str, typer.Option(prompt="Address of the complaints mailbox")
    ] = "complaints@example.org",
    procedure: Annotated[
        str, typer.Option(prompt="Procedure (restart, ipes, council, fos, charity)")
    ] = "restart",
    team: Annotated[
        str, typer.Option(prompt="Address of the team, for questions and reminders")
    ] = "team@example.org",
    supervisor: Annotated[
        str, typer.Option(prompt="Address of a supervisor, for the digest")
    ] = "lead@example.org",
    contact: Annotated[str, typer.Option(prompt="Whom may complainants ask for")] = "The complaints team",
    phone: Annotated[str, typer.Option(prompt="Telephone number for complainants")] = "0300 000 0000",
    post: Annotated[
        str, typer.Option(prompt="Postal address for complainants")
    ] = "Complaints, 1 High Street, Anytown",
    host: Annotated[str, typer.Option(prompt="Mail server (empty: a Maildir on this machine)")] = "",
    maildir: Annotated[str, typer.Option(help="the Maildir, where there is no mail server")] = "mail",
) -> None:
    """Write mailbot.toml, a signing key and a place for your own rules; nothing that is there is overwritten."""
    _refuse_unknown(procedure, config.resolve().parent / "rules")
    answers = {
        "organisation": organisation,
        "address": address,
        "domain": address.rpartition("@")[2],
        "procedure": procedure,
        "team": team,
        "supervisor": supervisor,
        "contact": contact,
        "phone": phone,
        "post": post,
        "host": host,
        "maildir": maildir,
        "go_live": f"{system_clock():%Y-%m-%dT%H:%M:%SZ}",
    }
    _write_new(config, _configuration(answers))
    _write_beside(config.resolve().parent, answers)
    try:
        load(config)
    except ConfigurationError:
        config.unlink()  # an answer was not good: nothing half made is left in the way of the next try
        raise
    out.print(f"Written: {config}, mailbot.key, rules/adjust/{procedure}.toml", markup=False)
    out.print("Next: mailbot doctor, then mailbot run --once, then mailbot cases")


def _configuration(answers: dict[str, str]) -> str:
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in answers.items()}
    has_server = bool(answers["host"])
    server = (_IMAP if has_server else _MAILDIR).format(**quoted)
    transport = (_SMTP if has_server else _FOLDER).format(**quoted)
    return _CONFIG.format(server=server, transport=transport, **quoted)


def _write_beside(folder: Path, answers: dict[str, str]) -> None:
    """A signing key, a place for own rules and, where there is no mail server, a Maildir; what is there stays."""
    if not (key := folder / "mailbot.key").exists():
        _write_new(key, secrets.token_urlsafe(32) + "\n", mode=0o600)
    if not (adjust := folder / "rules" / "adjust" / f"{answers['procedure']}.toml").exists():
        _write_new(adjust, _ADJUST)
    if not answers["host"]:
        make_maildir(folder / answers["maildir"])


def _refuse_unknown(procedure: str, own: Path) -> None:
    """Raises ConfigurationError unless mailbot ships the procedure, or the organisation's own rules have it."""
    known = Rulebook([shipped.folder("rules"), *([own] if own.is_dir() else [])]).names()
    if procedure not in known:
        raise ConfigurationError(
            "option --procedure",
            f"{procedure!r} is not one of {', '.join(known)}",
            "take the nearest for now; docs/procedures.md says how to add one",
        )


def _write_new(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(mode)
            file.write(text)
    except FileExistsError:
        raise ConfigurationError(str(path), "is there already", "name another file with --config") from None


def doctor(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Try every part of the configuration, and say how to mend what does not work. Exits with 1 when something does not."""
    settings = load(config)
    checks: list[tuple[str, Callable[[], str]]] = [
        ("rules, letters, examples and database", lambda: _open(settings)),
        ("rules confirmed for sending", lambda: _confirmed(settings)),
        *((f"mailbox {box.name}", lambda box=box: _look(settings, box.name)) for box in settings.mailbox),
        ("way out", lambda: _way_out(settings)),
        ("who vouches for senders", lambda: _border(settings)),
    ]
    well = [_try(name, attempt) for name, attempt in checks]
    raise typer.Exit(0 if all(well) else 1)


def _try(name: str, attempt: Callable[[], str]) -> bool:
    try:
        out.print(f"ok    {name}: {attempt()}", markup=False)
    except MailbotError as error:
        told = str(error).removeprefix(f"{name}: ")
        out.print(f"LOOK  {name}: {told}", markup=False)
        return False
    return True


def _open(settings: Settings) -> str:
    parts = open_parts(settings)
    parts.store.close()
    return f"{len(parts.procedures.names())} procedures, {len(parts.letters.names())} letters"


def _confirmed(settings: Settings) -> str:
    """What mode "send" needs; no fault while no mailbox sends."""
    letters = Letters(folders(settings, "templates")).names()
    used = {box.procedure for box in settings.mailbox}
    sending = {box.procedure for box in settings.mailbox if box.mode == "send"}
    findings = check(folders(settings, "rules"), letters, system_clock().date())
    open_ = [finding for finding in findings if finding.blocks_sending and finding.procedure in used]
    if not open_:
        return "yes"
    if any(finding.procedure in sending for finding in open_):
        raise MailbotError(
            f'{len(open_)} facts are not confirmed, so mode "send" is refused', "mailbot rules check"
        )
    return f'{len(open_)} are not yet, and mode "send" needs them: see mailbot rules check'


def _look(settings: Settings, name: str) -> str:
    box = next(box for box in settings.mailbox if box.name == name)
    mailbox = open_mailbox(box)
    try:
        found = len(mailbox.listing(inbox_folder(box), None, None).keys)
        sent = len(mailbox.listing(SENT, None, None).keys)
    finally:
        mailbox.close()
    return f"{found} messages in {inbox_folder(box)}, {sent} in {SENT}; mode {box.mode}"


def _border(settings: Settings) -> str:
    border = settings.organisation.border
    return (
        border
        or "nobody: set organisation.border to the name that your mail server puts in Authentication-Results"
    )


def _way_out(settings: Settings) -> str:
    transport = open_transport(settings)
    try:
        transport.check()
    finally:
        transport.close()
    return f"{settings.transport.kind} answers"
