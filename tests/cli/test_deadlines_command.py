"""`mailbot deadlines` and `mailbot rules`."""

import json

import pytest

from tests.cli.conftest import Typed

_KEYS = {"acknowledge_by", "respond_by", "respond_target", "escalate_until", "eight_weeks_end", "raise_by"}


def test_a_date_comes_with_its_count_kind_and_source(typed: Typed) -> None:
    answer = typed(
        "deadlines",
        "--procedure",
        "restart",
        "--stage",
        "1",
        "--received",
        "2026-05-01T17:40+01:00",
        "--json",
    )
    dates = json.loads(answer.out)
    assert answer.code == 0
    assert set(dates) == _KEYS
    assert dates["respond_by"]["at"] == "2026-05-11T23:59:59+01:00"
    assert dates["respond_by"]["date"] == "2026-05-11"
    assert dates["respond_by"]["kind"] == "commitment"
    assert "Mon 4 May" in dates["respond_by"]["count"]
    assert "Stage 1" in dates["respond_by"]["source"]
    assert dates["acknowledge_by"]["at"] == "2026-05-02T17:40:00+01:00"
    assert dates["escalate_until"] is None


@pytest.mark.parametrize(
    ("words", "key", "date", "kind"),
    [
        # Tuesday 12 May 2026 plus six months is Thursday 12 November 2026
        (["restart", "1", "--responded", "2026-05-12"], "escalate_until", "2026-11-12", "commitment"),
        # Thursday 30 April 2026: the date they state, Friday 1 May, is earlier than five working days
        (["restart", "contribution_request", "--stated", "2026-05-01"], "respond_by", "2026-05-01", None),
        # ten working days from Thursday 30 April 2026, Monday 4 May is a bank holiday: Friday 15 May
        (["council", "1"], "respond_target", "2026-05-15", "aim"),
        # 56 days after Thursday 30 April 2026 is Thursday 25 June
        (["ipes", "complaint"], "eight_weeks_end", "2026-06-25", None),
    ],
)
def test_dates_of_the_five_procedures(
    typed: Typed, words: list[str], key: str, date: str, kind: str | None
) -> None:
    procedure, stage, *more = words
    answer = typed(
        "deadlines",
        "--procedure",
        procedure,
        "--stage",
        stage,
        "--received",
        "2026-04-30T10:00",
        *more,
        "--json",
    )
    shown = json.loads(answer.out)[key]
    assert shown["date"] == date
    assert kind is None or shown["kind"] == kind


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--stage", "9", "--received", "2026-04-30"], "use one of 1, 2, 3"),
        (["--stage", "1", "--received", "yesterday"], "write it like 2026-05-01T17:40"),
        (["--stage", "1", "--received", "2039-04-30"], "calendar"),
        (["--stage", "1", "--received", "2026-04-30", "--calendar", "engand-and-wales"], "england-and-wales"),
    ],
)
def test_a_mistake_is_explained_and_exits_with_two(typed: Typed, words: list[str], told: str) -> None:
    answer = typed("deadlines", "--procedure", "restart", *words)
    assert answer.code == 2
    assert told in answer.err


def test_an_unknown_procedure_names_the_near_one(typed: Typed) -> None:
    answer = typed("deadlines", "--procedure", "restrat", "--stage", "1", "--received", "2026-04-30")
    assert answer.code == 2
    assert "restart" in answer.err


def test_rules_check_says_what_still_blocks_sending(typed: Typed) -> None:
    answer = typed("rules", "check")
    assert answer.code == 1
    assert "BLOCKS SENDING" in answer.out
    assert "verified_on" in answer.out
