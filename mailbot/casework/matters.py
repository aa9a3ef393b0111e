"""Matters with a partner: how far the examiner's case, or a joint reply, has come, and the money that may follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from mailbot.casework import windows
from mailbot.casework.asking import question
from mailbot.casework.case import Case, CaseState, Proceeding, Role, StageInstance, StageState, Sum, Task
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Decided
from mailbot.casework.labels import Label
from mailbot.casework.promises import close_tasks, end_pauses, met
from mailbot.casework.rules import Rules
from mailbot.casework.told import CombinedResponseIssued, StepTaken, SumRecorded

EXAMINER, CONTRIBUTION = "ice", "contribution"
DESKS: Mapping[Label | None, str] = {
    Label.ICE_CORRESPONDENCE: EXAMINER,
    Label.CONTRIBUTION_REQUEST: CONTRIBUTION,
}
STEPS = {
    EXAMINER: (
        "notified",
        "completion_check",
        "revisit_steps",
        "resolution",
        "settlement",
        "draft_report",
        "awaiting",
        "final_report",
        "phso",
        "closed",
    ),
    CONTRIBUTION: (
        "requested",
        "gathering",
        "drafted",
        "approved",
        "awaiting_combined",
        "combined_issued",
        "closed",
    ),
}
"""The steps of each matter, in the order in which they mostly come."""

_STEP_OF_REQUEST = {"papers_request": "settlement", "draft_report": "draft_report"}
_WHEN_REPLIED = {EXAMINER: "awaiting", CONTRIBUTION: "awaiting_combined"}
_QUIET = frozenset(_WHEN_REPLIED.values()) | {"closed"}
_OPEN = (StageState.INVESTIGATING, StageState.HOLDING, StageState.AWAITING_JOBCENTRE)
_REPORT_UPHELD = "ice_final_report_upheld"


def letter_came(case: Case, desk: str, request: str, at: datetime) -> Changes:
    """A partner wrote: what it asks for says how far the matter has come, else a person does."""
    if desk not in STEPS:
        return Changes()
    before = case.proceeding(desk)
    step = _STEP_OF_REQUEST.get(request)
    if step is None and (before is None or before.step in _QUIET):
        step = STEPS[desk][0]
    if step is None:
        return Changes()
    return Changes(proceedings=(Proceeding(desk, step, at, before.outcome if before else ""),))


def replied(case: Case, instance: StageInstance, at: datetime) -> Changes:
    """Nothing is owed to the partner any more once every one of its letters is answered."""
    matter = case.proceeding(instance.stage)
    waiting = any(
        other.stage == instance.stage and other.id != instance.id and other.state in _OPEN
        for other in case.stages
    )
    if matter is None or waiting:
        return Changes()
    return Changes(proceedings=(replace(matter, step=_WHEN_REPLIED[instance.stage], since=at),))


def step_taken(case: Case, fact: StepTaken, rules: Rules) -> Changes:
    """A person says how far it has come; some steps raise a question."""
    if fact.step not in STEPS.get(fact.desk, ()):
        return Changes()
    before = case.proceeding(fact.desk)
    outcome = fact.outcome or (before.outcome if before else "")
    moved = Changes(proceedings=(Proceeding(fact.desk, fact.step, fact.at, outcome),))
    if fact.step == "revisit_steps":
        reason = "the examiner sends the complaint back to us: which stage is taken up again?"
        return moved + question(case, "revisit", fact.at, reason)
    if fact.step == "final_report":
        return moved + _ask_for_money(case, fact, rules)
    return moved


def _ask_for_money(case: Case, fact: StepTaken, rules: Rules) -> Changes:
    """Money is only ever recorded by a person; an outcome that may count without a rule is asked about openly."""
    money = next((item for item in rules.procedure.money if item.when == _REPORT_UPHELD), None)
    counts = rules.procedure.settings["recovery_on"]
    if money is None or fact.outcome not in ("upheld", "partly_upheld"):
        return Changes()
    sure = isinstance(counts, tuple) and fact.outcome in counts
    said = fact.outcome.replace("_", " ")
    reason = (
        f"the final report is {said}: are £{money.pounds:,} ({money.name}) recovered? Source: {money.source}"
    )
    return question(case, "money", fact.at, reason, proposal="record" if sure else "")


def money_decided(_case: Case, _task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    money = next((item for item in rules.procedure.money if item.when == _REPORT_UPHELD), None)
    if money is None or answer != "record":
        return Changes()
    return Changes(sums=(Sum(money.name, money.pounds, fact.at, fact.by, money.source),))


def sum_recorded(_case: Case, fact: SumRecorded, _rules: Rules) -> Changes:
    return Changes(sums=(Sum(fact.name, fact.pounds, fact.at, fact.by, fact.reason),))


def combined(case: Case, fact: CombinedResponseIssued, rules: Rules) -> Changes:
    """The joint answer counts as our first: whoever is not satisfied with our part goes to the next stage."""
    wanted = rules.procedure.settings["combined_response_date"]
    at = fact.issued if fact.issued and wanted == "issued" else fact.at
    first = rules.procedure.first_stage.id
    unanswered = (stage for stage in case.stages if stage.stage == first and stage.state in _OPEN)
    before = next(unanswered, None)
    instance = before or StageInstance(
        id=case.next_id(first),
        stage=first,
        state=StageState.INVESTIGATING,
        received=case.received,
        message="",
        sender=_whose(case),
        answerable=False,
    )
    row = replace(instance, state=StageState.WINDOW_OPEN, responded=at, reason="combined response")
    matter = Proceeding(CONTRIBUTION, "combined_issued", at)
    ways = windows.opened(case, row, rules) + windows.stopped(case, row, rules)
    kept = end_pauses(case, row.id, fact.at) + close_tasks(case, row.id, "acknowledge_by_hand", fact.at)
    for promise in ("respond", "acknowledge", "personal_contact"):
        kept += met(case, row.id, promise, at, "combined response")
    return kept + Changes(state=CaseState.OPEN, stages=(row,), windows=ways, proceedings=(matter,))


def _whose(case: Case) -> str:
    """The complainant's address; where only the partner has written so far, the partner's."""
    people = [party.id for party in case.parties if party.role is Role.COMPLAINANT]
    return people[0] if people else case.parties[0].id
