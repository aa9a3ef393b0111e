"""The rules: `deadlines`, `rules check` and `rules diff`."""

from datetime import datetime
from typing import Annotated, Any

import typer

from mailbot.casework.dates import all_dates
from mailbot.cli.common import (
    DEFAULT_CONFIG,
    LONDON,
    ConfigOption,
    JsonOption,
    data_folders,
    day,
    moment,
    out,
    print_json,
)
from mailbot.clock import system_clock
from mailbot.letters.library import Letters
from mailbot.procedures.calendars import calendar
from mailbot.procedures.changes import diff
from mailbot.procedures.checking import check
from mailbot.procedures.history import load

_TITLES = {
    "acknowledge_by": "Acknowledge by",
    "respond_target": "Aim to respond by",
    "respond_by": "Respond by",
    "escalate_until": "May go further until",
    "eight_weeks_end": "Eight weeks end",
    "raise_by": "Raise by",
}

rules = typer.Typer(help="Check the rules, and see what a new version changes.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(deadlines)
    app.add_typer(rules, name="rules")


def _event(text: str | None, option: str) -> Any:
    """A moment or a plain day, as it was typed."""
    return moment(text, option) if text and "T" in text else day(text, option)


def deadlines(
    procedure: Annotated[
        str, typer.Option("--procedure", help="restart, ipes, council, fos, charity, or your own")
    ],
    stage: Annotated[
        str,
        typer.Option(
            "--stage",
            help="1, 2, 3, complaint, ice_correspondence, ice_papers_request, "
            "ice_draft_report, contribution_request",
        ),
    ],
    received: Annotated[str, typer.Option("--received", metavar="ISO", help="when the message came")],
    responded: Annotated[
        str | None, typer.Option("--responded", metavar="ISO", help="when the answer was sent")
    ] = None,
    stated: Annotated[
        str | None, typer.Option("--stated", metavar="DATE", help="the date a partner asks for")
    ] = None,
    case_closed: Annotated[str | None, typer.Option("--case-closed", metavar="DATE")] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="DATE", help="what the complaint is about")
    ] = None,
    calendar_name: Annotated[str | None, typer.Option("--calendar", metavar="NAME")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """The dates that follow from a message, each with how it was counted and where the rule stands."""
    folders = data_folders(config, "rules")
    came = moment(received, "--received")
    assert isinstance(came, datetime)
    version = load(folders, procedure).on(came.astimezone(LONDON).date())
    dates = all_dates(
        version,
        calendar(folders, calendar_name or version.calendar),
        stage,
        came,
        responded=_event(responded, "--responded"),
        stated=day(stated, "--stated"),
        case_closed=_event(case_closed, "--case-closed"),
        event=_event(event, "--event"),
    )
    if as_json:
        print_json(dates)
        return
    for key, title in _TITLES.items():
        shown = dates[key]
        out.print(f"{title}: " + (f"{shown['at']} ({shown['kind']})" if shown else "-"), markup=False)
        if shown:
            out.print(f"    counted: {shown['count']}\n    source: {shown['source']}", markup=False)


@rules.command("check")
def check_rules(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Check every procedure and calendar. Exits with 1 when something is wrong or still blocks sending."""
    letters = Letters(data_folders(config, "templates")).names()
    findings = check(data_folders(config, "rules"), letters, system_clock().date())
    for finding in findings:
        if as_json:
            print_json(
                {
                    "file": finding.file,
                    "key": finding.key,
                    "line": finding.line,
                    "problem": finding.problem,
                    "mend": finding.mend,
                    "blocks_sending": finding.blocks_sending,
                }
            )
        else:
            out.print(f"{'BLOCKS SENDING' if finding.blocks_sending else 'note'}: {finding}", markup=False)
            if finding.mend:
                out.print(f"    to mend it: {finding.mend}", markup=False)
    if not findings and not as_json:
        out.print("Every rule is in order.")
    raise typer.Exit(1 if findings else 0)


@rules.command("diff")
def diff_rules(
    procedure: Annotated[str, typer.Argument(help="the procedure's id")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """What each version of a procedure changed."""
    for line in diff(load(data_folders(config, "rules"), procedure)):
        out.print(line, markup=False)
