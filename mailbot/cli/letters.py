"""The words: `letters list`, `letters preview`, `letters check`, and `digest --preview`."""

from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_parts
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, data_folders, load, out
from mailbot.clock import system_clock
from mailbot.errors import RuleError
from mailbot.flows.digest import digest_facts
from mailbot.flows.parts import Work
from mailbot.letters.library import Letters, Rendered

letters = typer.Typer(help="See and check the letters.", no_args_is_help=True)
HtmlOption = Annotated[Path | None, typer.Option("--html", help="write the HTML part to this file")]


def register(app: typer.Typer) -> None:
    app.add_typer(letters, name="letters")
    app.command()(digest)


@letters.command("list")
def list_letters(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Every letter, with its reader and when it is sent."""
    shelf = Letters(data_folders(config, "templates"))
    for name in shelf.names():
        head = shelf.head(name)
        out.print(f"{name:24} {head.audience.value:12} {head.about}", markup=False)


@letters.command()
def preview(name: str, config: ConfigOption = DEFAULT_CONFIG, html: HtmlOption = None) -> None:
    """One letter with sample facts, as its reader gets it."""
    shelf = Letters(data_folders(config, "templates"))
    if name not in shelf.names():
        raise RuleError(f"there is no letter {name!r}", "see `mailbot letters list`")
    _show(shelf.preview(name), html)


@letters.command("check")
def check_letters(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """What a careful reader would object to. Exits with 1 when there is something."""
    found = Letters(data_folders(config, "templates")).check()
    for finding in found:
        out.print(f"{finding.level.value}: {finding.where}: {finding.problem}", markup=False)
    if not found:
        out.print("Every letter is in order.")
    raise typer.Exit(1 if found else 0)


def digest(
    config: ConfigOption = DEFAULT_CONFIG,
    as_preview: Annotated[bool, typer.Option("--preview", help="show it; nothing is sent")] = True,  # noqa: ARG001
    html: HtmlOption = None,
) -> None:
    """The digest as it would be now; nothing is sent."""
    parts = open_parts(load(config))
    with parts.store.read() as connection:
        facts = digest_facts(Work(parts, connection, system_clock()))
    _show(parts.letters.render("digest", facts), html)


def _show(letter: Rendered, html: Path | None) -> None:
    if html:
        html.write_text(letter.html, encoding="utf-8")
        out.print(f"written to {html}", markup=False)
        return
    out.print(f"Subject: {letter.subject}\n", markup=False)
    out.print(letter.text, markup=False)
