"""`sort`: what a person says a message is, for those at the machine that runs mailbot."""

import getpass
from typing import Annotated

import typer

from mailbot.assembly import open_parts
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, load, out
from mailbot.clock import system_clock
from mailbot.errors import MailbotError
from mailbot.flows import sorting
from mailbot.flows.commands import LABELS, read
from mailbot.flows.parts import Work


def register(app: typer.Typer) -> None:
    app.command("sort")(sort)


def sort(
    id: Annotated[int, typer.Argument(metavar="NUMBER", help="the message's number, as the digest gives it")],
    word: Annotated[str, typer.Argument(metavar="WORD", help=f"what it is: {', '.join(LABELS)}")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: Annotated[str, typer.Option("--by", help="who says so; without it, your login name")] = "",
) -> None:
    """Say what a message is that was taken for something else; it becomes that, and teaches the classifier."""
    command, _ = read(word) or (None, "")
    if command not in LABELS:
        raise MailbotError(f"{word!r} does not say what a message is", f"use one of {', '.join(LABELS)}")
    parts = open_parts(load(config))
    try:
        with parts.store.write() as connection:
            now = system_clock()
            work = Work(parts, connection, now)
            told = sorting.sort(work, id, LABELS[command], now, by or getpass.getuser())
    except sorting.CannotSort as refusal:
        raise MailbotError(str(refusal), "the digest and `mailbot case REF` give the numbers") from None
    finally:
        parts.store.close()
    out.print(f"{told[0].upper()}{told[1:]}.", markup=False)
