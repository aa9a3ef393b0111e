"""From the tables of a rules file to the procedure that casework follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from mailbot.casework.conventions import Conventions
from mailbot.casework.procedure import (
    ClockRule,
    Contact,
    Desk,
    Doubt,
    Exclusion,
    Holding,
    Kind,
    Money,
    Partner,
    Period,
    Procedure,
    Redirect,
    Stage,
    Unit,
    WindowRule,
)
from mailbot.procedures.schema import (
    AdjustmentFile,
    ClockTable,
    ContactChange,
    ContactTable,
    DeskTable,
    IncludeTable,
    PeriodTable,
    ProcedureFile,
    RedirectTable,
    SharedFile,
    StageTable,
    VersionTable,
    WindowTable,
)
from mailbot.procedures.settings import ConventionsTable


@dataclass(frozen=True)
class Parts:
    """Everything that one procedure is made from."""

    file: ProcedureFile
    adjustment: AdjustmentFile
    shared: Mapping[str, SharedFile]


def procedure(parts: Parts, version: VersionTable) -> Procedure:
    """One version, with what it includes and what the organisation has set."""
    whole = _as_written(parts, version)
    return whole if whole.settings["house_acknowledgement"] else _without_house_acknowledgement(whole)


def _as_written(parts: Parts, version: VersionTable) -> Procedure:
    convention = _changed(_changed(Conventions(), version.conventions), parts.adjustment.conventions)
    settings = version.settings.model_dump() | parts.adjustment.settings.model_dump(exclude_unset=True)
    included = [(include, parts.shared[include.file]) for include in version.include]
    sources = [*included, (IncludeTable(file="itself"), version)]
    return Procedure(
        id=parts.file.id,
        version=version.in_force_from.isoformat(),
        name=version.name,
        organisation=parts.file.organisation,
        source=version.source,
        calendar=version.calendar,
        timezone=version.timezone,
        reference_prefix=parts.file.reference_prefix,
        stages=tuple(_stage(table, convention) for table in version.stage),
        desks={
            name: _desk(name, table, include, convention)
            for include, shared in sources
            for name, table in shared.desk.items()
        },
        contacts=_contacts(parts),
        settings=settings,
        partners={
            name: Partner(id=name, **dict(table))
            for _, shared in sources
            for name, table in shared.partner.items()
        },
        redirects=tuple(
            _redirect(table, include) for include, shared in sources for table in shared.redirect
        ),
        exclusions=tuple(Exclusion(**dict(table)) for table in version.exclusion),
        money=tuple(Money(**dict(table)) for _, shared in sources for table in shared.money),
        outcomes=version.outcomes,
        response_phrases=version.response_phrases,
        holding_phrases=version.holding_phrases,
    )


def _without_house_acknowledgement(whole: Procedure) -> Procedure:
    """Only published acknowledgements have a date; letters are sent all the same."""

    def published(clocks: tuple[ClockRule, ...]) -> tuple[ClockRule, ...]:
        return tuple(clock for clock in clocks if (clock.name, clock.kind) != ("acknowledge", Kind.HOUSE))

    stages = tuple(replace(stage, clocks=published(stage.clocks)) for stage in whole.stages)
    desks = {
        name: replace(desk, clocks={request: published(clocks) for request, clocks in desk.clocks.items()})
        for name, desk in whole.desks.items()
    }
    return replace(whole, stages=stages, desks=desks)


def _stage(table: StageTable, convention: Conventions) -> Stage:
    contact = table.personal_contact
    return Stage(
        id=table.id,
        label=table.label,
        handler=table.handler,
        clocks=tuple(_clock(clock, convention) for clock in table.clock),
        windows=tuple(_window(window, convention) for window in table.window),
        acknowledgement=table.acknowledgement,
        next=table.next,
        source=table.source,
        personal_contact=_clock(contact, convention) if contact else None,
    )


def _desk(id: str, table: DeskTable, include: IncludeTable, convention: Conventions) -> Desk:
    clocks: dict[str, tuple[ClockRule, ...]] = {}
    for clock in table.clock:
        rule = _clock(clock, convention)
        reread = replace(
            rule, kind=_kind(rule.kind, include), source=_source(rule.source, rule.kind, include)
        )
        for request in clock.requests:
            clocks[request] = (*clocks.get(request, ()), reread)
    return Desk(id, table.label, clocks, table.acknowledgement, table.source)


def _clock(table: ClockTable, convention: Conventions) -> ClockRule:
    return ClockRule(
        name=table.name,
        counted_from=table.counted_from,
        within=_period(table),
        kind=table.kind,
        source=table.source,
        target=_period(table.target) if table.target else None,
        earlier_stated=table.earlier_stated,
        pauses_for=table.pauses_for,
        holding=Holding(**dict(table.holding)) if table.holding else None,
        remind_before=table.remind_before,
        convention=_changed(convention, table.conventions),
    )


def _window(table: WindowTable, convention: Conventions) -> WindowRule:
    return WindowRule(
        name=table.name,
        counted_from=table.counted_from,
        within=_period(table),
        to=table.to,
        kind=table.kind,
        source=table.source,
        or_until=table.or_until,
        no_end_before=table.no_end_before,
        soft=table.soft,
        convention=_changed(convention, table.conventions),
    )


def _redirect(table: RedirectTable, include: IncludeTable) -> Redirect:
    redirect = Redirect(**dict(table))
    return replace(
        redirect, kind=_kind(table.kind, include), source=_source(table.source, table.kind, include)
    )


def _contacts(parts: Parts) -> dict[str, Contact]:
    """The contacts of the file, each with what a person has put right; checking one settles its doubts."""
    changes = parts.adjustment.contact
    return {
        name: _contact(table, changes.get(name, ContactChange()))
        for name, table in parts.file.contact.items()
    }


def _contact(table: ContactTable, change: ContactChange) -> Contact:
    facts = dict(table) | _given(change)
    doubts = () if facts["verified_on"] else tuple(Doubt(**dict(doubt)) for doubt in table.doubts)
    return Contact(**(facts | {"doubts": doubts}))


def _kind(kind: Kind, include: IncludeTable) -> Kind:
    """An included promise is as strong as this procedure's text makes it; our own stay our own."""
    return kind if kind is Kind.HOUSE else include.kind or kind


def _source(source: str, kind: Kind, include: IncludeTable) -> str:
    return source if kind is Kind.HOUSE or not include.because else f"{source} ({include.because})"


def _period(table: PeriodTable) -> Period | None:
    return next((Period(getattr(table, unit), Unit(unit)) for unit in table.units()), None)


def _changed(convention: Conventions, table: ConventionsTable | None) -> Conventions:
    return replace(convention, **_given(table)) if table else convention


def _given(table: BaseModel) -> dict[str, Any]:
    """What the file says, without the defaults."""
    return {key: getattr(table, key) for key in table.model_fields_set}
