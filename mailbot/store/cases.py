"""Cases: events appended and chained, rows that mirror them, and the questions that flows ask."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mailbot.casework.case import Case
from mailbot.casework.changes import Changes, follow
from mailbot.casework.facts import Fact
from mailbot.casework.record import FIRST_LINK, Event, body_of, event_from, link, plain
from mailbot.store.case_tables import CASE_ROWS, case, event, party
from mailbot.store.database import put, put_new
from mailbot.store.tables import counter


def next_number(connection: Connection, prefix: str) -> int:
    """The next free case number of a procedure; the transaction holds it."""
    last = connection.scalar(select(counter.c.last).where(counter.c.name == prefix).with_for_update())
    put(connection, counter, [{"name": prefix, "last": (last or 0) + 1}])
    return (last or 0) + 1


def open_case(connection: Connection, new: Case) -> None:
    """Write down a case to which nothing has happened yet."""
    put_new(connection, case, _case_row(new, FIRST_LINK))


def load(connection: Connection, ref: str) -> Case:
    """The case as its events make it. Raises KeyError when there is none."""
    loaded = unbegun(connection, ref)
    for happened in events_of(connection, ref):
        loaded = follow(loaded, happened.changes)
    return loaded


def unbegun(connection: Connection, ref: str) -> Case:
    """The case before its first event. Raises KeyError when there is none."""
    row = connection.execute(select(case).where(case.c.ref == ref)).mappings().first()
    if row is None:
        raise KeyError(ref)
    return Case(
        ref=ref,
        procedure=row["procedure"],
        version=row["version"],
        mailbox=row["mailbox"],
        received=row["received"],
        refers_to=row["refers_to"],
    )


def record(
    connection: Connection, before: Case, fact: Fact, changes: Changes, cause: str, now: datetime
) -> Case:
    """Append an event, with all that follows from it, and bring the rows up to date; the case as it is then."""
    after = follow(before, changes)
    happened = Event(number=after.events, recorded=now, cause=cause, fact=fact, changes=changes)
    previous = connection.scalar(select(case.c.head).where(case.c.ref == before.ref)) or FIRST_LINK
    body = body_of(happened)
    seal = link(previous, body)
    row = {"case_ref": before.ref, "number": happened.number, "kind": happened.kind, "recorded": now}
    row |= {"cause": cause, "body": body, "previous": previous, "hash": seal}
    connection.execute(event.insert().values(**row))
    put(connection, case, [_case_row(after, seal)])
    for field, table in CASE_ROWS.items():
        put(connection, table, _rows(before.ref, getattr(changes, field)))
    for gone in changes.removed:
        table = CASE_ROWS[gone.rows]
        connection.execute(table.delete().where(table.c.case_ref == before.ref, table.c.id == gone.id))
    return after


def events_of(connection: Connection, ref: str) -> list[Event]:
    query = select(event.c.body).where(event.c.case_ref == ref).order_by(event.c.number)
    return [event_from(body) for body in connection.scalars(query)]


def find(connection: Connection, **conditions: Any) -> list[str]:
    """References of cases whose row has these values, in order of reference."""
    query = select(case.c.ref)
    for name, value in conditions.items():
        query = query.where(case.c[name] == value)
    return list(connection.scalars(query.order_by(case.c.ref)))


def of_party(connection: Connection, address: str) -> list[str]:
    """Cases on which `address` may write, newest first."""
    query = select(party.c.case_ref).where(party.c.id == address.lower()).order_by(party.c.case_ref.desc())
    return list(connection.scalars(query))


def naming(connection: Connection, text: str) -> list[str]:
    """Cases of complainants whose whole name, of two words or more, stands in `text`."""
    said = " ".join(text.lower().split())
    query = select(party.c.case_ref, party.c.name).where(
        party.c.role == "complainant", party.c.name.contains(" ")
    )
    return sorted({row.case_ref for row in connection.execute(query) if row.name.lower() in said})


def survivor(connection: Connection, ref: str) -> str | None:
    """The case that `ref` lives on in (itself unless merged), None when there is no such case."""
    seen: set[str] = set()
    while ref not in seen:  # a circle of merges ends where it began
        seen.add(ref)
        row = connection.execute(select(case.c.merged_into).where(case.c.ref == ref)).first()
        if row is None:
            return None
        ref = row.merged_into or ref
    return ref


def family(connection: Connection, ref: str) -> list[tuple[str, datetime]]:
    """(reference, received) of a case and of those joined to it or split from it, in order of reference."""
    related = (case.c.ref == ref) | (case.c.merged_into == ref) | (case.c.split_from == ref)
    parent = select(case.c.split_from).where(case.c.ref == ref).scalar_subquery()
    query = select(case.c.ref, case.c.received).where(related | (case.c.ref == parent))
    return [(row.ref, row.received) for row in connection.execute(query.order_by(case.c.ref))]


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(case)) or 0


def check(connection: Connection) -> Iterator[str]:
    """What is wrong: broken chains, and rows that differ from what the events make of them."""
    for ref in find(connection):
        previous = FIRST_LINK
        for row in connection.execute(
            select(event).where(event.c.case_ref == ref).order_by(event.c.number)
        ).mappings():
            if row["previous"] != previous or row["hash"] != link(previous, row["body"]):
                yield f"case {ref}, event {row['number']}: the chain is broken here"
            previous = row["hash"]
        try:
            rebuilt = load(connection, ref)
        except (ValueError, KeyError, TypeError) as error:
            yield f"case {ref}: an event cannot be read ({type(error).__name__})"
            continue
        yield from _differences(connection, rebuilt, previous)


def _differences(connection: Connection, rebuilt: Case, head: str) -> Iterator[str]:
    row = connection.execute(select(case).where(case.c.ref == rebuilt.ref)).mappings().one()
    if dict(row) != _case_row(rebuilt, head):
        yield f"case {rebuilt.ref}: its row differs from its events"
    for field, table in CASE_ROWS.items():
        query = select(table).where(table.c.case_ref == rebuilt.ref)
        kept = {found["id"]: dict(found) for found in connection.execute(query).mappings()}
        if kept != {made["id"]: made for made in _rows(rebuilt.ref, getattr(rebuilt, field))}:
            yield f"case {rebuilt.ref}: its {field} differ from its events"


def rebuild(connection: Connection, ref: str) -> None:
    """Write the rows of a case anew from its events."""
    rebuilt = load(connection, ref)
    head = connection.scalar(
        select(event.c.hash).where(event.c.case_ref == ref).order_by(event.c.number.desc()).limit(1)
    )
    put(connection, case, [_case_row(rebuilt, head or FIRST_LINK)])
    for field, table in CASE_ROWS.items():
        connection.execute(table.delete().where(table.c.case_ref == ref))
        put(connection, table, _rows(ref, getattr(rebuilt, field)))


def _case_row(made: Case, head: str) -> dict[str, Any]:
    names = [column.name for column in case.columns if column.name not in ("head", "flags", "state")]
    row = {name: getattr(made, name) for name in names}
    return row | {"head": head, "flags": list(made.flags), "state": made.state.value}


def _rows(ref: str, parts: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"case_ref": ref} | {item.name: _cell(getattr(part, item.name)) for item in fields(part)}
        for part in parts
    ]


def _cell(value: Any) -> Any:
    return value if isinstance(value, datetime) else plain(value)
