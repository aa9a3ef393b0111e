"""The facts that letters print, taken from a case: dates in words, who answers, who to contact."""

from datetime import date, datetime
from typing import Any

from mailbot.casework.case import Case, Deadline, StageInstance, Window
from mailbot.casework.changes import Letter
from mailbot.casework.procedure import Procedure
from mailbot.casework.reminders import working_days_late
from mailbot.casework.rules import UNSORTED
from mailbot.flows.parts import Work
from mailbot.letters import words
from mailbot.store import cases

_PROMISES = {"acknowledge": "acknowledgement", "respond": "response", "personal_contact": "personal contact"}


def external(work: Work, case: Case, letter: Letter) -> dict[str, Any]:
    """Facts for a letter to a complainant or partner about one stage instance."""
    rules = work.parts.rules_of(case)
    organisation = work.parts.settings.organisation
    instance_id = letter.instance
    instance = case.stage(instance_id)
    party = case.party(letter.to)
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
        "welsh_offered": organisation.welsh and "cy" in _languages(rules.procedure),
        "mp_filter_note": rules.procedure.settings["mp_filter_note"],
        "partner_ref": None,
        "request": instance.request.replace("_", " ") or "a reply",
    }
    return (
        facts
        | _received(work, instance.received)
        | _earlier(work, case, instance)
        | _joined(work, case, instance)
    )


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
            "what": _PROMISES[deadline.name],
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
    respond = case.deadline(f"{instance.id}/respond")
    return {
        "stage1_response_date": answered,
        "stage2_response_date": answered,
        "manager_reply_date": answered,
        "stage1_outcome_date": answered,
        "window_end_long": _day(work, window.ends) if window and window.ends else None,
        "decision_by": _day(work, respond.due) if respond else None,
    }


def _joined(work: Work, case: Case, instance: StageInstance) -> dict[str, Any]:
    """What letters about people and references say: who acts for whom, what stands still, which references hold."""
    representative = next((party for party in case.parties if party.authority == "asked"), None)
    return {
        "asked_on": _day(work, _asked_to_stop(case) or work.now),
        "paused": any(pause.ended is None for pause in case.pauses_of(instance.id)),
        "representative_name": representative.name if representative else None,
        "refs": [
            {"ref": ref, "about": f"your complaint that we received on {_day(work, received)}"}
            for ref, received in cases.family(work.connection, case.ref)
        ],
    }


def _languages(procedure: Procedure) -> tuple[str, ...]:
    languages = procedure.settings["languages"]
    return languages if isinstance(languages, tuple) else ()


def about_window(work: Work, case: Case, window: Window, instance: StageInstance) -> dict[str, Any]:
    """Facts for a note to the team that a window ends soon."""
    return staff(work, case, None, instance) | {
        "due_long": _moment(work, window.ends) if window.ends else None,
        "due_short": words.short_date(_local(work, window.ends)) if window.ends else "",
        "count": window.count,
        "next_step": "Finish the procedure before then, or tell the person about this right.",
        "commands": None,
    }


def _received(work: Work, received: datetime) -> dict[str, Any]:
    return {
        "received_long": _moment(work, received),
        "received_date_long": words.long_date(_local(work, received)),
    }


def _revised(deadline: Deadline) -> bool:
    return deadline.due != deadline.original_due


def _asked_to_stop(case: Case) -> datetime | None:
    """When the message came that asked for it; None when somebody of the team was told by other means."""
    asked = [task.opened for task in case.tasks if task.kind == "withdrawal"]
    return asked[-1] if asked else None


def _day(work: Work, moment: datetime) -> str:
    return words.long_date(_local(work, moment))


def _local(work: Work, moment: datetime) -> date:
    return moment.astimezone(work.parts.zone).date()


def _moment(work: Work, moment: datetime) -> str:
    return words.long_moment(moment, work.parts.zone)
