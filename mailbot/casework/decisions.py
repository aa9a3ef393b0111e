"""What follows when a person answers a question that mailbot asked."""

from collections.abc import Callable
from dataclasses import replace

from mailbot.casework import answers, matters, redirects, sorting, standing
from mailbot.casework.arrivals import WORKING, arrived
from mailbot.casework.case import Case, Task
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Decided, Received
from mailbot.casework.labels import Label
from mailbot.casework.opening import ended, open_stage
from mailbot.casework.promises import close_tasks, met
from mailbot.casework.rules import UNSORTED, Rules


def decided(case: Case, fact: Decided, rules: Rules) -> Changes:
    """The question is answered once, and what its kind makes of the answer follows."""
    task = case.task(fact.task)
    if task is None or task.done_at is not None:
        return Changes()
    answer = task.proposal if fact.answer == "accept" and task.proposal else fact.answer
    done = Changes(tasks=(replace(task, done_at=fact.at, done_by=fact.by, answer=answer),))
    follows = _FOLLOWS.get(task.kind)
    # Last, since what follows may close the other questions about the same message as well.
    return follows(case, task, answer, fact, rules) + done if follows else done


def _what_is_this(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A person has said what a message is, whether it waits by itself or has joined an open stage."""
    instance = case.stage(task.instance)
    if instance.stage == UNSORTED:
        return sorting.ends_as(case, instance, _label(answer), fact.at, rules)
    if answer == Label.ESCALATION:
        return _lifted(case, task, answer, fact, rules)
    if answer in matters.DESKS:
        return arrived(case, _raised_by(case, task, Label(answer)), rules)
    return Changes()


def _lifted(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A person lets an early escalation pass up to the next stage, answered meanwhile or not."""
    if answer != Label.ESCALATION:
        return Changes()
    instance = case.stage(task.instance)
    if instance.stage == UNSORTED:
        return sorting.ends_as(case, instance, Label.ESCALATION, fact.at, rules)
    return sorting.lifted(case, instance, _raised_by(case, task, Label.ESCALATION), rules)


def _checked(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A sure answer was put to a person: where they say otherwise, it becomes that."""
    if answer == task.proposal or answer not in set(Label):
        return Changes()
    return sorting.sort_anew(case, _raised_by(case, task, Label(answer)), fact.at, rules)


def _raised_by(case: Case, task: Task, label: Label) -> Received:
    """The message that raised a question, as what a person says it is."""
    sender = case.party(task.sender) or case.parties[0]
    return Received(message=task.message, at=task.opened, sender=sender, label=label)


def _label(answer: str) -> Label:
    return Label(answer) if answer in set(Label) else Label.OTHER


def _ended_case(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """Taken up again at the stage where it ended, or whatever else the person says that it is."""
    unsorted = case.stage(task.instance)
    if answer != "reopen" or unsorted.state not in WORKING:
        return _what_is_this(case, task, answer, fact, rules)
    passed = [instance.stage for instance in case.stages if rules.is_ladder(instance)]
    stage = passed[-1] if passed else rules.procedure.first_stage.id
    received = sorting.as_received(case, unsorted, Label.NEW_COMPLAINT)
    opened = open_stage(case, received, rules, stage, "reopened")
    over = ended(case, unsorted, fact.at)
    over += close_tasks(case, unsorted.id, "acknowledge_by_hand", fact.at)
    told = tuple(sorting.told_already(case, unsorted, row) for row in opened.deadlines)
    return over + replace(opened, deadlines=told)


def _told_by_hand(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:  # noqa: ARG001 - as all of the table
    if answer not in ("contacted", "accept"):
        return Changes()
    return met(case, task.instance, "acknowledge", fact.at, "person")


def _next_body_is_named(case: Case, task: Task, answer: str, _fact: Decided, rules: Rules) -> Changes:
    """The person has looked: the answer does name it, so it counts from the day that it went."""
    if answer != "accept":
        return Changes()
    return answers.answered(case, case.stage(task.instance), task.opened, (), rules)


_FOLLOWS: dict[str, Callable[[Case, Task, str, Decided, Rules], Changes]] = {
    "what_is_this": _what_is_this,
    "late_escalation": _what_is_this,
    "after_the_last_stage": _what_is_this,
    "ended_case": _ended_case,
    "early_escalation": _lifted,
    "check_label": _checked,
    "acknowledge_by_hand": _told_by_hand,
    "next_body_missing": _next_body_is_named,
    "redirect": redirects.redirect_decided,
    "information_rights": redirects.rights_decided,
    "authority": standing.authority_decided,
    "money": matters.money_decided,
}
"""What each kind of question makes of its answer; the kinds left out end with being answered."""
