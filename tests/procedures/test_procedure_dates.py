"""Given a message at a stage, expect these dates: the five shipped procedures, with the weekdays spelt out."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot import shipped
from mailbot.casework.calendar import CalendarEnds, WorkingCalendar
from mailbot.casework.dates import all_dates, stage_names
from mailbot.casework.procedure import Procedure
from mailbot.errors import RuleError
from mailbot.procedures import calendar, load, load_all

RULES = shipped.folder("rules")
LONDON = ZoneInfo("Europe/London")
KEYS = ("acknowledge_by", "respond_by", "respond_target", "escalate_until", "eight_weeks_end", "raise_by")
CALENDARS = {name: calendar(RULES, name) for name in ("england-and-wales", "scotland", "northern-ireland")}
PROCEDURES = {name: history.latest for name, history in load_all(RULES).items()}


def day(words: str) -> date:
    """Such as "Fri 1 May 2026"; a wrong weekday is a wrong test."""
    found = datetime.strptime(words, "%a %d %b %Y").date()  # noqa: DTZ007 - a date has no zone
    assert found.strftime("%a") == words[:3], words
    return found


def moment(words: str) -> datetime:
    """Such as "Fri 1 May 2026 17:40", local time."""
    text, _, clock = words.rpartition(" ")
    hour, minute = clock.split(":")
    return datetime.combine(day(text), datetime.min.time(), LONDON).replace(
        hour=int(hour), minute=int(minute)
    )


def shown(value: dict[str, str] | None) -> str | None:
    """Such as "Mon 11 May 2026, commitment", with the time where it is not the end of the day."""
    if value is None:
        return None
    at = datetime.fromisoformat(value["at"])
    assert at.date().isoformat() == value["date"]
    assert at.utcoffset() == at.replace(tzinfo=LONDON).utcoffset()
    words = at.strftime("%a %-d %b %Y")
    end_of_day = (at.hour, at.minute, at.second) == (23, 59, 59)
    return f"{words}{'' if end_of_day else at.strftime(' %H:%M')}, {value['kind']}"


def dates(
    procedure: Procedure, known: WorkingCalendar, stage: str, received: str, **given: str
) -> dict[str, str | None]:
    found = all_dates(
        procedure, known, stage, moment(received), **{key: day(words) for key, words in given.items()}
    )
    assert tuple(found) == KEYS
    return {key: shown(value) for key, value in found.items() if value}


# Each procedure at each of its stages: received on the Friday before the Early May bank holiday.
RECEIVED = "Fri 1 May 2026 17:40"
HOUSE = "Sat 2 May 2026 17:40, house"
EVERY_STAGE = [
    ("restart", "1", {"responded": "Mon 11 May 2026"}, {
        "acknowledge_by": "Sat 2 May 2026 17:40, commitment",
        "respond_by": "Mon 11 May 2026, commitment",
        "escalate_until": "Wed 11 Nov 2026, commitment",
    }),
    ("restart", "2", {"responded": "Fri 8 May 2026"}, {
        "acknowledge_by": "Sat 2 May 2026 17:40, commitment",
        "respond_by": "Mon 11 May 2026, commitment",
        "escalate_until": "Sun 8 Nov 2026, commitment",
    }),
    ("restart", "3", {"responded": "Fri 8 May 2026"}, {
        "acknowledge_by": "Sat 2 May 2026 17:40, commitment",
        "respond_by": "Mon 11 May 2026, commitment",
        "escalate_until": "Sun 8 Nov 2026, inferred",
    }),
    ("restart", "ice_correspondence", {}, {"acknowledge_by": HOUSE, "respond_by": "Mon 11 May 2026, inferred"}),
    ("restart", "ice_papers_request", {"stated": "Thu 7 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Thu 7 May 2026, inferred"}),
    ("restart", "ice_draft_report", {"stated": "Fri 15 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Mon 11 May 2026, inferred"}),
    ("restart", "contribution_request", {}, {"acknowledge_by": HOUSE, "respond_by": "Mon 11 May 2026, inferred"}),
    ("ipes", "complaint", {"responded": "Thu 25 Jun 2026"}, {
        "acknowledge_by": HOUSE,
        "escalate_until": "Fri 25 Dec 2026, commitment",
        "eight_weeks_end": "Fri 26 Jun 2026, commitment",
    }),
    ("ipes", "ice_correspondence", {}, {"acknowledge_by": HOUSE, "respond_by": "Mon 11 May 2026, commitment"}),
    ("ipes", "ice_papers_request", {"stated": "Sat 9 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Sat 9 May 2026, commitment"}),
    ("ipes", "ice_draft_report", {}, {"acknowledge_by": HOUSE, "respond_by": "Mon 11 May 2026, commitment"}),
    ("ipes", "contribution_request", {"stated": "Wed 6 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Wed 6 May 2026, commitment"}),
    ("council", "1", {"responded": "Mon 18 May 2026"}, {
        "acknowledge_by": HOUSE,
        "respond_by": "Tue 2 Jun 2026, aim",
        "respond_target": "Mon 18 May 2026, aim",
    }),
    ("council", "2", {"responded": "Mon 18 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Tue 9 Jun 2026, aim"}),
    ("council", "ice_correspondence", {}, {"acknowledge_by": HOUSE}),
    ("council", "ice_draft_report", {"stated": "Fri 15 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Fri 15 May 2026, inferred"}),
    ("fos", "1", {"event": "Tue 31 Mar 2026"}, {
        "acknowledge_by": "Wed 6 May 2026, commitment",
        "respond_by": "Mon 18 May 2026, commitment",
        "raise_by": "Tue 30 Jun 2026, commitment",
    }),
    ("fos", "1", {"responded": "Fri 15 May 2026", "case_closed": "Mon 1 Jun 2026"}, {
        "acknowledge_by": "Wed 6 May 2026, commitment",
        "respond_by": "Mon 18 May 2026, commitment",
        "escalate_until": "Mon 15 Jun 2026, commitment",
    }),
    ("fos", "1", {"responded": "Fri 15 May 2026", "case_closed": "Wed 1 Jul 2026"}, {
        "acknowledge_by": "Wed 6 May 2026, commitment",
        "respond_by": "Mon 18 May 2026, commitment",
        "escalate_until": "Wed 1 Jul 2026, commitment",
    }),
    ("fos", "1", {"responded": "Fri 15 May 2026"}, {  # the case is still open: no end
        "acknowledge_by": "Wed 6 May 2026, commitment",
        "respond_by": "Mon 18 May 2026, commitment",
    }),
    ("fos", "2", {"responded": "Fri 15 May 2026"}, {
        "acknowledge_by": "Wed 6 May 2026, commitment",
        "respond_by": "Mon 18 May 2026, commitment",
    }),
    ("fos", "contribution_request", {}, {"acknowledge_by": HOUSE}),
    ("charity", "1", {"responded": "Sun 31 May 2026", "event": "Sat 28 Feb 2026"}, {
        "acknowledge_by": HOUSE,
        "respond_by": "Tue 16 Jun 2026, aim",
        "escalate_until": "Tue 30 Jun 2026, commitment",
        "raise_by": "Thu 28 May 2026, commitment",
    }),
    ("charity", "2", {"responded": "Mon 18 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Tue 2 Jun 2026, aim"}),
    ("charity", "ice_correspondence", {"stated": "Fri 29 May 2026"}, {"acknowledge_by": HOUSE, "respond_by": "Fri 29 May 2026, inferred"}),
]  # fmt: skip


@pytest.mark.parametrize(("procedure", "stage", "given", "expected"), EVERY_STAGE)
def test_each_stage_of_each_procedure(procedure, stage, given, expected):
    assert dates(PROCEDURES[procedure], CALENDARS["england-and-wales"], stage, RECEIVED, **given) == expected


NATIONS = [  # five working days after receipt: England and Wales, Scotland, Northern Ireland
    ("Thu 2 Apr 2026 10:00", "Mon 13 Apr 2026", "Fri 10 Apr 2026", "Mon 13 Apr 2026"),  # Easter
    ("Thu 12 Mar 2026 10:00", "Thu 19 Mar 2026", "Thu 19 Mar 2026", "Fri 20 Mar 2026"),  # St Patrick's Day
    ("Thu 11 Jun 2026 10:00", "Thu 18 Jun 2026", "Fri 19 Jun 2026", "Thu 18 Jun 2026"),  # proclaimed 15 June
    ("Fri 10 Jul 2026 10:00", "Fri 17 Jul 2026", "Fri 17 Jul 2026", "Mon 20 Jul 2026"),  # 12 July is a Sunday
    ("Fri 31 Jul 2026 10:00", "Fri 7 Aug 2026", "Mon 10 Aug 2026", "Fri 7 Aug 2026"),  # August in Scotland
    ("Fri 28 Aug 2026 10:00", "Mon 7 Sep 2026", "Fri 4 Sep 2026", "Mon 7 Sep 2026"),  # August elsewhere
    ("Fri 27 Nov 2026 10:00", "Fri 4 Dec 2026", "Mon 7 Dec 2026", "Fri 4 Dec 2026"),  # St Andrew's Day
    ("Tue 23 Dec 2025 10:00", "Fri 2 Jan 2026", "Mon 5 Jan 2026", "Fri 2 Jan 2026"),  # 2 January in Scotland
    ("Wed 23 Dec 2026 10:00", "Mon 4 Jan 2027", "Tue 5 Jan 2027", "Mon 4 Jan 2027"),  # Boxing Day on 28 December
    ("Sat 26 Dec 2026 10:00", "Tue 5 Jan 2027", "Wed 6 Jan 2027", "Tue 5 Jan 2027"),  # received on Boxing Day
    ("Wed 22 Dec 2027 10:00", "Fri 31 Dec 2027", "Fri 31 Dec 2027", "Fri 31 Dec 2027"),  # two substitute days
    ("Fri 27 Mar 2026 10:00", "Tue 7 Apr 2026", "Mon 6 Apr 2026", "Tue 7 Apr 2026"),  # over the clock change
    ("Fri 23 Oct 2026 10:00", "Fri 30 Oct 2026", "Fri 30 Oct 2026", "Fri 30 Oct 2026"),  # and the other one
    ("Sat 6 Jun 2026 23:00", "Fri 12 Jun 2026", "Fri 12 Jun 2026", "Fri 12 Jun 2026"),  # Saturday: Monday is day 1
    ("Sun 7 Jun 2026 00:05", "Fri 12 Jun 2026", "Fri 12 Jun 2026", "Fri 12 Jun 2026"),
    ("Mon 8 Jun 2026 23:30", "Mon 15 Jun 2026", "Tue 16 Jun 2026", "Mon 15 Jun 2026"),  # late in the day is that day
]  # fmt: skip


@pytest.mark.parametrize("row", NATIONS, ids=lambda row: row[0])
def test_each_nation_has_its_own_bank_holidays(row):
    received, *expected = row
    found = [dates(PROCEDURES["restart"], known, "1", received)["respond_by"] for known in CALENDARS.values()]
    assert found == [f"{words}, commitment" for words in expected]


ACKNOWLEDGEMENTS = [  # 24 hours that have really passed
    ("Fri 1 May 2026 09:00", "Sat 2 May 2026 09:00"),
    ("Sat 28 Mar 2026 12:00", "Sun 29 Mar 2026 13:00"),  # clocks go forward
    ("Sat 28 Mar 2026 01:30", "Sun 29 Mar 2026 02:30"),  # 1:30am does not exist that day
    ("Sat 24 Oct 2026 12:00", "Sun 25 Oct 2026 11:00"),  # clocks go back
    ("Sun 25 Oct 2026 00:30", "Sun 25 Oct 2026 23:30"),
    ("Thu 31 Dec 2026 18:00", "Fri 1 Jan 2027 18:00"),  # a bank holiday does not stop the clock
]  # fmt: skip


@pytest.mark.parametrize(("received", "due"), ACKNOWLEDGEMENTS)
def test_an_acknowledgement_is_due_after_24_elapsed_hours(received, due):
    found = dates(PROCEDURES["restart"], CALENDARS["england-and-wales"], "1", received)
    assert found["acknowledge_by"] == f"{due}, commitment"


WINDOWS = [
    ("restart", "1", {"responded": "Mon 31 Aug 2026"}, "escalate_until", "Sun 28 Feb 2027, commitment"),  # clamped, not rolled
    ("restart", "1", {"responded": "Tue 31 Aug 2027"}, "escalate_until", "Tue 29 Feb 2028, commitment"),  # leap year
    ("restart", "2", {"responded": "Thu 31 Dec 2026"}, "escalate_until", "Wed 30 Jun 2027, commitment"),
    ("restart", "3", {"responded": "Thu 25 Jun 2026"}, "escalate_until", "Fri 25 Dec 2026, inferred"),  # Christmas Day stands
    ("restart", "1", {"responded": "Sat 28 Feb 2026"}, "escalate_until", "Fri 28 Aug 2026, commitment"),  # not sticky
    ("charity", "1", {"responded": "Sat 31 Jan 2026"}, "escalate_until", "Sat 28 Feb 2026, commitment"),
    ("charity", "1", {"event": "Mon 30 Nov 2026"}, "raise_by", "Sun 28 Feb 2027, commitment"),
    ("fos", "1", {"responded": "Sat 31 Oct 2026", "case_closed": "Fri 30 Oct 2026"}, "escalate_until", "Mon 30 Nov 2026, commitment"),
    ("fos", "1", {"event": "Mon 30 Nov 2026", "case_closed": "Tue 1 Dec 2026"}, "raise_by", "Sun 28 Feb 2027, commitment"),
]  # fmt: skip


@pytest.mark.parametrize(("procedure", "stage", "given", "key", "expected"), WINDOWS)
def test_windows_end_on_the_corresponding_date(procedure, stage, given, key, expected):
    found = dates(PROCEDURES[procedure], CALENDARS["england-and-wales"], stage, RECEIVED, **given)
    assert found[key] == expected


@pytest.mark.parametrize(
    ("received", "end"),
    [
        ("Mon 2 Mar 2026 10:00", "Mon 27 Apr 2026, commitment"),  # over the clock change
        ("Sat 31 Oct 2026 23:59", "Sat 26 Dec 2026, commitment"),  # on Boxing Day, not rolled
        ("Wed 4 Nov 2026 00:00", "Wed 30 Dec 2026, commitment"),
    ],
)
def test_eight_weeks_are_56_days(received, end):
    found = dates(PROCEDURES["ipes"], CALENDARS["england-and-wales"], "complaint", received)
    assert found["eight_weeks_end"] == end


def test_every_date_says_how_it_was_counted_and_where_it_comes_from():
    found = all_dates(PROCEDURES["restart"], CALENDARS["england-and-wales"], "1", moment(RECEIVED))
    assert found["respond_by"] == {
        "at": "2026-05-11T23:59:59+01:00",
        "date": "2026-05-11",
        "kind": "commitment",
        "source": "Serco Restart complaints procedure, Stage 1, Formal Response",
        "count": "received Fri 1 May 2026 5:40pm; Sat 2 May, Sun 3 May not counted; "
        "Mon 4 May bank holiday (Early May bank holiday); day 1 = Tue 5 May to day 4 = Fri 8 May; "
        "Sat 9 May, Sun 10 May not counted; day 5 = Mon 11 May 2026",
    }


def test_a_stated_date_is_weighed_against_our_own_count():
    def count(stated: str) -> str:
        found = all_dates(
            PROCEDURES["ipes"],
            CALENDARS["england-and-wales"],
            "ice_correspondence",
            moment(RECEIVED),
            stated=day(stated),
        )
        return found["respond_by"]["count"]

    assert "they state Thu 7 May 2026, earlier than or the same as our own count" in count("Thu 7 May 2026")
    assert "they state Tue 12 May 2026, later than the Mon 11 May 2026 that the rule allows" in count(
        "Tue 12 May 2026"
    )
    assert "they state Tue 7 Apr 2026, which is before receipt, so it is not used" in count("Tue 7 Apr 2026")


def test_what_is_not_known_is_refused_and_says_so():
    england = CALENDARS["england-and-wales"]
    with pytest.raises(CalendarEnds, match="2018-01-01 to 2027-12-31, asked for 2028-01-01"):
        dates(PROCEDURES["restart"], england, "1", "Thu 23 Dec 2027 10:00")
    with pytest.raises(
        RuleError, match="use one of complaint, ice_correspondence, ice_papers_request, ice_draft_report"
    ):
        dates(PROCEDURES["ipes"], england, "1", RECEIVED)
    with pytest.raises(RuleError, match="no version in force on 2023-05-09; its first is from 2023-05-10"):
        load(RULES, "ipes").on(date(2023, 5, 9))


def test_the_stages_that_people_ask_for_are_there():
    desks = ["ice_correspondence", "ice_papers_request", "ice_draft_report", "contribution_request"]
    for name, ladder in {
        "restart": ["1", "2", "3"],
        "ipes": ["complaint"],
        "council": ["1", "2"],
        "fos": ["1", "2"],
        "charity": ["1", "2"],
    }.items():
        assert stage_names(PROCEDURES[name])[: len(ladder) + 4] == ladder + desks


def test_a_data_protection_complaint_has_its_own_30_days():
    found = dates(
        PROCEDURES["fos"], CALENDARS["england-and-wales"], "data_protection_complaint", "Thu 2 Jul 2026 10:00"
    )
    assert found == {"acknowledge_by": "Mon 3 Aug 2026, commitment"}  # day 30 is Sat 1 August


def test_days_are_local_days_whatever_zone_a_time_is_given_in():
    late = datetime(2026, 6, 4, 23, 30, tzinfo=UTC)  # Friday 5 June, half past midnight in London
    found = all_dates(PROCEDURES["restart"], CALENDARS["england-and-wales"], "1", late, responded=late)
    assert shown(found["acknowledge_by"]) == "Sat 6 Jun 2026 00:30, commitment"
    assert shown(found["respond_by"]) == "Fri 12 Jun 2026, commitment"
    assert shown(found["escalate_until"]) == "Sat 5 Dec 2026, commitment"
