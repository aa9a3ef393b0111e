"""What an organisation may set about a procedure: how it counts, and who decides what; each default is a decision taken."""

from datetime import time
from typing import Literal

from pydantic import Field

from mailbot.casework.conventions import Hours, Months, Roll
from mailbot.procedures.table import Table


class ConventionsTable(Table):
    """Keys of `[version.conventions]` and of a clock's or window's own `conventions`; what is left out stays as it was."""

    hours: Hours = Hours.ELAPSED
    months: Months = Months.CORRESPONDING
    roll: Roll = Roll.NONE
    receipt_day_counts: bool = False
    deemed_receipt: bool = False
    cutoff: time | None = None
    due_time: time = time(23, 59, 59)
    post_days: int = Field(default=0, ge=0, le=14)
    stated_wins: bool = False
    limit_at_target: bool = False
    aims_as_commitments: bool = False


class SettingsTable(Table):
    """Keys of `[version.settings]`. The first value of each is the default; the others are the known alternatives."""

    languages: tuple[Literal["en", "cy"], ...] = ("en",)
    receipt_source: Literal["server", "date_header", "first_seen"] = "server"
    acknowledgement_counts: Literal["automated", "human_only"] = "automated"
    house_acknowledgement: bool = True
    premature_escalation: Literal["contact_on_open_stage", "next_stage"] = "contact_on_open_stage"
    no_response: Literal["flag", "next_stage", "outside_body"] = "flag"
    no_response_limit: Literal["revised", "original"] = "revised"
    eight_weeks_stopped_by: Literal["final_response", "any_response"] = "final_response"
    raise_window_covers: Literal["informal", "informal_and_formal"] = "informal"
    elected_member_authority: bool = False
    recovery_on: tuple[Literal["upheld", "partly_upheld"], ...] = ("upheld",)
    mixed_complaint: Literal["await_lead", "await_lead_and_answer_ours"] = "await_lead"
    combined_response_date: Literal["issued", "learned"] = "issued"
    withdrawal_by_representative: Literal["confirm", "accept"] = "confirm"
    chaser: Literal["link_only", "always_acknowledge"] = "link_only"
    proclaimed_holiday: Literal["recompute", "freeze"] = "recompute"
    mp_filter_note: bool = False
