"""What commands share: the configuration option, times as people type them, and output as text or JSON."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from mailbot import settings, shipped
from mailbot.errors import ConfigurationError, MailbotError

DEFAULT_CONFIG = Path("mailbot.toml")
LONDON = ZoneInfo("Europe/London")
CACHE = Path.home() / ".cache" / "mailbot"
"""Where the trained classifier is kept by commands that work without a configuration."""

ConfigOption = Annotated[
    Path, typer.Option("--config", help="the configuration file", envvar="MAILBOT_CONFIG", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON, for programs")]

# Tables keep their width in a pipe or a file, where nobody can widen the window.
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 140)


def load(config: Path) -> settings.Settings:
    return settings.load(config)


def data_folders(config: Path, name: str) -> list[Path]:
    """The shipped folder `name` and the organisation's own over it; without a configuration, the shipped one."""
    if not config.exists() and config == DEFAULT_CONFIG:
        return [shipped.folder(name)]
    own = getattr(load(config).folders, name)
    return [shipped.folder(name), *([own] if own else [])]


def moment(text: str | None, option: str, zone: ZoneInfo = LONDON) -> datetime | None:
    """An ISO time as an aware datetime; one without an offset is local time, as people mean it."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"option {option}",
            f"{text!r} is not an ISO time",
            "write it like 2026-05-01T17:40 or 2026-05-01T17:40+01:00",
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=zone)


def day(text: str | None, option: str) -> date | None:
    """An ISO date, or the date of an ISO time."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ConfigurationError(
            f"option {option}", f"{text!r} is not a date", "write it like 2026-05-01"
        ) from None


def print_json(value: Any) -> None:
    """One line of UTF-8 JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MailbotError(f"{path} cannot be read: {error.strerror}", "name .eml or .jsonl files") from None
