"""Letters leave: claimed, handed over, and what the server said written down. Never twice.

The row is marked as handed over before the final dot. A process that dies earlier leaves a letter that was surely not
sent and is tried again; one that dies later leaves a letter in the state unknown, which nobody resends blindly.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mailbot.casework.facts import Acknowledged, AcknowledgementFailed, Fact
from mailbot.clock import Clock
from mailbot.errors import MailboxUnavailable, TransportUnavailable, place_of
from mailbot.flows import casebook
from mailbot.flows.parts import Parts, Work
from mailbot.mailboxes.protocol import Mailbox
from mailbot.settings import ImapServer, MailboxSettings
from mailbot.store import outbox
from mailbot.store.database import Row
from mailbot.transports.protocol import Outcome, Receipt, Transport

_BATCH = 50
_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)
SENT, DRAFTS = "Sent", "Drafts"  # roles; a mailbox knows what its server calls them
_GIVE_UP_AFTER = timedelta(hours=48)
_LONGEST_LOCAL_PART = 64  # octets before the @ (RFC 5321 section 4.5.3.1.1)
_log = structlog.get_logger()


def recover(parts: Parts, now: datetime) -> None:
    """At start-up: letters that a dead process was sending are queued again, or unknown once handed over."""
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        for row in outbox.left_sending(connection):
            if row["handed_over"]:
                _settle(work, row, Receipt(Outcome.UNKNOWN, "mailbot stopped while the server was taking it"))
            else:
                outbox.change(connection, row["id"], state=outbox.QUEUED)


def dispatch(
    parts: Parts,
    transport: Transport,
    mailboxes: Mapping[str, Mailbox],
    clock: Clock,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due; how many letters left. One dispatch runs at a time; once `stopping`, it ends between two letters.

    Raises TransportUnavailable when nothing can be sent now, MailboxUnavailable when no draft can be filed.
    """
    left = 0
    while not stopping() and (rows := _claim(parts, clock())):
        for position, row in enumerate(rows):
            if stopping():
                _release(parts, rows[position:])
                break
            try:
                left += _send(parts, transport, mailboxes, row, clock)
            except (TransportUnavailable, MailboxUnavailable):
                _release(parts, rows[position:])
                raise
            except Exception as error:
                _put_off(parts, row, error, clock())
    return left


def _claim(parts: Parts, now: datetime) -> list[Row]:
    """Mark up to a batch of due letters as being sent; a mailbox over its limit waits, and nothing is lost."""
    claimed = []
    with parts.store.write() as connection:
        room: dict[str, int] = {}
        sending = [box.name for box in parts.settings.mailbox if box.mode != "observe"]
        for row in outbox.due(connection, now, sending, _BATCH):
            if row["audience"] == "external":
                box = row["mailbox"]
                left = room.setdefault(box, _room(parts, connection, box, now))
                if left <= 0:
                    outbox.change(connection, row["id"], next_try=now + timedelta(minutes=1))
                    continue
                room[box] = left - 1
            outbox.change(connection, row["id"], state=outbox.SENDING, handed_over=False)
            claimed.append(row)
    return claimed


def _room(parts: Parts, connection: Connection, box: str, now: datetime) -> int:
    """How many letters may leave a mailbox now: none where that cannot be counted, while words to staff go on."""
    try:
        with connection.begin_nested():
            sent = outbox.sent_since(connection, box, now - timedelta(minutes=10))
    except DBAPIError as error:
        _log.error("letters cannot be counted", error=type(error).__name__)
        return 0
    return parts.settings.limits.per_mailbox_ten_minutes - sent


def _release(parts: Parts, rows: list[Row]) -> None:
    with parts.store.write() as connection:
        for row in rows:
            outbox.change(connection, row["id"], state=outbox.QUEUED, handed_over=False)


def _put_off(parts: Parts, row: Row, error: Exception, now: datetime) -> None:
    """A letter over which mailbot itself stumbled waits, unknown once handed over; the letters behind it go on."""
    fault = place_of(error)
    _log.error("letter put off", id=row["id"], fault=fault)
    with parts.store.write() as connection:
        handed_over = outbox.get(connection, row["id"])["handed_over"]
        outcome = Outcome.UNKNOWN if handed_over else Outcome.DEFERRED
        _settle(Work(parts, connection, now), row, Receipt(outcome, f"a fault of mailbot's own, {fault}"))


def _send(
    parts: Parts, transport: Transport, mailboxes: Mapping[str, Mailbox], row: Row, clock: Clock
) -> int:
    box = parts.boxes[row["mailbox"]]
    if box.mode == "draft" and row["audience"] == "external":
        mailboxes[box.name].append(DRAFTS, outbox.letter_of(row), row["message_id"])
        with parts.store.write() as connection:
            outbox.change(connection, row["id"], state=outbox.DRAFTED)
        return 0

    def handing_over() -> None:
        with parts.store.write() as connection:
            outbox.change(connection, row["id"], handed_over=True)

    sender = _envelope_sender(parts, box, row)
    receipt = transport.send(sender, row["recipient"], outbox.letter_of(row), handing_over)
    with parts.store.write() as connection:
        _settle(Work(parts, connection, clock()), row, receipt)
    _log.info("letter", id=row["id"], letter=row["letter"], outcome=receipt.outcome.value)
    return receipt.outcome is Outcome.SENT


def _envelope_sender(parts: Parts, box: MailboxSettings, row: Row) -> str:
    """Where a bounce goes: an address of this letter's own, where the mail server takes mail for such (VERP)."""
    sender = str(row["sender"])
    if not box.verp or row["audience"] != "external":
        return sender
    own = parts.signer.bounce_address(row["id"], sender.rpartition("@")[0])
    return own if len(own.rpartition("@")[0]) <= _LONGEST_LOCAL_PART else sender


def _settle(work: Work, row: Row, receipt: Receipt) -> None:
    """Write down the outcome, and tell the case when a promise hangs on it."""
    attempts = row["attempts"] + 1
    outcome = receipt.outcome
    values = {"answer": receipt.answer[:500], "attempts": attempts}
    if outcome is Outcome.DEFERRED and work.now - row["created"] < _GIVE_UP_AFTER:
        delay = _DELAYS[min(attempts, len(_DELAYS)) - 1]
        outbox.change(work.connection, row["id"], state=outbox.DEFERRED, next_try=work.now + delay, **values)
        return
    if outcome is Outcome.DEFERRED:
        outcome = Outcome.FAILED
    sent = {"sent": work.now} if outcome is Outcome.SENT else {}
    outbox.change(work.connection, row["id"], state=outcome.value, **values, **sent)
    if row["acknowledges"]:
        _tell_the_case(work, row, _fact(row, outcome, receipt.answer, work.now))


def _fact(row: Row, outcome: Outcome, answer: str, now: datetime) -> Fact:
    if outcome is Outcome.SENT:
        return Acknowledged(row["instance"], now)
    why = f"the mail server answered: {answer[:200]}"
    return AcknowledgementFailed(row["instance"], now, why, uncertain=outcome is Outcome.UNKNOWN)


def _tell_the_case(work: Work, row: Row, fact: Fact) -> None:
    casebook.record(work, casebook.load(work, row["case_ref"]), fact, f"letter {row['id']}")


def file_copies(parts: Parts, box: MailboxSettings, mailbox: Mailbox) -> None:
    """A copy of each sent letter in the mailbox's Sent folder; a failure here never sends anything again."""
    if not box.keep_sent_copy:
        return
    with parts.store.read() as connection:
        rows = outbox.uncopied(connection, box.name)
    for row in rows:
        mailbox.append(SENT, outbox.letter_of(row), row["message_id"])
        with parts.store.write() as connection:
            outbox.change(connection, row["id"], copied=True)


def inbox_folder(box: MailboxSettings) -> str:
    return box.server.folder if isinstance(box.server, ImapServer) else "INBOX"
