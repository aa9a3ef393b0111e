"""Each word of the team and the words after it, read as the fact that they record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from mailbot.casework.case import Case
from mailbot.casework.facts import Closed, Fact, HoldingLetterSent, NothingOwed, Responded
from mailbot.casework.labels import Label
from mailbot.casework.told import (
    AuthorityGiven,
    CombinedResponseIssued,
    DateLearned,
    Outcome,
    OutcomesFound,
    PartyJoined,
    PartyLeft,
    PointsNamed,
    ReceivedEarlier,
    Redirected,
    Reopened,
    StepTaken,
    Waiting,
)
from mailbot.flows.commands import read
from mailbot.flows.orders import Order, fact_of
from mailbot.flows.parts import Work
from tests.casework.life import ICE, JOBCENTRE, NIA, SAM, Life, at, life
from tests.flows.world import RUTH, World

NOW = at("2026-06-05 09:30")  # Friday


@pytest.fixture(name="case")
def a_case() -> Life:
    """A complaint of Monday 1 June, due on Monday 8, with letters from the examiner and the Jobcentre on it."""
    case = life("restart", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00")
    case.receives(Label.ICE_CORRESPONDENCE, "2026-06-02 10:00", ICE)
    case.receives(Label.CONTRIBUTION_REQUEST, "2026-06-02 11:00", JOBCENTRE)
    return case


@pytest.fixture(name="work")
def some_work(world: World) -> Iterator[Work]:
    with world.parts.store.read() as connection:
        yield Work(world.parts, connection, NOW)


def ordered(work: Work, case: Case, line: str) -> Fact | None:
    understood = read(line)
    assert understood is not None, line
    return fact_of(Order(work, case, *understood, NOW, RUTH, instance=case.stage("1")))


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("Responded", Responded("1", NOW)),
        ("responded on 3 June 2026", Responded("1", at("2026-06-03 09:30"))),
        ("responded: upheld", Responded("1", NOW, outcomes=(Outcome("", "upheld"),))),
        (
            "responded 3 June, 1 partly upheld, 2 not upheld",
            Responded(
                "1",
                at("2026-06-03 09:30"),
                outcomes=(Outcome("1", "partly_upheld"), Outcome("2", "not_upheld")),
            ),
        ),
        ("found 2 out of scope", OutcomesFound(NOW, (Outcome("2", "out_of_scope"),))),
        ("found nothing", None),
        (
            "holding until 12 June 2026",
            HoldingLetterSent("1", NOW, at("2026-06-12 23:59").replace(second=59), "told by the team"),
        ),
        ("holding 4 June 2026", None),
        ("No reply needed.", NothingOwed("1", NOW)),
        ("points: the calls;  the refund;", PointsNamed(NOW, ("the calls", "the refund"))),
        ("points", None),
        ("waiting for authority", Waiting("1", NOW, "awaiting_authority")),
        ("waiting for Godot", None),
        ("waiting over", None),
        ("redirect policy 2", Redirected("policy", "1", NOW, ("2",))),
        ("redirect mixed jobcentre", Redirected("mixed_jobcentre", "1", NOW)),
        ("redirect", None),
        ("combined 3 June 2026", CombinedResponseIssued(NOW, at("2026-06-03 09:30"))),
        ("combined", CombinedResponseIssued(NOW)),
        ("step completion check", StepTaken("ice", "completion_check", NOW)),
        ("step final report partly upheld", StepTaken("ice", "final_report", NOW, "partly_upheld")),
        ("step awaiting combined", StepTaken("contribution", "awaiting_combined", NOW)),
        ("step sideways", None),
        ("event 3 March 2026", DateLearned("event", at("2026-03-03 09:30"), NOW)),
        ("case closed on 29 May 2026", DateLearned("case_closed", at("2026-05-29 09:30"), NOW)),
        ("event", None),
        ("received 3 June 2026", None),
        ("settled, a refund", Closed(NOW, "resolved_informally", "a refund")),
        ("close", Closed(NOW, "closed")),
        ("withdrawn", Closed(NOW, "withdrawn")),
        ("reopen 2 New evidence", Reopened("2", NOW, "New evidence")),
        ("reopen 7", None),
    ],
)
def test_a_word_and_what_follows_it(work: Work, case: Life, line: str, fact: Fact | None) -> None:
    assert ordered(work, case.case, line) == fact


def test_an_earlier_receipt_counts_from_the_end_of_its_day(work: Work, case: Life) -> None:
    fact = ordered(work, case.case, "received 29 May 2026")
    assert isinstance(fact, ReceivedEarlier)
    assert fact.received.date() == date(2026, 5, 29)


def test_joint_complainants_come_and_go_by_their_address(work: Work, case: Life) -> None:
    joined = ordered(work, case.case, "joint Mo.Idris@home.example nominated")
    assert isinstance(joined, PartyJoined)
    assert (joined.party.id, joined.party.nominated) == ("mo.idris@home.example", True)
    assert ordered(work, case.case, "joint Mo") is None
    case.happens(joined)
    assert ordered(work, case.case, "withdrawn mo.idris@home.example") == PartyLeft(
        "mo.idris@home.example", NOW
    )
    assert isinstance(ordered(work, case.case, f"withdrawn {SAM.id} and all"), PartyLeft)


@pytest.mark.parametrize(("word", "given"), [("confirmed", True), ("refused", False)])
def test_authority_is_that_of_whoever_was_asked_for_it(
    work: Work, case: Life, word: str, given: bool
) -> None:
    assert ordered(work, case.case, word) is None, "nobody was asked"
    case.happens(PartyJoined(replace(NIA, authority="asked"), NOW))
    assert ordered(work, case.case, word) == AuthorityGiven(NIA.id, NOW, given)
