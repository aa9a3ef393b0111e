"""The store: `db check` proves that every case is what its events make of it, `db upgrade` brings the tables up to date."""

from typing import Annotated

import typer

from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, load, out
from mailbot.store import cases
from mailbot.store.database import open_store

db = typer.Typer(help="Check the store and bring it up to date.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(db, name="db")


@db.command()
def check(
    config: ConfigOption = DEFAULT_CONFIG,
    mend: Annotated[bool, typer.Option("--mend", help="write rows that differ anew from the events")] = False,
) -> None:
    """Rebuild every case from its events and compare; check every chain. Exits with 1 when something differs."""
    store = open_store(load(config).database)
    try:
        with store.read() as connection:
            number = cases.count(connection)
            wrong = list(cases.check(connection))
        if mend and wrong:
            with store.write() as connection:
                for ref in cases.find(connection):
                    cases.rebuild(connection, ref)
                wrong = list(cases.check(connection))
    finally:
        store.close()
    for finding in wrong:
        out.print(finding, markup=False)
    out.print(
        f"{number} cases: "
        + ("every one is what its events make of it" if not wrong else f"{len(wrong)} findings")
    )
    raise typer.Exit(1 if wrong else 0)


@db.command()
def upgrade(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Bring the tables to what this version of mailbot needs; every start does so too."""
    open_store(load(config).database).close()
    out.print("The tables are up to date.")
