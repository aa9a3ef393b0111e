"""Events as they are kept: nothing is lost on the way to text and back, and no link can be changed unseen."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.casework.case import Case, StageInstance, StageState
from mailbot.casework.changes import Changes
from mailbot.casework.facts import KINDS, Acknowledged, Closed, kind_of
from mailbot.casework.record import FIRST_LINK, Event, body_of, event_from, link, plain, rich

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
MOMENT = datetime(2026, 5, 1, 9, tzinfo=UTC)
EVENT = Event(1, MOMENT, "person ann@team.example", Acknowledged("1", MOMENT), Changes())

unhurried = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", KINDS)
@unhurried
@given(data=st.data())
def test_every_fact_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    fact: Any = data.draw(st.from_type(KINDS[kind]))
    event = Event(7, MOMENT, "message 3", fact, Changes())
    assert event_from(body_of(event)) == event
    assert kind_of(fact) == kind


@unhurried
@given(st.from_type(Changes))
def test_changes_come_back_as_they_were(changes: Changes) -> None:
    assert rich(Changes, json.loads(json.dumps(plain(changes)))) == changes


def test_the_same_event_gives_the_same_text() -> None:
    assert body_of(EVENT) == body_of(event_from(body_of(EVENT)))
    assert body_of(EVENT) == (
        '{"cause":"person ann@team.example","changes":{},"fact":{"at":"2026-05-01T09:00:00+00:00",'
        '"by":"automated","instance":"1"},"kind":"acknowledged","number":1,"recorded":"2026-05-01T09:00:00+00:00"}'
    )


def test_a_record_from_before_a_field_was_added_gives_its_default() -> None:
    instance = StageInstance("1", "1", StageState.INVESTIGATING, MOMENT, "1", "pat@home.example")
    older = {name: value for name, value in plain(instance).items() if name not in ("answerable", "holdings")}
    assert rich(StageInstance, older) == instance


def test_a_record_of_another_shape_is_an_error() -> None:
    with pytest.raises((KeyError, TypeError)):
        rich(Closed, {"at": MOMENT.isoformat(), "how": "closed", "colour": "red"})


@unhurried
@given(st.lists(st.text(), min_size=1, max_size=5), st.data())
def test_no_event_can_be_changed_without_breaking_the_chain(bodies: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bodies) - 1))
    changed = [*bodies[:place], bodies[place] + "x", *bodies[place + 1 :]]
    assert head(bodies) != head(changed)
    assert head(bodies) != head([*bodies, ""])


def head(bodies: list[str]) -> str:
    previous = FIRST_LINK
    for body in bodies:
        previous = link(previous, body)
    return previous


def test_every_row_of_a_case_can_be_changed_by_an_event() -> None:
    fixed = {"ref", "procedure", "version", "mailbox", "refers_to", "events"}
    assert {item.name for item in fields(Case)} - fixed <= {item.name for item in fields(Changes)}


def test_an_event_says_what_it_is() -> None:
    assert replace(EVENT, fact=Closed(MOMENT, "closed")).kind == "closed"
