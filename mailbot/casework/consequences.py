"""What follows from an event on a case: clocks to start and stop, letters owed, questions for people.

Nothing here refuses, redirects, closes or upholds by itself: timers record facts, people decide.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mailbot.casework import answers, clocks, joining, matters, redirects, sorting, standing, windows
from mailbot.casework.arrivals import WORKING, arrived
from mailbot.casework.asking import question
from mailbot.casework.case import (
    Case,
    CaseState,
    DeadlineState,
    Issue,
    KnownDate,
    StageInstance,
    StageState,
)
from mailbot.casework.changes import Changes, Letter
from mailbot.casework.decisions import decided
from mailbot.casework.facts import (
    Acknowledged,
    AcknowledgementFailed,
    Closed,
    Contacted,
    Decided,
    DuePassed,
    Fact,
    HoldingLetterSent,
    NothingOwed,
    Received,
    Responded,
    WindowEnded,
)
from mailbot.casework.opening import ended
from mailbot.casework.promises import close_tasks, close_tasks_of, met
from mailbot.casework.rules import Rules
from mailbot.casework.told import (
    Absorbed,
    AuthorityGiven,
    CalendarChosen,
    CombinedResponseIssued,
    DateLearned,
    MergedInto,
    OutcomesFound,
    PartyJoined,
    PartyLeft,
    PointsNamed,
    ReceivedEarlier,
    Recounted,
    Redirected,
    Reopened,
    SortedAnew,
    SplitFrom,
    SplitOff,
    StepTaken,
    SumRecorded,
    Waiting,
    WaitingOver,
)


def consequences(case: Case, fact: Fact, rules: Rules) -> Changes:
    """All that follows from `fact` on `case`; same arguments, same answer."""
    return _FOLLOWS[type(fact)](case, fact, rules)


def _acknowledged(case: Case, fact: Acknowledged, rules: Rules) -> Changes:
    """The complainant has been told. Where only a person's word counts, an automatic letter leaves the clock running."""
    human_only = rules.procedure.settings["acknowledgement_counts"] == "human_only"
    if human_only and fact.by == "automated":
        return Changes()
    by_hand = close_tasks(case, fact.instance, "acknowledge_by_hand", fact.at)
    told = met(case, fact.instance, "acknowledge", fact.at, fact.by)
    started = clocks.start_after_acknowledgement(case, case.stage(fact.instance), fact.at, rules)
    return told + by_hand + Changes(deadlines=started)


def _contacted(case: Case, fact: Contacted, rules: Rules) -> Changes:
    """A person has been in touch: that acknowledges, and it is the contact that was promised beside any letter."""
    told = _acknowledged(case, Acknowledged(fact.instance, fact.at, "person"), rules)
    return told + met(case, fact.instance, "personal_contact", fact.at, "person")


def _failed(case: Case, fact: AcknowledgementFailed, _rules: Rules) -> Changes:
    """The person has not been told, or nobody knows: the promise runs on, and somebody must keep it by hand."""
    reason = ("it may or may not have arrived: " if fact.uncertain else "") + fact.why
    by_hand = question(case, "acknowledge_by_hand", fact.at, reason, instance=fact.instance, urgent=True)
    promise = case.deadline(f"{fact.instance}/acknowledge")
    if promise is None or promise.state is DeadlineState.STOPPED:
        return by_hand
    unmet = replace(promise, state=DeadlineState.RUNNING, met_at=None, met_by="")
    return by_hand + Changes(deadlines=(unmet,))


def _nothing_owed(case: Case, fact: NothingOwed, _rules: Rules) -> Changes:
    instance = case.stage(fact.instance)
    over = ended(case, instance, fact.at)
    return over + matters.replied(case, instance, fact.at)


def _due_passed(case: Case, fact: DuePassed, _rules: Rules) -> Changes:
    promise = case.deadline(fact.deadline)
    return Changes(deadlines=(replace(promise, late=True),)) if promise else Changes()


def _window_ended(case: Case, fact: WindowEnded, rules: Rules) -> Changes:
    """The time is over: a fact. What the complainant may do next, a person tells them."""
    window = case.window(fact.window)
    if window is None:
        return Changes()
    over = Changes(windows=(replace(window, over=True),))
    instance = case.stage(window.instance)
    if window.id.endswith("/escalate") and instance.state is StageState.WINDOW_OPEN:
        return over + Changes(stages=(replace(instance, state=StageState.LAPSED),))
    if window.id.endswith(f"/{windows.EIGHT_WEEKS}"):
        return over + _eight_weeks_over(case, fact, instance, rules)
    return over


def _eight_weeks_over(case: Case, fact: WindowEnded, instance: StageInstance, rules: Rules) -> Changes:
    if rules.procedure.settings["no_response"] != "outside_body" or instance.state not in WORKING:
        return Changes()
    reason = "eight weeks have passed without our final answer: they may choose to go to the outside body; tell them"
    return question(case, "eight_weeks_over", fact.at, reason, instance=instance.id)


def _closed(case: Case, fact: Closed, rules: Rules) -> Changes:
    """A person ends the complaint; what a partner has asked for is still owed, and the time to come back stays."""
    state = CaseState(fact.how)
    over = Changes(state=state) + close_tasks_of(case, ("withdrawal",), fact.at)
    for instance in case.stages:
        if instance.state in WORKING and instance.stage not in rules.procedure.desks:
            over += ended(case, instance, fact.at)
            over += _way_back(case, instance, fact, rules)
    return over


def _way_back(case: Case, instance: StageInstance, fact: Closed, rules: Rules) -> Changes:
    """Withdrawn or settled, the complainant may still go further, as after an answer; a withdrawal is confirmed."""
    state = CaseState(fact.how)
    if state is CaseState.CLOSED or not rules.is_ladder(instance):
        return Changes()
    left = replace(instance, state=StageState.WINDOW_OPEN, responded=fact.at)
    letters: tuple[Letter, ...] = ()
    if state is CaseState.WITHDRAWN and instance.answerable:
        letter = Letter(
            "withdrawn", f"withdrawn/{instance.id}", instance.id, instance.sender, instance.message
        )
        letters = (letter,)
    return Changes(stages=(left,), windows=windows.opened(case, left, rules), letters=letters)


def _points_named(case: Case, fact: PointsNamed, _rules: Rules) -> Changes:
    first = len(case.issues) + 1
    points = tuple(Issue(str(number), point, fact.at) for number, point in enumerate(fact.points, first))
    return Changes(issues=points)


def _date_learned(case: Case, fact: DateLearned, rules: Rules) -> Changes:
    learned = KnownDate(fact.name, fact.on)
    known = replace(case, dates=(*(date for date in case.dates if date.id != fact.name), learned))
    opened = tuple(window for instance in case.stages for window in windows.opened(known, instance, rules))
    late = ("raised_late",) if windows.raised_late(known, opened, rules) else ()
    return Changes(dates=(learned,), windows=opened, flags=late)


def _calendar_chosen(_case: Case, fact: CalendarChosen, _rules: Rules) -> Changes:
    return Changes(calendar=fact.calendar)


def _recounted(case: Case, _fact: Recounted, rules: Rules) -> Changes:
    return Changes(deadlines=clocks.recount(case, rules))


_FOLLOWS: dict[type[Fact], Callable[[Case, Any, Rules], Changes]] = {
    Received: arrived,
    Acknowledged: _acknowledged,
    AcknowledgementFailed: _failed,
    Contacted: _contacted,
    Responded: answers.responded,
    HoldingLetterSent: answers.held,
    NothingOwed: _nothing_owed,
    Decided: decided,
    DuePassed: _due_passed,
    WindowEnded: _window_ended,
    Closed: _closed,
    PointsNamed: _points_named,
    OutcomesFound: answers.found,
    Waiting: standing.waiting,
    WaitingOver: standing.waiting_over,
    AuthorityGiven: standing.authority_given,
    PartyJoined: standing.party_joined,
    PartyLeft: standing.party_left,
    DateLearned: _date_learned,
    ReceivedEarlier: joining.received_earlier,
    Redirected: redirects.redirected,
    CombinedResponseIssued: matters.combined,
    StepTaken: matters.step_taken,
    SumRecorded: matters.sum_recorded,
    Reopened: joining.reopened,
    SortedAnew: sorting.sorted_anew,
    MergedInto: joining.merged_into,
    Absorbed: joining.absorbed,
    SplitOff: joining.split_off,
    SplitFrom: joining.split_from,
    Recounted: _recounted,
    CalendarChosen: _calendar_chosen,
}
"""Every fact but Undone, whose rows come from the record itself (casework.undoing)."""
