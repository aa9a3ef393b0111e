"""Looking at cases: the board, and the chronology of one."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from mailbot.casework.case import Case, Deadline, DeadlineState
from mailbot.casework.record import Event, plain
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load, out, print_json
from mailbot.cli.story import event_in_words
from mailbot.errors import MailbotError
from mailbot.letters import words
from mailbot.settings import Settings
from mailbot.store import cases as store_cases
from mailbot.store import messages, outbox, views
from mailbot.store.database import open_store

_ENDED = ("closed", "withdrawn", "resolved_informally", "merged")


def register(app: typer.Typer) -> None:
    app.command("cases")(board)
    app.command("case")(one)


def board(
    config: ConfigOption = DEFAULT_CONFIG,
    all_cases: Annotated[bool, typer.Option("--all", help="ended cases too")] = False,
    as_json: JsonOption = False,
) -> None:
    """The board: every open case, where it stands and what is due next."""
    settings = load(config)
    with open_store(settings.database).read() as connection:
        rows = [row for row in views.board(connection) if all_cases or row["state"] not in _ENDED]
    if as_json:
        for row in rows:
            print_json(dict(row))
        return
    table = Table(
        "Case", "Procedure", "Stage", "State", "Received", "Next due", "Questions", box=None, pad_edge=False
    )
    for row in rows:
        due = words.short_moment(row["next_due"], settings.zone) if row["next_due"] else "-"
        table.add_row(
            row["ref"],
            row["procedure"],
            row["stage"],
            row["stage_state"].replace("_", " "),
            words.short_moment(row["received"], settings.zone),
            due,
            str(row["questions"] or "-"),
        )
    out.print(table if rows else "No open cases.")


def one(
    ref: Annotated[str, typer.Argument(help="the case's reference, such as RST-000001-X")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """One case: its parties, its promises with how they were counted, and all that happened."""
    settings = load(config)
    with open_store(settings.database).read() as connection:
        try:
            case = store_cases.load(connection, ref.upper())
        except KeyError:
            raise MailbotError(
                f"there is no case {ref}", "see `mailbot cases --all` for those there are"
            ) from None
        events = store_cases.events_of(connection, case.ref)
        letters = outbox.of_case(connection, case.ref)
        mail = messages.of_case(connection, case.ref)
    if as_json:
        print_json(_as_data(case, events, letters, mail))
    else:
        for line in chronology(case, events, settings):
            out.print(line, markup=False)


def _as_data(case: Case, events: list[Event], letters: list[Any], mail: list[Any]) -> dict[str, Any]:
    letter_keys = (
        "id",
        "letter",
        "recipient",
        "state",
        "answer",
        "created",
        "sent",
        "message_id",
        "audience",
    )
    mail_keys = ("id", "received", "direction", "state", "label", "kind", "matched", "message_id", "defects")
    known = asdict(case)
    return known | {
        "events": [
            {"number": event.number, "kind": event.kind, "cause": event.cause, "fact": plain(event.fact)}
            for event in events
        ],
        "letters": [{key: row[key] for key in letter_keys} for row in letters],
        "messages": [{key: row[key] for key in mail_keys} for row in mail],
    }


def chronology(case: Case, events: list[Event], settings: Settings) -> Iterator[str]:
    """The case as lines of text: who, what was promised and how that was counted, what happened, what is asked."""
    yield f"{case.ref}  {case.procedure} ({case.version})  {case.state.value}"
    if case.refers_to:
        yield f"  quotes {case.refers_to}, to which its sender is not a party"
    if case.merged_into:
        yield f"  goes on as {case.merged_into}"
    if case.split_from:
        yield f"  split from {case.split_from}"
    yield "\nParties"
    for party in case.parties:
        yield f"  {party.role.value.replace('_', ' ')}: {party.name or 'no name given'} <{party.id}>"
    yield "\nPromises"
    for deadline in case.deadlines:
        yield from _promise(deadline, settings)
    for window in case.windows:
        end = words.long_date(window.ends.astimezone(settings.zone).date()) if window.ends else "no end given"
        yield f"  {window.id}: may go on to {window.to} until {end} ({window.kind})"
    yield from _beside(case, settings)
    yield "\nWhat happened"
    for event in events:
        when = words.short_moment(getattr(event.fact, "at", event.recorded), settings.zone)
        yield f"  {event.number:>3} {when:<18} {event_in_words(event)}  [{event.cause}]"
    questions = [task for task in case.tasks if task.done_at is None]
    if questions:
        yield "\nWaiting for a person"
        for task in questions:
            yield f"  {task.kind.replace('_', ' ')}: {task.reason}"


def _beside(case: Case, settings: Settings) -> Iterator[str]:
    """What stands still, what is complained of, how far a partner has come, and money."""
    for pause in case.pauses:
        until = words.short_moment(pause.ended, settings.zone) if pause.ended else "now"
        since = words.short_moment(pause.started, settings.zone)
        yield f"  {pause.instance}: {pause.state.replace('_', ' ')} from {since} until {until}"
    for issue in case.issues:
        found = issue.outcome.replace("_", " ") or (
            f"for {issue.answered_by}" if issue.answered_by else "open"
        )
        yield f"  point {issue.id}: {issue.point} ({found})"
    for matter in case.proceedings:
        since = words.short_moment(matter.since, settings.zone)
        yield f"  {matter.id}: {' '.join(filter(None, (matter.step, matter.outcome))).replace('_', ' ')} since {since}"
    for money in case.sums:
        yield f"  £{money.pounds:,} ({money.id}), recorded by {money.recorded_by}"


def _promise(deadline: Deadline, settings: Settings) -> Iterator[str]:
    state = deadline.state.value + (", late" if deadline.late else "")
    if deadline.state is DeadlineState.MET and deadline.met_at:
        state += f" {words.short_moment(deadline.met_at, settings.zone)} ({deadline.met_by})"
    yield f"  {deadline.id}: {words.long_moment(deadline.due, settings.zone)}, {state} ({deadline.kind})"
    yield f"      counted: {deadline.count}"
    if deadline.gross_due:
        yield f"      without standing still: {words.long_moment(deadline.gross_due, settings.zone)}"
    yield f"      source: {deadline.source}"
