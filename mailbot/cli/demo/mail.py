"""The demo's mail as bytes: what people, machines and the team send."""

import email.policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from mailbot.cli.demo.scenario import Scenario, Step
from mailbot.mail.message import Message

_POLICY = email.policy.SMTP.clone(max_line_length=998)


def id_of(step: Step) -> str:
    """The Message-ID of the mail of a step."""
    domain = parseaddr(step.from_)[1].rpartition("@")[2] or "demo.example"
    return f"<{step.id}@{domain}>"


def as_mail(step: Step, scenario: Scenario, answers: Message | None, reference: str) -> bytes:
    """The mail of a step; `answers` is the message that it replies to, or speaks of."""
    if step.raw:
        return _filled(step.raw.lstrip(), scenario, answers, reference).replace("\n", "\r\n").encode()
    message = EmailMessage(policy=_POLICY)
    for name, value in step.headers.items():
        message[name] = _filled(value, scenario, answers, reference)
    message["From"] = step.from_ or scenario.mailbox
    message["To"] = step.to or scenario.mailbox
    if step.cc:
        message["Cc"] = step.cc
    message["Subject"] = _filled(step.subject, scenario, answers, reference) or _reply_subject(answers)
    message["Date"] = format_datetime(step.at)
    if "Message-ID" not in message:
        message["Message-ID"] = id_of(step)
    if answers is not None and not step.about_letter_to:
        message["In-Reply-To"] = answers.message_id
        message["References"] = " ".join((*answers.references, answers.message_id))
    _fill_body(message, step, scenario, answers, reference)
    return message.as_bytes()


def _fill_body(
    message: EmailMessage, step: Step, scenario: Scenario, answers: Message | None, reference: str
) -> None:
    message.set_content(_filled(step.staff_reply or step.body, scenario, answers, reference).lstrip("\n"))
    if step.html:
        message.add_alternative(_filled(step.html, scenario, answers, reference), subtype="html")
    for attachment in step.attachments:
        main, _, sub = attachment["content_type"].partition("/")
        message.add_attachment(
            attachment["text"].encode(), maintype=main, subtype=sub, filename=attachment["name"]
        )


def _reply_subject(answers: Message | None) -> str:
    if answers is None:
        return ""
    return answers.subject if answers.subject.lower().startswith("re:") else f"Re: {answers.subject}"


def _filled(text: str, scenario: Scenario, answers: Message | None, reference: str) -> str:
    """The placeholders of fortnight.toml, replaced as they stand."""
    values = {"{mailbox}": scenario.mailbox, "{reference}": reference}
    if answers is not None:
        values |= {
            "{letter_message_id}": answers.message_id,
            "{letter_subject}": answers.subject,
            "{letter_date}": answers.first("date"),
            "{letter_text}": "\n".join(f"> {line}" for line in answers.text.splitlines()),
        }
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
