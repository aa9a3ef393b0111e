"""Questions for people: what a message holds that only a person may decide. No time-out ever answers one."""

from datetime import datetime

from mailbot.casework.case import Case, Role, Task
from mailbot.casework.changes import Changes
from mailbot.casework.facts import Received
from mailbot.casework.labels import Label
from mailbot.casework.rules import Rules


def ask(
    case: Case,
    fact: Received,
    kind: str,
    reason: str,
    *,
    proposal: str = "",
    instance: str = "",
    urgent: bool = False,
) -> Changes:
    """A question that a message raises."""
    task = Task(
        id=f"{case.events + 1}/{kind}",
        kind=kind,
        opened=fact.at,
        reason=reason,
        instance=instance,
        message=fact.message,
        proposal=proposal,
        sender=fact.sender.id,
        urgent=urgent,
    )
    return Changes(tasks=(task,))


def question(
    case: Case,
    kind: str,
    at: datetime,
    reason: str,
    *,
    instance: str = "",
    proposal: str = "",
    urgent: bool = False,
) -> Changes:
    """A question that something other than a message raises."""
    id = f"{case.events + 1}/{kind}"
    task = Task(id, kind, at, reason, instance, proposal=proposal, urgent=urgent)
    return Changes(tasks=(task,))


_QUESTION_FOR_FLAG = (
    ("safeguarding", "safeguarding", "", "the message may speak of harm to somebody: read it now"),
    (
        "subject_access",
        "information_rights",
        "subject_access",
        "asks for the information held about them: the law gives one month",
    ),
    (
        "data_protection",
        "information_rights",
        "complaint",
        "complains of how personal data was handled: 30 days to acknowledge",
    ),
)
_NOT_SIMPLY_ENDED = ("safeguarding", "discrimination")


def raise_flags(case: Case, fact: Received, instance: str, rules: Rules) -> Changes:
    """A question for each flag that a person must act on; harm to somebody is urgent."""
    raised = Changes()
    for flag, kind, proposal, reason in _QUESTION_FOR_FLAG:
        if flag in fact.flags and not any(task.kind == kind for task in raised.tasks):
            urgent = flag == "safeguarding"
            raised += ask(case, fact, kind, reason, proposal=proposal, instance=instance, urgent=urgent)
    return raised + _withdrawal(case, fact, instance, rules) + _redirects(case, fact, instance, rules)


def _withdrawal(case: Case, fact: Received, instance: str, rules: Rules) -> Changes:
    """Only the complainant, or somebody they have authorised, can withdraw; only a person can accept it."""
    if "withdrawal" not in fact.flags:
        return Changes()
    reason = "may wish to withdraw: only a person can accept that"
    party = case.party(fact.sender.id) or fact.sender
    confirm = rules.procedure.settings["withdrawal_by_representative"] == "confirm"
    if party.role is not Role.COMPLAINANT and (confirm or party.authority != "confirmed"):
        reason = "their representative may wish to withdraw it: ask the complainant first"
    if any(flag in _NOT_SIMPLY_ENDED for flag in (*case.flags, *fact.flags)):
        reason += "; what it speaks of may need looking into all the same"
    return ask(case, fact, "withdrawal", reason, instance=instance)


def _redirects(case: Case, fact: Received, instance: str, rules: Rules) -> Changes:
    """What somebody else answers is proposed to a person, once; a desk of our own has its own question.

    Whoever leads the answer has decided already who answers what.
    """
    if fact.label in (Label.CONTRIBUTION_REQUEST, Label.ICE_CORRESPONDENCE):
        return Changes()
    raised = Changes()
    for redirect in rules.procedure.redirects:
        known = redirect.id in rules.procedure.desks or any(
            task.kind == "redirect" and task.proposal == redirect.id for task in case.tasks
        )
        if not known and set(redirect.when) & set(fact.flags):
            reason = f"part of it may be for somebody else to answer ({redirect.id.replace('_', ' ')})"
            raised += ask(case, fact, "redirect", reason, proposal=redirect.id, instance=instance)
    # One event raises one question of a kind: the first redirect, in the order of the rules.
    return Changes(tasks=raised.tasks[:1])


def authority(case: Case, fact: Received, instance: str, rules: Rules) -> Changes:
    """Whoever writes for somebody else is answered, told nothing, and a person is asked about their authority."""
    needed = {Role.REPRESENTATIVE}
    if rules.procedure.settings["elected_member_authority"]:
        needed.add(Role.ELECTED_MEMBER)
    party = case.party(fact.sender.id) or fact.sender
    if party.role not in needed or party.authority or _open(case, "authority"):
        return Changes()
    reason = (
        "writes for somebody else: shall we ask for that person's agreement? Until then tell them nothing"
    )
    return ask(case, fact, "authority", reason, proposal="ask", instance=instance)


def _open(case: Case, kind: str) -> bool:
    return any(task.kind == kind and task.done_at is None for task in case.tasks)
