"""What follows when a stage is answered, or when the complainant is told a later date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.casework import matters, windows
from mailbot.casework.asking import question
from mailbot.casework.case import Case, Deadline, DeadlineState, Issue, StageInstance, StageState
from mailbot.casework.changes import Changes
from mailbot.casework.facts import HoldingLetterSent, Responded
from mailbot.casework.procedure import Holding
from mailbot.casework.promises import close_tasks, close_tasks_of, end_pauses, met
from mailbot.casework.reminders import working_days_late
from mailbot.casework.rules import Rules
from mailbot.casework.told import Outcome, OutcomesFound


def responded(case: Case, fact: Responded, rules: Rules) -> Changes:
    """An answer keeps its promise, unless it is the last one and does not say who may be asked next."""
    instance = case.stage(fact.instance)
    if instance.responded is not None and fact.message:
        return Changes()  # one more letter about an answer that has gone; only a person's word moves its date
    if not fact.names_next_body and rules.is_ladder(instance):
        stage = rules.procedure.stage(instance.stage)
        if windows.is_last(stage):
            reason = "our last answer does not seem to say who may be asked next: is that in it?"
            return question(case, "next_body_missing", fact.at, reason, instance=instance.id)
    return answered(case, instance, fact.at, fact.outcomes, rules)


def answered(
    case: Case, instance: StageInstance, at: datetime, outcomes: tuple[Outcome, ...], rules: Rules
) -> Changes:
    """The instance has its answer: promises kept, points decided, ways further opened."""
    kept = Changes()
    for promise in ("respond", "acknowledge", "personal_contact"):
        kept += met(case, instance.id, promise, at, "person")
    kept += close_tasks(case, instance.id, "acknowledge_by_hand", at)
    kept += end_pauses(case, instance.id, at)
    row = replace(instance, responded=at)
    opened = windows.opened(case, row, rules)
    row = replace(row, state=_state(row, rules))
    ways = Changes(stages=(row,), windows=opened + windows.stopped(case, instance, rules))
    decided = _decided(case, at, outcomes)
    return kept + ways + decided + _open_points(case, row, decided, rules) + matters.replied(case, row, at)


def found(case: Case, fact: OutcomesFound, _rules: Rules) -> Changes:
    """What was found on each point; the question is answered once no point of ours is left."""
    decided = _decided(case, fact.at, fact.outcomes)
    settled = {issue.id for issue in (*case.issues, *decided.issues) if issue.outcome or issue.answered_by}
    settled |= {issue.id for issue in decided.issues}
    left = {issue.id for issue in case.issues} - settled
    return decided if left else decided + close_tasks_of(case, ("outcomes_missing",), fact.at)


def _state(instance: StageInstance, rules: Rules) -> StageState:
    """Open to go further; what has gone further already stays there."""
    if instance.state is StageState.ESCALATED:
        return StageState.ESCALATED
    if not rules.is_ladder(instance):
        return StageState.ENDED
    ways = rules.procedure.stage(instance.stage).windows
    further = any(rule.name == "escalate" for rule in ways)
    return StageState.WINDOW_OPEN if further else StageState.ENDED


def _decided(case: Case, at: datetime, outcomes: tuple[Outcome, ...]) -> Changes:
    """Each point with the outcome that it was given by its number, else by the outcome given for all."""
    named = {outcome.issue: outcome.outcome for outcome in outcomes}
    rows = []
    for issue in case.issues:
        outcome = named.get(issue.id, "" if issue.answered_by else named.get("", ""))
        if outcome:
            rows.append(replace(issue, outcome=outcome, decided=at))
    if not case.issues and named.get(""):
        rows.append(Issue("1", "the complaint", case.received, named[""], at))
    return Changes(issues=tuple(rows))


def _open_points(case: Case, instance: StageInstance, decided: Changes, rules: Rules) -> Changes:
    """A point without an outcome is asked for: an answer finds something on each."""
    settled = {issue.id for issue in decided.issues}
    left = [
        issue.id
        for issue in case.issues
        if issue.id not in settled and not issue.outcome and not issue.answered_by
    ]
    if not left or not rules.is_ladder(instance) or instance.responded is None:
        return Changes()
    reason = f"the answer has gone; what was found on point {', '.join(left)}?"
    return question(case, "outcomes_missing", instance.responded, reason, instance=instance.id)


def held(case: Case, fact: HoldingLetterSent, rules: Rules) -> Changes:
    """A holding letter moves the date; the original one is kept, since moving it does not keep it."""
    instance = case.stage(fact.instance)
    promise = case.deadline(f"{instance.id}/respond")
    if promise is None or promise.state is not DeadlineState.RUNNING:
        return Changes()
    if fact.new_due <= promise.due:
        reason = (
            "a holding letter names a date that is no later than the one we gave before: which date holds?"
        )
        return question(case, "holding_to_check", fact.at, reason, instance=instance.id)
    row = replace(instance, state=StageState.HOLDING, holdings=instance.holdings + 1)
    moved = Changes(stages=(row,), deadlines=(replace(promise, due=fact.new_due),))
    doubts = "; ".join(_doubts(row, promise, fact, rules))
    if not doubts:
        return moved
    return moved + question(case, "holding_to_check", fact.at, doubts, instance=instance.id)


def _doubts(
    instance: StageInstance, promise: Deadline, fact: HoldingLetterSent, rules: Rules
) -> Iterator[str]:
    """What a supervisor should look at; nothing of it stops the letter, which has gone."""
    rule = next((clock for clock in rules.clocks_of(instance) if clock.name == "respond"), None)
    holding = (rule.holding if rule else None) or Holding()
    zone = ZoneInfo(rules.procedure.timezone)
    days = working_days_late(promise.due, fact.new_due, rules.calendar, zone)
    if fact.at > promise.due:
        yield "the holding letter went after the date that it moves"
    if instance.holdings > holding.most_without_supervisor:
        yield f"this is holding letter {instance.holdings}: a supervisor must agree to it"
    if holding.most_letters is not None and instance.holdings > holding.most_letters:
        yield f"the procedure allows {holding.most_letters}"
    if days > holding.warn_over_working_days:
        yield f"the new date is {days} working days later"
    if holding.most_working_days is not None and days > holding.most_working_days:
        yield f"the procedure allows {holding.most_working_days} working days"
