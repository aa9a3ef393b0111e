"""Running: `run` and `status`."""

import signal
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from mailbot.app import Service
from mailbot.assembly import alone, open_parts
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load, moment, out, print_json
from mailbot.clock import stopped_at, system_clock
from mailbot.errors import ConfigurationError
from mailbot.flows.examination import Examiner
from mailbot.flows.health import health
from mailbot.flows.parts import Work
from mailbot.store import cases, messages, outbox, views


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(status)


def run(
    config: ConfigOption = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="one pass of every job, then stop")] = False,
    at: Annotated[
        str | None, typer.Option("--at", metavar="ISO", help="with --once: as if it were that time")
    ] = None,
) -> None:
    """Watch the mailboxes and do the work: the daemon. Stop it with Ctrl-C or SIGTERM; it can also be killed."""
    settings = load(config)
    if at and not once:
        raise ConfigurationError("option --at", "goes only with --once", "add --once")
    pretended = moment(at, "--at", settings.zone)
    with alone(settings):
        clock = stopped_at(pretended) if pretended else system_clock
        service = Service(open_parts(settings), clock, Examiner())
        try:
            if once:
                if troubles := service.once():
                    raise typer.Exit(_say(troubles))
                return
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: service.stop())
            service.run()
        finally:
            service.close()


def _say(troubles: list[str]) -> int:
    for trouble in troubles:
        typer.echo(f"mailbot: {trouble}", err=True)
    return 1


def status(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Is it alive and well? Exits with 1 when something needs a person."""
    parts = open_parts(load(config))
    now = system_clock()
    with parts.store.read() as connection:
        signs = health(Work(parts, connection, now))
        numbers = {
            "cases": cases.count(connection),
            "messages": messages.counts(connection),
            "letters": outbox.counts(connection),
            "questions": len(views.open_tasks(connection)),
            "promises_running": len(views.running_deadlines(connection)),
        }
    well = all(sign.ok for sign in signs)
    if as_json:
        print_json({"ok": well, "at": now, "signs": [sign.as_fact() for sign in signs], **numbers})
    else:
        _show(signs, numbers, now)
    raise typer.Exit(0 if well else 1)


def _show(signs: list[Any], numbers: dict[str, Any], now: datetime) -> None:
    table = Table("", "Sign", "State", box=None, pad_edge=False)
    for sign in signs:
        table.add_row("ok" if sign.ok else "LOOK", sign.name, sign.state)
    out.print(table)
    states = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in numbers["messages"].items())
    out.print(
        f"\ncases: {numbers['cases']}, promises running: {numbers['promises_running']}, "
        f"questions for people: {numbers['questions']}; messages: {states or 'none'}  ({now:%Y-%m-%d %H:%M} UTC)"
    )
