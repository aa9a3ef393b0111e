"""One whole life of a case for each shipped procedure: from the first mail to the outside body, dates spelt out."""

from pathlib import Path

import pytest

from mailbot.casework.facts import (
    Acknowledged,
    Closed,
    Contacted,
    DuePassed,
    HoldingLetterSent,
    Responded,
    WindowEnded,
)
from mailbot.casework.labels import Label
from mailbot.casework.told import (
    AuthorityGiven,
    CombinedResponseIssued,
    DateLearned,
    Outcome,
    PointsNamed,
    Redirected,
    StepTaken,
)
from mailbot.store import cases
from mailbot.store.database import open_store
from tests.casework.life import ICE, JOBCENTRE, NIA, SAM, Life, at, letters, life

MAKERS = []


def a_life(make):
    """A life that is also rebuilt from its events, and written to a database that is then checked."""
    MAKERS.append(make)
    return make


@a_life
def restart() -> Life:
    case = life("restart", "2026-05-01 17:40")
    first = case.receives(Label.NEW_COMPLAINT, "2026-05-01 17:40")  # Friday before a bank holiday
    assert letters(first) == ["ack_serco_1"]
    assert case.due("1/acknowledge") == "Sat 2 May 2026 5:40pm running"
    assert case.due("1/respond") == "Mon 11 May 2026 11:59pm running"
    assert case.due("1/personal_contact") == "Tue 5 May 2026 11:59pm running"
    case.happens(Acknowledged("1", at("2026-05-01 17:42")))
    case.happens(PointsNamed(at("2026-05-05 09:00"), ("three cancelled appointments", "no call back")))
    case.happens(Contacted("1", at("2026-05-05 11:00")))
    assert case.due("1/personal_contact") == "Tue 5 May 2026 11:59pm met"
    case.happens(HoldingLetterSent("1", at("2026-05-08 10:00"), at("2026-05-15 23:59"), "records"))
    assert case.due("1/respond") == "Fri 15 May 2026 11:59pm running"
    found = (Outcome("1", "upheld"), Outcome("2", "not_upheld"))
    case.happens(Responded("1", at("2026-05-14 15:00"), outcomes=found))
    assert case.until("1/escalate") == "2 Sat 14 Nov 2026 11:59pm"
    assert [issue.outcome for issue in case.case.issues] == ["upheld", "not_upheld"]

    assert letters(case.receives(Label.ESCALATION, "2026-06-01 09:00")) == ["ack_serco_2"]  # Monday
    assert case.due("2/respond") == "Mon 8 Jun 2026 11:59pm running"
    case.happens(DuePassed("2/respond", at("2026-06-09 00:00")))
    case.happens(Responded("2", at("2026-06-10 12:00")))
    assert case.due("2/respond") == "Mon 8 Jun 2026 11:59pm met late"
    case.receives(Label.ESCALATION, "2026-12-23 09:00")  # Wednesday; the last day was 10 December
    assert case.questions == ["late_escalation"]
    case.decides("late_escalation", "escalation", "2026-12-23 12:00")
    assert case.due("3/respond") == "Mon 4 Jan 2027 11:59pm running"  # Christmas, Boxing and New Year's Day
    case.happens(Responded("3", at("2026-12-30 16:00")))
    assert case.until("3/escalate") == "external:ice Wed 30 Jun 2027 11:59pm"

    asked = case.receives(
        Label.ICE_CORRESPONDENCE, "2027-02-01 10:00", ICE, stated=at("2027-02-04 12:00").date()
    )
    assert letters(asked) == ["ice_ack"]
    assert case.due("ice/respond") == "Thu 4 Feb 2027 11:59pm running"  # stated, before five working days
    assert case.case.proceeding("ice").step == "notified"
    case.happens(StepTaken("ice", "completion_check", at("2027-02-01 11:00")))
    case.happens(Responded("ice", at("2027-02-03 10:00")))
    assert case.case.proceeding("ice").step == "awaiting"
    case.receives(Label.ICE_CORRESPONDENCE, "2027-09-06 10:00", ICE, request="papers_request")
    assert case.due("ice.2/respond") == "Mon 13 Sep 2027 11:59pm running"
    case.happens(Responded("ice.2", at("2027-09-10 10:00")))
    case.happens(StepTaken("ice", "final_report", at("2027-11-01 10:00"), "upheld"))
    case.decides("money", "accept", "2027-11-01 12:00")
    assert [(money.id, money.pounds) for money in case.case.sums] == [("recovery", 5000)]
    return case


@a_life
def ipes() -> Life:
    case = life("ipes", "2026-01-05 09:00")
    assert letters(case.receives(Label.NEW_COMPLAINT, "2026-01-05 09:00")) == ["ack_ipes"]  # Monday
    assert case.due("complaint/acknowledge") == "Tue 6 Jan 2026 9:00am running"
    assert case.case.deadline("complaint/respond") is None, "the guidance gives no clock"
    assert case.until("complaint/eight_weeks") == "external:ice Mon 2 Mar 2026 11:59pm"
    case.happens(Acknowledged("complaint", at("2026-01-05 09:01")))
    case.happens(WindowEnded("complaint/eight_weeks", at("2026-03-03 00:00")))
    assert case.questions == ["eight_weeks_over"], "a person tells them of their right"
    case.decides("eight_weeks_over", "accept", "2026-03-03 09:00")
    case.receives(Label.ESCALATION, "2026-03-04 09:00")
    assert "outside body now" in case.question("early_escalation").reason
    case.decides("early_escalation", "no reply needed", "2026-03-04 10:00")
    case.happens(Responded("complaint", at("2026-03-31 12:00")))
    assert case.until("complaint/escalate") == "external:ice Wed 30 Sep 2026 11:59pm"  # no 31 September
    case.receives(Label.ICE_CORRESPONDENCE, "2026-04-02 09:00", ICE)  # Maundy Thursday
    assert case.due("ice/respond") == "Mon 13 Apr 2026 11:59pm running"  # over Easter
    case.happens(StepTaken("ice", "final_report", at("2026-11-02 10:00"), "partly_upheld"))
    assert case.question("money").proposal == "", "whether money follows is for a person to say"
    case.decides("money", "other", "2026-11-02 11:00")
    assert case.case.sums == ()
    return case


@a_life
def council() -> Life:
    case = life("council", "2026-11-30 10:00")
    assert letters(case.receives(Label.NEW_COMPLAINT, "2026-11-30 10:00")) == ["ack_council_1"]  # Monday
    promise = case.case.deadline("1/respond")
    assert case.due("1/respond") == "Wed 30 Dec 2026 11:59pm running"  # 25 and 28 December do not count
    assert (promise.target.date().isoformat(), promise.kind) == ("2026-12-14", "aim")
    case.happens(Acknowledged("1", at("2026-11-30 10:01")))
    early = case.receives(Label.ESCALATION, "2026-12-30 10:00")
    assert letters(early) == ["ack_chaser"]
    assert case.questions == ["early_escalation"], "the answer is not late before the last day is over"
    case.decides("early_escalation", "no reply needed", "2026-12-30 11:00")
    assert letters(case.receives(Label.ESCALATION, "2026-12-31 09:00")) == ["ack_council_2"]
    assert case.stages == {"1": "escalated", "2": "investigating"}
    assert case.due("2/respond") == "Fri 5 Feb 2027 11:59pm running"  # 25 working days, not New Year's Day
    case.happens(Responded("2", at("2027-02-05 15:00")))
    assert case.until("2/escalate") == "external:lgsco without end"
    return case


@a_life
def fos() -> Life:
    case = life("fos", "2026-03-27 16:00")
    assert letters(case.receives(Label.NEW_COMPLAINT, "2026-03-27 16:00")) == ["ack_fos_1"]  # Friday
    assert case.due("1/acknowledge") == "Tue 31 Mar 2026 11:59pm running"
    assert case.due("1/respond") == "Tue 14 Apr 2026 11:59pm running"  # Good Friday, Easter Monday
    case.happens(Acknowledged("1", at("2026-03-27 16:01")))
    case.receives(Label.OTHER, "2026-03-30 09:00", flags=("outcome",))
    told = case.decides("redirect", "accept", "2026-03-30 10:00")
    assert letters(told) == ["redirect_outcome"], "the outcome is not for us; the service is"
    assert case.due("1/respond") == "Tue 14 Apr 2026 11:59pm running"
    case.happens(Responded("1", at("2026-04-14 10:00")))
    assert case.until("1/escalate") == "2 without end"  # while the case with the ombudsman is open
    case.happens(DateLearned("case_closed", at("2026-05-29 12:00"), at("2026-05-29 13:00")))
    assert case.until("1/escalate") == "2 Fri 29 May 2026 11:59pm"  # later than a month
    case.receives(Label.ESCALATION, "2026-05-29 20:00")
    assert case.due("2/acknowledge") == "Tue 2 Jun 2026 11:59pm running"
    assert case.due("2/respond") == "Fri 12 Jun 2026 11:59pm running"
    case.happens(Responded("2", at("2026-06-12 10:00")))
    assert case.until("2/escalate") == "external:independent_assessor without end"
    return case


@a_life
def charity() -> Life:
    case = life("charity", "2026-10-01 09:00")
    first = case.receives(Label.NEW_COMPLAINT, "2026-10-01 09:00", NIA)  # Thursday
    assert letters(first) == ["ack_cc_1"]
    assert case.due("1/respond") == "Thu 12 Nov 2026 11:59pm running"
    asked = case.decides("authority", "accept", "2026-10-02 09:00")  # Friday
    assert letters(asked) == ["request_authority"]
    assert case.due("1/respond") == "Thu 12 Nov 2026 11:59pm paused"
    case.happens(AuthorityGiven(NIA.id, at("2026-10-16 09:00")))  # Friday two weeks later
    assert case.due("1/respond") == "Thu 26 Nov 2026 11:59pm running"
    assert case.case.deadline("1/respond").gross_due.date().isoformat() == "2026-11-12"
    case.happens(DateLearned("event", at("2026-06-15 09:00"), at("2026-10-19 09:00")))
    assert case.until("1/raise") == "1 Tue 15 Sep 2026 11:59pm"
    assert "raised_late" in case.case.flags, "the text says should: it is taken all the same"
    case.happens(Responded("1", at("2026-11-30 10:00")))
    assert case.due("1/respond") == "Thu 26 Nov 2026 11:59pm met late"
    assert case.until("1/escalate") == "2 Wed 30 Dec 2026 11:59pm"
    assert letters(case.receives(Label.ESCALATION, "2026-12-01 09:00", NIA)) == ["ack_cc_2"]
    assert case.due("2/respond") == "Thu 31 Dec 2026 11:59pm running"
    silent = case.happens(Responded("2", at("2026-12-29 10:00"), names_next_body=False))
    assert case.due("2/respond") == "Thu 31 Dec 2026 11:59pm running", "a last answer names the next body"
    assert [task.kind for task in silent.tasks] == ["next_body_missing"]
    case.decides("next_body_missing", "accept", "2026-12-29 11:00")
    assert case.due("2/respond") == "Thu 31 Dec 2026 11:59pm met"
    assert case.until("2/escalate") == "external:phso without end"
    return case


@a_life
def led_by_the_jobcentre() -> Life:
    case = life("restart", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00", flags=("mixed",))  # Monday
    assert case.questions == ["redirect"]
    told = case.decides("redirect", "accept", "2026-06-01 12:00")
    assert letters(told) == ["redirect_jobcentre"]
    assert (case.case.state.value, case.stages) == ("redirected", {"1": "awaiting_jobcentre"})
    assert case.due("1/respond").endswith("stopped")
    assert case.due("1/acknowledge").endswith("running"), "that we have it is said all the same"
    assert letters(case.receives(Label.NEW_COMPLAINT, "2026-06-03 10:00")) == []
    case.receives(Label.CONTRIBUTION_REQUEST, "2026-06-04 10:00", JOBCENTRE)
    assert case.due("contribution/respond") == "Thu 11 Jun 2026 11:59pm running"
    case.happens(Responded("contribution", at("2026-06-10 10:00")))
    assert case.case.proceeding("contribution").step == "awaiting_combined"
    case.happens(CombinedResponseIssued(at("2026-07-08 10:00"), issued=at("2026-07-06 10:00")))
    assert case.until("1/escalate") == "2 Wed 6 Jan 2027 11:59pm"
    assert letters(case.receives(Label.ESCALATION, "2026-08-03 10:00")) == ["ack_serco_2"]
    assert case.due("2/respond") == "Mon 10 Aug 2026 11:59pm running"
    assert case.case.state.value == "open"
    return case


@a_life
def withdrawn_and_taken_up_again() -> Life:
    case = life("restart", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00")
    case.receives(Label.OTHER, "2026-06-02 10:00", flags=("withdrawal",))
    confirmed = case.happens(Closed(at("2026-06-02 12:00"), "withdrawn"))
    assert letters(confirmed) == ["withdrawn"]
    assert case.questions == []
    assert case.until("1/escalate") == "2 Wed 2 Dec 2026 11:59pm"
    case.receives(Label.NEW_COMPLAINT, "2026-06-20 10:00")
    assert case.questions == ["ended_case"]
    case.decides("ended_case", "reopen", "2026-06-22 10:00")
    assert case.case.state.value == "open"
    assert case.case.stage("1.2").reason == "reopened"
    assert case.stages["1"] == "window_open", "what was is not rewritten"
    assert case.due("1.2/respond") == "Fri 26 Jun 2026 11:59pm running"  # received on a Saturday
    return case


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_life_is_as_told_and_is_rebuilt_from_its_events(make) -> None:
    lived = make()
    assert lived.rebuilt() == lived.case


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_rows_of_a_life_equal_its_events(make, tmp_path: Path) -> None:
    lived = make()
    store = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with store.write() as connection:
        case = lived.unbegun
        cases.open_case(connection, case)
        for event in lived.events:
            case = cases.record(connection, case, event.fact, event.changes, event.cause, event.recorded)
        assert list(cases.check(connection)) == []
        assert cases.load(connection, case.ref).deadlines == lived.case.deadlines
    store.close()


def test_the_points_of_a_redirect_are_answered_elsewhere() -> None:
    case = life("restart", "2026-06-01 10:00")
    case.receives(Label.NEW_COMPLAINT, "2026-06-01 10:00")
    case.happens(PointsNamed(at("2026-06-01 11:00"), ("the rules", "the adviser")))
    told = case.happens(Redirected("policy", "1", at("2026-06-01 12:00"), ("1",)))
    assert letters(told) == ["redirect_policy"]
    assert case.due("1/respond") == "Mon 8 Jun 2026 11:59pm running", "what is ours stays ours"
    case.happens(Responded("1", at("2026-06-05 12:00"), outcomes=(Outcome("", "upheld"),)))
    assert [(issue.answered_by, issue.outcome) for issue in case.case.issues] == [
        ("policy", ""),
        ("", "upheld"),
    ]
    assert SAM.id == case.case.complainant.id
