"""The demo told to somebody who sees mailbot for the first time, and what it leaves behind to open."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo
from email import message_from_bytes, policy
from html import escape
from itertools import groupby

from mailbot.casework.case import Deadline
from mailbot.casework.facts import Acknowledged, DuePassed
from mailbot.casework.record import Event
from mailbot.cli.demo.play import Fortnight, Happened
from mailbot.cli.story import event_in_words
from mailbot.letters import words
from mailbot.mail.parse import parse
from mailbot.store import cases, messages, outbox
from mailbot.store.database import Row

_INDENT = " " * 20


def tell(happened: Happened, zone: tzinfo) -> Iterator[str]:
    """The lines of one pass: what came, what it was taken for, what followed, what was written to whom."""
    for step, row in happened.steps:
        yield f"\n{words.short_moment(step.at, zone):<18}  {step.story}"
        if row["state"] == messages.SET_ASIDE:
            yield f"{_INDENT}set aside: {row['reason']}"
        elif row["state"] == messages.FILED and not _is_in(happened, row):
            yield f"{_INDENT}{row['case_ref']}: filed ({row['reason'] or row['matched']})"
    if not happened.steps:
        yield f"\n{words.short_moment(happened.at, zone):<18}  Time passes."
    for ref, event in happened.events:
        if not isinstance(event.fact, Acknowledged):
            yield from _event(ref, event, zone)
    for row in happened.letters:
        yield f"{_INDENT}wrote to {row['recipient']}: {_subject(row)}"


def _is_in(happened: Happened, row: Row) -> bool:
    return any(ref == row["case_ref"] for ref, _ in happened.events)


def _event(ref: str, event: Event, zone: tzinfo) -> Iterator[str]:
    yield f"{_INDENT}{ref}: {event_in_words(event)}"
    if not isinstance(event.fact, DuePassed):
        for deadline in event.changes.deadlines:
            if deadline.state == "running":
                yield from _promise(deadline, zone)


def _promise(deadline: Deadline, zone: tzinfo) -> Iterator[str]:
    yield f"{_INDENT}  promise: {deadline.name.replace('_', ' ')} by {words.long_moment(deadline.due, zone)}"
    if "holiday" in deadline.count:
        yield f"{_INDENT}    counted: {deadline.count}"


def _subject(row: Row) -> str:
    return parse(outbox.letter_of(row)).subject


def leave_behind(fortnight: Fortnight) -> None:
    """Every letter as .eml and .html under a name that people can read, and a page that lists them."""
    folder = fortnight.folder / "letters"
    folder.mkdir(exist_ok=True)
    with fortnight.parts.store.read() as connection:
        rows = [row for row in outbox.everything(connection) if row["sent"]]
    entries = []
    for number, row in enumerate(rows, 1):
        name = _file_name(number, row)
        raw = outbox.letter_of(row)
        (folder / f"{name}.eml").write_bytes(raw)
        page = message_from_bytes(raw, policy=policy.default).get_body(("html",))
        (folder / f"{name}.html").write_text(str(page.get_content()) if page else "", encoding="utf-8")
        entries.append((row, name, _subject(row)))
    (fortnight.folder / "index.html").write_text(_index(entries, fortnight.scenario.zone), encoding="utf-8")


def _file_name(number: int, row: Row) -> str:
    to = re.sub(r"[^a-z0-9.]+", "-", row["recipient"].partition("@")[0])
    return f"{number:03}-{row['letter']}-to-{to}"


def _index(entries: list[tuple[Row, str, str]], zone: tzinfo) -> str:
    lines = []
    for day, of_day in groupby(entries, key=lambda entry: entry[0]["sent"].astimezone(zone).date()):
        lines.append(f"<h2>{words.long_date(day)}</h2><ul>")
        for row, name, subject in of_day:
            at = words.time_of_day(row["sent"], zone)
            link = f'<a href="letters/{name}.html">{escape(subject)}</a>'
            lines.append(f"<li>{at} to {escape(row['recipient'])}: {link}</li>")
        lines.append("</ul>")
    body = "\n".join(lines)
    style = "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    return (
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>mailbot demo</title>'
        f"<style>{style}</style><h1>Everything that mailbot sent in the fortnight</h1>{body}</html>"
    )


def summary(fortnight: Fortnight) -> Iterator[str]:
    """What the fortnight came to, and where to look."""
    with fortnight.parts.store.read() as connection:
        mail = messages.everything(connection)
        refs = cases.find(connection)
        wrong = list(cases.check(connection))
        letters = Counter(row["audience"] for row in outbox.everything(connection) if row["sent"])
    states = Counter(row["state"] for row in mail if row["direction"] == "in")
    labels = Counter(row["label"] for row in mail if row["label"])
    yield "\n" + "-" * 100
    yield (
        f"{sum(states.values())} messages came in: {states['filed']} filed on {len(refs)} cases, "
        f"{states['set_aside']} set aside, {states['held']} held."
    )
    yield "Taken for: " + ", ".join(
        f"{number} {label.replace('_', ' ')}" for label, number in labels.most_common()
    )
    yield f"{letters['external']} letters went out, and {letters['staff']} reminders, questions and digests."
    yield f"Every case rebuilt from its events gives the same rows: {'yes' if not wrong else '; '.join(wrong)}"
    yield f"Open {fortnight.folder}/index.html to read everything that was sent (.eml and .html in letters/)."
