"""The configuration: one `mailbot.toml`, checked in full before anything starts; secrets come from elsewhere."""

import os
import subprocess
import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mailbot.errors import ConfigurationError

Mode = Literal["observe", "draft", "send"]
Tls = Literal["tls", "starttls", "none"]
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Secret(_Section):
    """Where a secret is: an environment variable, a file, or what a command prints. Never the secret itself."""

    env: str | None = None
    file: Path | None = None
    command: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Secret":
        if sum(source is not None for source in (self.env, self.file, self.command)) != 1:
            raise ValueError("say exactly one of env, file, command")
        return self

    def read(self, where: str) -> str:
        """The secret as it is now; `where` names the key for the error."""
        try:
            if self.env is not None:
                return os.environ[self.env]
            if self.file is not None:
                return self.file.read_text(encoding="utf-8").strip()
            done = subprocess.run(
                str(self.command), shell=True, check=True, capture_output=True, text=True, timeout=60
            )
            return done.stdout.strip()
        except KeyError:
            problem = f"the environment variable {self.env} is not set"
            raise ConfigurationError(where, problem, f"set {self.env} before starting mailbot") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(where, f"cannot read {self.file}: {error}") from error
        except subprocess.SubprocessError as error:
            # The command's words may hold the secret: say only that it failed.
            raise ConfigurationError(where, f"the command failed ({type(error).__name__})") from None


class _Server(_Section):
    """A server that asks for a name and a password; clear text only inside this machine."""

    host: str
    port: int = Field(ge=1, le=65535)
    tls: Tls = "tls"
    user: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _no_clear_text_over_the_network(self) -> "_Server":
        if self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError('tls = "none" is allowed only for a server on this machine (127.0.0.1)')
        return self


class ImapServer(_Server):
    kind: Literal["imap"]
    user: str
    password: Secret
    folder: str = "INBOX"
    sent_folder: str | None = None  # None: the one that the server calls \Sent
    drafts_folder: str | None = None
    filing: Literal["keyword", "move", "none"] = "keyword"
    filed_folder: str = "mailbot"


class MaildirFolder(_Section):
    kind: Literal["maildir"]
    path: Path
    filing: Literal["none", "move"] = "none"


class Form(_Section):
    """A web form that writes to the mailbox for other people."""

    address: str  # in its From
    body_field: str | None = (
        None  # the label before the person's address in the text; None: it is in Reply-To
    )


class MailboxSettings(_Section):
    """One watched mailbox: its address, the procedure it follows, and where its mail is."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
    address: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    aliases: tuple[str, ...] = ()
    list_ids: tuple[str, ...] = ()  # ids of our own lists in front of this mailbox
    form: tuple[Form, ...] = ()
    procedure: str
    mode: Mode = "observe"
    go_live: datetime
    poll_seconds: float = Field(default=120, ge=0.2, le=3600)
    keep_sent_copy: bool = True
    verp: bool = (
        False  # the mail server delivers local+anything@ to this mailbox too: bounces come back there
    )
    team: tuple[str, ...] = ()  # who gets reminders and questions; empty: the organisation's team
    server: ImapServer | MaildirFolder = Field(discriminator="kind")

    @field_validator("go_live")
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("needs an offset, such as 2026-11-01T00:00:00Z")
        return value


class SmtpServer(_Server):
    kind: Literal["smtp"]


class LetterFolder(_Section):
    """Letters are written here as .eml instead of being sent."""

    kind: Literal["folder"]
    path: Path


class Contact(_Section):
    """Whom a complainant can reach by other means than email."""

    name: str
    phone: str
    post: str
    email: str | None = None


class Safeguarding(_Section):
    """Who is told at once, at any hour; the second when nobody has accepted after `second_after_minutes`."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    second_after_minutes: int = Field(default=15, ge=1, le=240)


class Organisation(_Section):
    name: str
    domain: str  # in the Message-IDs of our letters
    timezone: str = "Europe/London"
    team: tuple[str, ...] = Field(min_length=1)
    supervisors: tuple[str, ...] = Field(min_length=1)
    contact: Contact
    safeguarding: Safeguarding = Safeguarding()
    border: str | None = None  # authserv-id of the mail server whose Authentication-Results we trust
    welsh: bool = True
    digest_at: time = time(7, 30)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not a time zone; try Europe/London") from None
        return value


class Limits(_Section):
    """How many automatic letters may go out: loops end here. The last one delays, the others withhold."""

    too_quick_seconds: int = Field(
        default=60, ge=0, le=600
    )  # after our letter: no person has read it and typed
    per_sender_day: int = Field(default=4, ge=1)
    per_domain_hour: int = Field(default=20, ge=1)
    per_freemail_domain_hour: int = Field(default=200, ge=1)
    per_mailbox_ten_minutes: int = Field(default=120, ge=1)


class Folders(_Section):
    """The organisation's own words, rules and examples, laid over those that mailbot ships."""

    templates: Path | None = None
    rules: Path | None = None
    classifiers: Path | None = None


class Settings(_Section):
    organisation: Organisation
    database: str = "sqlite:///mailbot.db"
    signing_key: Secret
    cache: Path = Path("cache")
    checked_of_100: int = Field(
        default=5, ge=0, le=100
    )  # sure answers of the classifier that a person checks
    mailbox: tuple[MailboxSettings, ...] = Field(min_length=1)
    transport: SmtpServer | LetterFolder = Field(discriminator="kind")
    limits: Limits = Limits()
    folders: Folders = Folders()

    @model_validator(mode="after")
    def _names_and_addresses_are_unique(self) -> "Settings":
        for what in ("name", "address"):
            values = [getattr(box, what).lower() for box in self.mailbox]
            if doubled := {value for value in values if values.count(value) > 1}:
                raise ValueError(f"two mailboxes have the {what} {', '.join(sorted(doubled))}")
        return self

    @model_validator(mode="after")
    def _bounce_addresses_are_in_our_domain(self) -> "Settings":
        for box in self.mailbox:
            if box.verp and box.address.rpartition("@")[2].lower() != self.organisation.domain.lower():
                raise ValueError(
                    f"verp of mailbox {box.name} needs an address in the organisation's domain {self.organisation.domain}"
                )
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.organisation.timezone)

    @property
    def staff(self) -> frozenset[str]:
        """Every address whose holder may answer mailbot's questions, in lower case."""
        org = self.organisation
        lists = (org.team, org.supervisors, org.safeguarding.first, org.safeguarding.second)
        return frozenset(
            address.lower() for group in (*lists, *(box.team for box in self.mailbox)) for address in group
        )

    def team_of(self, box: MailboxSettings) -> tuple[str, ...]:
        return box.team or self.organisation.team


def load(path: Path) -> Settings:
    """The settings in `path`; relative paths in it start from its folder. Raises ConfigurationError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            str(path), "there is no such file", "run `mailbot init`, or name yours with --config"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(str(path), f"cannot be read as TOML: {error}") from error
    try:
        return Settings.model_validate(_paths_from(path.resolve().parent, data))
    except ValidationError as error:
        raise _explained(path, error) from None


def _paths_from(base: Path, data: Any, key: str = "") -> Any:
    """`data` with relative paths made absolute, so that mailbot runs from any folder."""
    if isinstance(data, dict):
        return {name: _paths_from(base, value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_paths_from(base, value, key) for value in data]
    if isinstance(data, str) and key in (
        "path",
        "file",
        "ca_file",
        "cache",
        "templates",
        "rules",
        "classifiers",
    ):
        return str(base / data)
    if key == "database" and isinstance(data, str) and data.startswith("sqlite:///") and data[10:11] != "/":
        return f"sqlite:///{base / data[10:]}"
    return data


def _explained(path: Path, error: ValidationError) -> ConfigurationError:
    """The first fault in words, with its key; the others are counted."""
    # A list whose items are wrong is called too short as well: that is not a second fault.
    faults = [fault for fault in error.errors() if not (fault["type"] == "too_short" and fault["input"])]
    first = faults[0]
    key = ".".join(str(part) for part in first["loc"]) or "(whole file)"
    more = f" ({len(faults) - 1} more after this one)" if len(faults) > 1 else ""
    mend = (
        "remove it, or see the README for the names that are known"
        if first["type"] == "extra_forbidden"
        else ""
    )
    return ConfigurationError(f"{path}, key {key}", first["msg"].removeprefix("Value error, ") + more, mend)
