"""How days, hours and months are counted: our reading of the texts, each with its other reading as a setting."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Hours(StrEnum):
    """What "within 24 hours" means over weekends and clock changes."""

    ELAPSED = "elapsed"
    SAME_WALL_CLOCK = "same_wall_clock"
    END_OF_NEXT_WORKING_DAY = "end_of_next_working_day"


class Months(StrEnum):
    """Where "six months later" falls."""

    CORRESPONDING = "corresponding"  # the same day number, or the last day of a shorter month
    END_OF_MONTH_STICKY = "end_of_month_sticky"  # from the last day of a month to the last day of a month
    THIRTY_DAYS = "thirty_days"  # each month counts as 30 days


class Roll(StrEnum):
    """What becomes of a last day that is not a working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True)
class Conventions:
    """One rule's way of counting; the defaults are the decisions taken, every field is open to an organisation."""

    hours: Hours = Hours.ELAPSED
    months: Months = Months.CORRESPONDING
    roll: Roll = Roll.NONE  # periods in days and months only
    receipt_day_counts: bool = False  # True: a working day of receipt is day 1
    deemed_receipt: bool = False  # True: what comes on a day off counts as received on the next working day
    cutoff: time | None = None  # local; what comes later counts as the next working day's, days off included
    due_time: time = time(23, 59, 59)  # local, on the last day
    post_days: int = 0  # days until a response sent counts as received; 0 counts from the day of sending
    stated_wins: bool = False  # True: a partner's stated date holds even where it is later than the rule's
    limit_at_target: bool = False  # True: "10 to 20 working days" is late after 10
    aims_as_commitments: bool = False  # True: "we aim to" is reported like "we will"
