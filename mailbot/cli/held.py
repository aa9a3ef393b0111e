"""Messages that mailbot could not decide: `held list`, and the two ways out, `held release` and `held set-aside`."""

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Connection

from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load, out, print_json
from mailbot.clock import system_clock
from mailbot.errors import MailbotError
from mailbot.flows import releasing
from mailbot.letters import words
from mailbot.store import holdings
from mailbot.store.database import open_store

held = typer.Typer(help="Messages that could not be read, and what becomes of them.", no_args_is_help=True)

_Id = Annotated[
    int, typer.Argument(metavar="NUMBER", help="the message's number, as `mailbot held list` gives it")
]
_By = Annotated[str, typer.Option("--by", help="who decides this; without it, your login name")]


def register(app: typer.Typer) -> None:
    app.add_typer(held, name="held")


@held.command("list")
def list_held(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """What is held now, with the place where it failed. Exits with 1 when there is any."""
    settings = load(config)
    with open_store(settings.database).read() as connection:
        rows = holdings.open_ones(connection)
    if as_json:
        for row in rows:
            print_json(row)
    else:
        table = Table("Message", "Mailbox", "Folder", "Received", "Alarm", "Fault", box=None, pad_edge=False)
        for row in rows:
            received = words.short_moment(row["received"], settings.zone)
            alarm = ("taken" if row["accepted"] else "OPEN") if row["urgent"] else "-"
            table.add_row(str(row["message"]), row["mailbox"], row["folder"], received, alarm, row["fault"])
        out.print(table if rows else "Nothing is held.")
    raise typer.Exit(1 if rows else 0)


@held.command()
def release(id: _Id, config: ConfigOption = DEFAULT_CONFIG, by: _By = "") -> None:
    """Let a message be read again by the next pass of `mailbot run`, its time of receipt as it was."""
    _end(config, id, lambda connection, now: releasing.release(connection, id, now, by or getpass.getuser()))
    out.print(f"Message {id} is read again by the next pass.")


@held.command("set-aside")
def set_aside(
    id: _Id,
    why: Annotated[str, typer.Option("--why", help="what was done about it, in a few words")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: _By = "",
) -> None:
    """Leave a message to whoever has seen to it; it stays kept."""
    _end(
        config,
        id,
        lambda connection, now: releasing.set_aside(
            connection, id, now, by or getpass.getuser(), why.strip()
        ),
    )
    out.print(f"Message {id} is set aside.")


def _end(config: Path, id: int, how: Callable[[Connection, datetime], str]) -> None:
    """Do it in a transaction of its own; the daemon may be running. Raises MailbotError when it cannot be done."""
    store = open_store(load(config).database)
    try:
        with store.write() as connection:
            refusal = how(connection, system_clock())
    except IndexError:
        refusal = f"there is no message {id}"
    finally:
        store.close()
    if refusal:
        raise MailbotError(refusal, "see `mailbot held list` for those that are held")
