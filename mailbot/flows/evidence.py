"""What the classifier is told of a message: its words, who wrote it, and how things stand on the case it belongs to."""

from mailbot.casework.arrivals import current
from mailbot.casework.case import Case, CaseState, DeadlineState, StageState
from mailbot.classify.verdict import CaseFacts, Evidence
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.flows.threading import Match
from mailbot.settings import MailboxSettings


def evidence(work: Work, reading: Reading, box: MailboxSettings, match: Match) -> Evidence:
    """Everything that bears on what the message is; nothing of a case on which its sender may not write."""
    message = reading.message
    return Evidence(
        procedure=box.procedure,
        subject=message.subject,
        live_text=reading.live,
        whole_text=message.text,
        from_address=reading.sender,
        from_name=reading.sender_name,
        to_address=box.address,
        is_reply=bool(message.in_reply_to or message.references),
        attachments=tuple(attachment.name for attachment in message.attachments),
        sender_role=reading.partner.role if reading.partner else None,
        sender_verified=reading.verified,
        case=_case_facts(work, match.case, reading.sender) if match.case and match.allowed else None,
    )


def _case_facts(work: Work, case: Case, sender: str) -> CaseFacts:
    rules = work.parts.rules_of(case)
    instance = current(case, rules)
    desks = [
        stage.stage for stage in case.stages if stage.stage in rules.procedure.desks and not stage.responded
    ]
    response = case.deadline(f"{instance.id}/respond") if instance else None
    return CaseFacts(
        answered=bool(instance and instance.responded),
        overdue=bool(response and response.state is DeadlineState.RUNNING and response.late),
        window_open=bool(instance and instance.state is StageState.WINDOW_OPEN),
        closed=case.state not in (CaseState.OPEN, CaseState.WITH_EXTERNAL_BODY),
        sender_is_party=case.party(sender) is not None,
        open_desk=desks[-1] if desks else None,
    )
