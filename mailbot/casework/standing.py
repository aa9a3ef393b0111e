"""Who stands behind a case and may speak for whom, and the times in which we wait for somebody's part."""

from dataclasses import replace
from datetime import datetime

from mailbot.casework import clocks
from mailbot.casework.case import Case, Role, StageInstance, Task
from mailbot.casework.changes import Changes, Letter
from mailbot.casework.facts import Decided
from mailbot.casework.promises import close_tasks_of
from mailbot.casework.rules import Rules
from mailbot.casework.told import AuthorityGiven, PartyJoined, PartyLeft, Waiting, WaitingOver

AWAITING_AUTHORITY = "awaiting_authority"


def authority_decided(case: Case, task: Task, answer: str, fact: Decided, rules: Rules) -> Changes:
    """A person has us ask for the agreement."""
    return _ask_for_authority(case, task, fact.at, rules) if answer == "ask" else Changes()


def _ask_for_authority(case: Case, task: Task, at: datetime, rules: Rules) -> Changes:
    """Ask whoever wrote, and the person concerned where we know them; the clock stops where the rules say so."""
    party = case.party(task.sender)
    if party is None:
        return Changes()
    instance = case.stage(task.instance)
    letters = [
        Letter("request_authority", f"request_authority/{party.id}", instance.id, party.id, task.message)
    ]
    concerned = case.complainant
    if concerned is not None and concerned.role is Role.COMPLAINANT and concerned.id != party.id:
        letters.append(
            Letter("confirm_authority", f"confirm_authority/{party.id}", instance.id, concerned.id, "")
        )
    asked = Changes(parties=(replace(party, authority="asked"),), letters=tuple(letters))
    return asked + clocks.stand_still(case, instance, AWAITING_AUTHORITY, at, rules)


def authority_given(case: Case, fact: AuthorityGiven, rules: Rules) -> Changes:
    """It is settled who speaks for the complainant: whatever stood still goes on."""
    party = case.party(fact.party)
    if party is None:
        return Changes()
    settled = Changes(parties=(replace(party, authority="confirmed" if fact.given else "refused"),))
    settled += close_tasks_of(case, ("authority",), fact.at)
    for instance in case.stages:
        settled += _over(case, instance, AWAITING_AUTHORITY, fact.at, rules)
    return settled


def waiting(case: Case, fact: Waiting, rules: Rules) -> Changes:
    return clocks.stand_still(case, case.stage(fact.instance), fact.state, fact.at, rules)


def waiting_over(case: Case, fact: WaitingOver, rules: Rules) -> Changes:
    return _over(case, case.stage(fact.instance), fact.state, fact.at, rules)


def _over(case: Case, instance: StageInstance, state: str, at: datetime, rules: Rules) -> Changes:
    waits = any(pause.state == state and pause.ended is None for pause in case.pauses_of(instance.id))
    return clocks.go_on(case, instance, state, at, rules) if waits else Changes()


def party_joined(case: Case, fact: PartyJoined, _rules: Rules) -> Changes:
    """One case, several complainants; whoever wrote first is written to until another is nominated."""
    if not fact.party.nominated:
        return Changes(parties=(fact.party,))
    others = tuple(replace(party, nominated=False) for party in case.parties if party.nominated)
    return Changes(parties=(*others, fact.party))


def party_left(case: Case, fact: PartyLeft, _rules: Rules) -> Changes:
    party = case.party(fact.party)
    return Changes(parties=(replace(party, left=fact.at, nominated=False),)) if party else Changes()
