"""Every odd message of tests/corpus through the whole flow: kept whole, decided, and no machine is written to."""

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailbot.casework.changes import Letter
from mailbot.casework.labels import Label
from mailbot.classify.verdict import Evidence, Verdict
from mailbot.flows import limits
from mailbot.mail.references import Signer
from mailbot.store import cases, messages, tables
from tests.flows.world import Rooms, World, make_world

CORPUS = Path(__file__).parents[1] / "corpus"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "expected.toml").read_text("utf-8"))
RECEIVED, READ = "2026-05-06 09:00", "2026-05-06 09:05"
FORMS = [
    {"address": "wordpress@forms.serco.example"},
    {"address": "noreply@forms.serco.example"},
    {"address": "form@forms.serco.example", "body_field": "Email"},
]
SECRET = b"a key for tests and nothing else"  # with which the letters enclosed in the corpus were signed
LIST_IDS = ["restart-complaints.serco.example"]
pytestmark = pytest.mark.slow


class EverythingIsAComplaint:
    """The hardest judge for machines: whatever reaches it opens a case, which owes an acknowledgement."""

    def classify(self, evidence: Sequence[Evidence]) -> list[Verdict]:
        return [
            Verdict(Label.NEW_COMPLAINT, 0.99, {Label.NEW_COMPLAINT: 0.99}, abstained=False) for _ in evidence
        ]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, rooms: Rooms) -> Iterator[World]:
    """One world that has received and read the whole corpus, and in which nothing but screening keeps a letter back."""
    settings = {
        "organisation": {"border": "mx.serco.example"},
        "box": {"form": FORMS, "list_ids": LIST_IDS},
        "limits": {"per_mailbox_ten_minutes": 100_000},
    }
    made = make_world(tmp_path_factory.mktemp("odd"), rooms, **settings)
    signed = replace(made, parts=replace(made.parts, signer=Signer(SECRET, "serco.example")))
    world = signed.with_classifier(EverythingIsAComplaint())
    for path in sorted(CORPUS.glob("*.eml")):
        world.deliver(path.read_bytes(), RECEIVED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "reached", lambda *_: "")
        patch.setattr(messages, "same_again", lambda *_: None)
        world.pass_at(READ)
    yield world
    world.parts.store.close()


def by_name(world: World) -> dict[str, dict[str, Any]]:
    """The row of each file."""
    rows = {row["raw_sha256"]: row for row in world.mail()}
    return {path.stem: rows[hashlib.sha256(path.read_bytes()).hexdigest()] for path in CORPUS.glob("*.eml")}


def test_each_file_is_kept_once_and_whole(odd: World) -> None:
    files = sorted(path.read_bytes() for path in CORPUS.glob("*.eml"))
    with odd.parts.store.read() as connection:
        kept = sorted(messages.raw_of(connection, row["id"]) for row in odd.mail())
    assert kept == files


def test_each_file_is_filed_or_set_aside_with_a_reason(odd: World) -> None:
    undecided = {
        name: (row["state"], row["reason"])
        for name, row in by_name(odd).items()
        if row["state"] not in (messages.FILED, messages.SET_ASIDE)
    }
    assert not undecided
    assert not [name for name, row in by_name(odd).items() if not (row["case_ref"] or row["reason"])]


def test_only_those_are_written_to_whom_screening_allows(odd: World) -> None:
    messages_answered = {letter.message for letter in letters_owed(odd)}
    answered = {name for name, row in by_name(odd).items() if str(row["id"]) in messages_answered}
    forbidden = {name for name, expected in EXPECTED.items() if expected.get("may_acknowledge") is False}
    assert sorted(answered & forbidden) == []
    assert len(forbidden) > 150
    assert len(answered) > 250


def test_every_letter_that_left_answers_a_message(odd: World) -> None:
    """So that the letters looked at above are all letters there are."""
    owed = letters_owed(odd)
    left = [row for row in odd.rows(tables.outbox) if row["audience"] == "external"]
    assert sorted(letter.to.lower() for letter in owed) == sorted(row["recipient"] for row in left)
    assert all(letter.message for letter in owed)


def test_the_records_agree_and_a_second_pass_changes_nothing(odd: World) -> None:
    odd.pass_at(READ)  # takes in the copies of its own letters
    rows, letters = odd.dump("heartbeat"), len(odd.letters())
    odd.pass_at(READ)
    assert odd.dump("heartbeat") == rows
    assert len(odd.letters()) == letters
    with odd.parts.store.read() as connection:
        assert list(cases.check(connection)) == []


def letters_owed(world: World) -> list[Letter]:
    """Every letter to somebody outside, from the events that owed it."""
    with world.parts.store.read() as connection:
        return [
            letter
            for ref in cases.find(connection)
            for event in cases.events_of(connection, ref)
            for letter in event.changes.letters
        ]
