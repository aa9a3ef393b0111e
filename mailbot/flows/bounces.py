"""Delivery reports: which letter of ours they speak of, and what follows when it did not arrive."""

from mailbot.casework.facts import AcknowledgementFailed
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.mail.reports import DeliveryReport, delivery_report
from mailbot.store import outbox
from mailbot.store.database import Row


def returned(work: Work, reading: Reading) -> str:
    """Take a delivery report to its letter; the case of that letter, "" when it is not known.

    A delay is no failure. A letter that came back is no longer acknowledged with: the promise runs on.
    """
    report = delivery_report(reading.message)
    letter = _letter(work, reading, report) if report else None
    if report is None or letter is None:
        return ""
    ref = str(letter["case_ref"])
    if report.failed and letter["state"] != outbox.BOUNCED:
        answer = "; ".join(recipient.diagnostic for recipient in report.failed if recipient.diagnostic)
        outbox.change(work.connection, letter["id"], state=outbox.BOUNCED, answer=answer[:500])
        if letter["acknowledges"]:
            why = "the acknowledgement came back: " + (answer[:200] or "no reason given")
            fact = AcknowledgementFailed(letter["instance"], reading.message.received or work.now, why)
            casebook.record(work, casebook.load(work, ref), fact, f"message {reading.id}")
    return ref


def _letter(work: Work, reading: Reading, report: DeliveryReport) -> Row | None:
    """By our bounce address, our own Message-ID wherever it stands, else by recipient and time."""
    for address in report.returned_to:
        if (id := work.parts.signer.read_bounce_address(address)) and id.isdigit():
            return outbox.get(work.connection, int(id))
    for id in report.original_ids:
        if work.parts.signer.read(id) and (row := outbox.by_message_id(work.connection, id)):
            return row
    when = reading.message.received or work.now
    for recipient in report.failed:
        if row := outbox.latest_to(work.connection, recipient.address, when):
            return row
    return None
