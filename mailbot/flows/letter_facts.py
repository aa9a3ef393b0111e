"""The facts that letters print, taken from a case: dates in words, who answers, who to contact."""

from datetime import date, datetime
from typing import Any

from mailbot.casework.case import Case, Deadline, StageInstance
from mailbot.casework.rules import UNSORTED
from mailbot.casework.procedure import Procedure
from mailbot.casework.reminders import working_days_late
from mailbot.flows.parts import Work
from mailbot.letters import words


def external(work: Work, case: Case, instance_id: str) -> dict[str, Any]:
    """Facts for a letter to a complainant or partner about one stage instance."""
    rules = work.parts.rules_of(case)
    organisation = work.parts.settings.organisation
    instance = case.stage(instance_id)
    party = case.party(instance.sender)
    response, acknowledge = (
        case.deadline(f"{instance_id}/respond"),
        case.deadline(f"{instance_id}/acknowledge"),
    )
    box = work.parts.boxes[case.mailbox]
    facts: dict[str, Any] = {
        "ref": case.ref,
        "salutation": words.salutation(party.name if party else None),
        "organisation": organisation.name,
        "procedure_name": rules.procedure.name,
        "stage_label": stage_label(rules.procedure, instance),
        "handler_role": _handler(rules.procedure, instance),
        "ack_due": _moment(work, acknowledge.due) if acknowledge else None,
        "due_long": _day(work, response.due) if response else None,
        "due_long_cy": words.welsh_date(_local(work, response.due)) if response else None,
        "current_due_long": _day(work, response.due) if response else None,
        "target_long": _day(work, response.target) if response and response.target else None,
        "ack_person_by": _day(work, acknowledge.due) if acknowledge else None,
        "contact_name": organisation.contact.name,
        "contact_phone": organisation.contact.phone,
        "contact_post": organisation.contact.post,
        "contact_email": organisation.contact.email or box.address,
        "welsh_offered": organisation.welsh,
        "partner_ref": None,
        "request": instance.request.replace("_", " ") or "a reply",
    }
    return facts | _received(work, instance.received) | _earlier(work, case, instance)


def staff(
    work: Work, case: Case, deadline: Deadline | None, instance: StageInstance | None
) -> dict[str, Any]:
    """Facts for a reminder or a question to the team; no name and no words of the complainant."""
    rules = work.parts.rules_of(case)
    facts: dict[str, Any] = {
        "ref": case.ref,
        "stage_label": stage_label(rules.procedure, instance) if instance else "new message",
        "state": instance.state.value.replace("_", " ") if instance else case.state.value,
        "received_long": _moment(work, instance.received) if instance else None,
        "what": "response",
        "due_long": None,
        "due_short": "",
        "days_late": 0,
        "count": "",
        "next_step": "",
        "partner_ref": None,
        "request": instance.request.replace("_", " ") if instance else "",
    }
    if deadline:
        facts |= {
            "what": {"acknowledge": "acknowledgement", "respond": "response"}.get(
                deadline.name, deadline.name
            ),
            "due_long": _moment(work, deadline.due),
            "due_short": words.short_date(_local(work, deadline.due)),
            "days_late": working_days_late(deadline.due, work.now, rules.calendar, work.parts.zone),
            "count": deadline.count,
            "original_due_long": _moment(work, deadline.original_due) if _revised(deadline) else None,
        }
    return facts


def stage_label(procedure: Procedure, instance: StageInstance) -> str:
    """How people say where a case is: "stage 1", "ICE correspondence"."""
    if instance.stage == UNSORTED:
        return "being read by a person"
    if instance.stage in procedure.desks:
        return procedure.desks[instance.stage].label
    return procedure.stage(instance.stage).label


def _handler(procedure: Procedure, instance: StageInstance) -> str:
    if instance.stage == UNSORTED or instance.stage in procedure.desks:
        return "the complaints team"
    return procedure.stage(instance.stage).handler


def _earlier(work: Work, case: Case, instance: StageInstance) -> dict[str, Any]:
    """When the stage before was answered, and until when its answer could be taken further."""
    before = [stage for stage in case.stages if stage.responded and stage.id != instance.id]
    last = before[-1] if before else None
    window = case.window_of(last.id) if last else None
    answered = _day(work, last.responded) if last and last.responded else None
    return {
        "stage1_response_date": answered,
        "stage2_response_date": answered,
        "manager_reply_date": answered,
        "stage1_outcome_date": answered,
        "window_end_long": _day(work, window.ends) if window and window.ends else None,
        "decision_by": _day(work, case.deadlines_of(instance.id)[-1].due)
        if case.deadlines_of(instance.id)
        else None,
    }


def _received(work: Work, received: datetime) -> dict[str, Any]:
    return {
        "received_long": _moment(work, received),
        "received_date_long": words.long_date(_local(work, received)),
    }


def _revised(deadline: Deadline) -> bool:
    return deadline.due != deadline.original_due


def _day(work: Work, moment: datetime) -> str:
    return words.long_date(_local(work, moment))


def _local(work: Work, moment: datetime) -> date:
    return moment.astimezone(work.parts.zone).date()


def _moment(work: Work, moment: datetime) -> str:
    return words.long_moment(moment, work.parts.zone)
