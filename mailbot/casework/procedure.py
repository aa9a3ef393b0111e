"""One version of one published complaint procedure, as casework sees it: data with a source on every number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mailbot.casework.conventions import Conventions


class Unit(StrEnum):
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


class Kind(StrEnum):
    """How strong a promise is: the text says "will", "aim to", it is ours alone, or it is read into the text."""

    COMMITMENT = "commitment"
    AIM = "aim"
    HOUSE = "house"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Period:
    amount: int
    unit: Unit


@dataclass(frozen=True)
class Holding:
    """Whether a holding letter may move this date, and when a person is warned."""

    must_state_date: bool = True
    warn_over_working_days: int = 10
    most_without_supervisor: int = 1
    most_working_days: int | None = None  # a limit for one letter; the texts give none
    most_letters: int | None = None


@dataclass(frozen=True)
class ClockRule:
    """A promise with a date: `within` is the limit, `target` an earlier date aimed at ("10 to 20 working days").

    `within` is None where no text gives a clock and only a date that the partner states can set one.
    """

    name: str  # "acknowledge", "respond"
    counted_from: str  # "received" (the message that opened this stage), "case_received" (the first complaint), "acknowledged"
    within: Period | None
    kind: Kind
    source: str
    target: Period | None = None
    earlier_stated: bool = False  # ICE and contributions: the earlier of the date they state and `within`
    pauses_for: tuple[str, ...] = ()  # side states in which this clock stands still
    holding: Holding | None = None
    remind_before: tuple[int, ...] = (2, 1, 0)  # working days before the due day
    convention: Conventions = field(default_factory=Conventions)


@dataclass(frozen=True)
class WindowRule:
    """The time in which the complainant may go further; `within` is None where the text gives none."""

    name: str  # "escalate", "raise", "eight_weeks"
    counted_from: str  # "responded", "case_received", "event", "case_closed"
    within: Period | None
    to: str  # a stage id, or "external:ice"
    kind: Kind
    source: str
    or_until: str | None = None  # "case_closed": open until then too, whichever is later
    no_end_before: bool = False  # while the moment of `or_until` is unknown, the window has no end
    soft: bool = False  # the text says "should": what comes later is accepted and flagged
    convention: Conventions = field(default_factory=Conventions)


@dataclass(frozen=True)
class Stage:
    """One step of the complaint ladder."""

    id: str  # "1", "2", "3", or "complaint" where there is one stage only
    label: str  # "stage 1", as letters say it
    handler: str  # the role that answers, as the published text names it
    clocks: tuple[ClockRule, ...]
    windows: tuple[WindowRule, ...]
    acknowledgement: str  # letter name
    next: str | None = None  # stage id, or "external:..." after the last stage
    source: str = ""
    personal_contact: ClockRule | None = (
        None  # our own: a person gets in touch, whatever was sent automatically
    )

    def clock(self, name: str) -> ClockRule | None:
        return next((rule for rule in self.clocks if rule.name == name), None)


@dataclass(frozen=True)
class Desk:
    """Correspondence with a partner that has a clock of its own: ICE, contribution requests."""

    id: str  # "ice", "contribution"
    label: str
    clocks: Mapping[
        str, tuple[ClockRule, ...]
    ]  # by request: "correspondence", "papers_request", "draft_report", "request"
    acknowledgement: str
    source: str = ""


@dataclass(frozen=True)
class Doubt:
    """Why one fact about a contact may be wrong: another text says otherwise, or the text cannot be read."""

    field: str  # "phone", "email"
    reason: str
    other: str = ""  # what the other text says


@dataclass(frozen=True)
class Contact:
    """How to reach a body; `verified_on` is None until a person has checked it."""

    name: str
    lines: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    source: str = ""
    verified_on: date | None = None
    website: str | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Partner:
    """A body that writes to us in a role of its own, and how its mail is known."""

    id: str
    name: str
    role: str  # "examiner", "jobcentre", "lead_body"
    desk: str  # where its mail goes
    addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()  # nobody else writes from these
    shared_domains: tuple[str, ...] = ()  # others do too: a phrase must be there as well
    phrases: tuple[str, ...] = ()  # signature words, lower case
    source: str = ""

    def wrote(self, address: str, text: str) -> bool:
        """Whether sender and text are this partner's; a shared domain alone never decides."""
        address = address.lower()
        if address in self.addresses or _in_domains(address, self.own_domains):
            return True
        lowered = text.lower()
        return _in_domains(address, self.shared_domains) and any(phrase in lowered for phrase in self.phrases)


def _in_domains(address: str, domains: tuple[str, ...]) -> bool:
    domain = address.rpartition("@")[2]
    return any(domain == known or domain.endswith("." + known) for known in domains)


@dataclass(frozen=True)
class Redirect:
    """Matter that another body or team answers; mailbot proposes it, a person approves."""

    id: str
    when: tuple[str, ...]  # flags or topics of the message
    letter: str
    kind: Kind
    source: str
    keep: str = ""  # the side state of the case meanwhile, such as "awaiting_jobcentre"
    split: bool = False  # what remains ours stays here as an issue of its own


@dataclass(frozen=True)
class Exclusion:
    """What the procedure does not cover, and the redirect that says where it belongs."""

    topic: str
    redirect: str
    source: str


@dataclass(frozen=True)
class Money:
    """A sum that follows from an outcome, for a person to confirm."""

    name: str
    pounds: int
    when: str
    source: str
    review: str = ""


@dataclass(frozen=True)
class Procedure:
    """A procedure at one version; a case keeps the version it opened under."""

    id: str
    version: str  # the in_force_from date, ISO
    name: str
    organisation: str
    source: str
    calendar: str
    timezone: str
    reference_prefix: str
    stages: tuple[Stage, ...]
    desks: Mapping[str, Desk] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)  # every alternative, default or chosen
    partners: Mapping[str, Partner] = field(default_factory=dict)
    redirects: tuple[Redirect, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    money: tuple[Money, ...] = ()
    outcomes: tuple[str, ...] = ()
    response_phrases: tuple[str, ...] = ()  # lower case; how the team's formal response is recognised
    holding_phrases: tuple[str, ...] = ()  # lower case; how its holding letter is recognised

    def stage(self, id: str) -> Stage:
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise KeyError(f"procedure {self.id} {self.version} has no stage {id!r}")

    @property
    def first_stage(self) -> Stage:
        return self.stages[0]

    def stage_after(self, id: str) -> Stage | None:
        """The next internal stage, or None when only an outside body is left."""
        following = self.stage(id).next
        return next((stage for stage in self.stages if stage.id == following), None)

    def partner(self, address: str, text: str) -> Partner | None:
        """The partner that wrote a message, known by exact address, own domain, or shared domain and its words."""
        return next((partner for partner in self.partners.values() if partner.wrote(address, text)), None)
