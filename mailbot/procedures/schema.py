"""What a rules file may hold, key by key."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mailbot.casework.procedure import Kind, Unit
from mailbot.procedures.settings import ConventionsTable, SettingsTable
from mailbot.procedures.table import Table

Text = Annotated[str, StringConstraints(min_length=1)]
Lower = Annotated[str, StringConstraints(min_length=1, to_lower=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]
Target = Annotated[str, StringConstraints(pattern=r"^(external:)?[a-z0-9_-]+$")]


class PeriodTable(Table):
    """At most one of the four units."""

    hours: int | None = Field(default=None, ge=1)
    working_days: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        given = self.units()
        if len(given) > 1:
            raise PydanticCustomError(
                "units",
                "give one of hours, working_days, days, months, not {given}",
                {"given": " and ".join(given)},
            )
        return self

    def units(self) -> list[str]:
        return [unit for unit in Unit if getattr(self, unit) is not None]


class HoldingTable(Table):
    must_state_date: bool = True
    warn_over_working_days: int = Field(default=10, ge=1)
    most_without_supervisor: int = Field(default=1, ge=0)
    most_working_days: int | None = Field(default=None, ge=1)
    most_letters: int | None = Field(default=None, ge=1)


class ClockTable(PeriodTable):
    name: Literal["acknowledge", "respond", "personal_contact"]
    kind: Kind
    source: Text
    counted_from: Literal["received", "case_received", "acknowledged"] = "received"
    target: PeriodTable | None = None
    earlier_stated: bool = False
    pauses_for: tuple[Name, ...] = ()
    holding: HoldingTable | None = None
    remind_before: tuple[int, ...] = (2, 1, 0)
    conventions: ConventionsTable | None = None

    @model_validator(mode="after")
    def _has_a_period(self) -> Self:
        if not (self.units() or self.earlier_stated):
            raise PydanticCustomError(
                "no_period",
                "give hours, working_days, days or months (or earlier_stated = true), or leave the clock out",
            )
        return self


class DeskClockTable(ClockTable):
    requests: tuple[Name, ...] = Field(min_length=1)


class WindowTable(PeriodTable):
    """Without a period the window has no end."""

    name: Literal["escalate", "raise", "eight_weeks"]
    kind: Kind
    source: Text
    counted_from: Literal["responded", "received", "case_received", "event", "case_closed"]
    to: Target
    or_until: Literal["case_closed"] | None = None
    no_end_before: bool = False
    soft: bool = False
    conventions: ConventionsTable | None = None


class StageTable(Table):
    id: Name
    label: Text
    handler: Text
    source: Text
    acknowledgement: Name
    next: Target | None = None
    personal_contact: ClockTable | None = None
    clock: tuple[ClockTable, ...] = ()
    window: tuple[WindowTable, ...] = ()


class DeskTable(Table):
    label: Text
    source: Text
    acknowledgement: Name
    clock: tuple[DeskClockTable, ...] = Field(min_length=1)


class DoubtTable(Table):
    field: Literal["name", "lines", "email", "phone", "website"]
    reason: Text
    other: str = ""


class ContactTable(Table):
    name: Text
    source: Text
    lines: tuple[Text, ...] = ()
    email: Text | None = None
    phone: Text | None = None
    website: Text | None = None
    verified_on: date | None = None
    doubts: tuple[DoubtTable, ...] = ()


class PartnerTable(Table):
    name: Text
    role: Literal["examiner", "jobcentre", "lead_body"]
    desk: Name
    source: Text
    addresses: tuple[Lower, ...] = ()
    own_domains: tuple[Lower, ...] = ()
    shared_domains: tuple[Lower, ...] = ()
    phrases: tuple[Lower, ...] = ()


class RedirectTable(Table):
    id: Name
    when: tuple[Name, ...] = Field(min_length=1)
    letter: Name
    kind: Kind
    source: Text
    keep: str = ""
    split: bool = False


class ExclusionTable(Table):
    topic: Name
    redirect: Name
    source: Text


class MoneyTable(Table):
    name: Name
    pounds: int = Field(ge=1)
    when: Name
    source: Text
    review: str = ""


class SharedFile(Table):
    """A file of `rules/shared/`: what several procedures have in common."""

    desk: dict[Name, DeskTable] = Field(default_factory=dict)
    partner: dict[Name, PartnerTable] = Field(default_factory=dict)
    redirect: tuple[RedirectTable, ...] = ()
    money: tuple[MoneyTable, ...] = ()


class IncludeTable(Table):
    """A shared file taken into a version; `kind` and `because` replace how strongly its promises are published."""

    file: Name
    kind: Kind | None = None
    because: str = ""


class VersionTable(SharedFile):
    in_force_from: date
    name: Text
    source: Text
    calendar: Name
    timezone: Text = "Europe/London"
    include: tuple[IncludeTable, ...] = ()
    conventions: ConventionsTable = ConventionsTable()
    settings: SettingsTable = SettingsTable()
    stage: tuple[StageTable, ...] = Field(min_length=1)
    exclusion: tuple[ExclusionTable, ...] = ()
    outcomes: tuple[Name, ...] = (
        "upheld",
        "partly_upheld",
        "not_upheld",
        "resolved",
        "withdrawn",
        "out_of_scope",
    )
    response_phrases: tuple[Lower, ...] = Field(min_length=1)
    holding_phrases: tuple[Lower, ...] = ()


class ProcedureFile(Table):
    """A file of `rules/procedures/`. Contacts are today's facts, so they stand outside the versions."""

    id: Name
    organisation: Text
    reference_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
    contact: dict[Name, ContactTable] = Field(default_factory=dict)
    version: tuple[VersionTable, ...] = Field(min_length=1)


class ContactChange(Table):
    """What a person has checked or put right about a contact."""

    name: Text | None = None
    lines: tuple[Text, ...] | None = None
    email: Text | None = None
    phone: Text | None = None
    website: Text | None = None
    verified_on: date | None = None


class AdjustmentFile(Table):
    """A file of `adjust/`: an organisation's own settings for a shipped procedure, without a copy of it.

    Settings hold for every version, its own included.
    """

    version: tuple[VersionTable, ...] = ()
    contact: dict[Name, ContactChange] = Field(default_factory=dict)
    conventions: ConventionsTable = ConventionsTable()
    settings: SettingsTable = SettingsTable()
