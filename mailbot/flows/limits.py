"""How many automatic letters one correspondent may get: loops end here, and intake goes on.

Counted in the database, and closed when in doubt: whoever is over a limit gets no letter, and a person a task.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from mailbot.flows.parts import Work
from mailbot.mail.references import normal_subject
from mailbot.store import messages, outbox

# Addresses at these domains belong to strangers to each other, so that one cannot use up the limit of all.
_FREEMAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "live.com",
        "live.co.uk",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "btinternet.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "ntlworld.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.co.uk",
        "mail.com",
        "zoho.com",
    ]
)
_CLOCKS = timedelta(seconds=10)  # by which the mail server's clock may be behind ours
_log = structlog.get_logger()


def reached(work: Work, address: str, subject: str, message_id: int, quick_since: datetime | None) -> str:
    """Why no further automatic letter may go to `address` now, for a message of that subject; "" when one may.

    `quick_since` is when the message came, if it may be a machine's: what comes within a minute of our letter then is.
    What cannot be counted counts as too many; the savepoint lets the message be taken in all the same.
    """
    try:
        with work.connection.begin_nested():
            quick = _quick(work, address.lower(), quick_since) if quick_since else ""
            return quick or _reached(work, address, subject, message_id)
    except DBAPIError as error:
        _log.error("letters cannot be counted", error=type(error).__name__)
        return "how many automatic letters have gone to this address cannot be counted now"


def _quick(work: Work, address: str, received: datetime) -> str:
    """What comes within a minute of our letter was typed by nobody, unless it surely is a complaint."""
    seconds = work.parts.settings.limits.too_quick_seconds
    start, end = received - timedelta(seconds=seconds), received + _CLOCKS
    if seconds and outbox.left_between(work.connection, address, start, end):
        return f"it came within {seconds} seconds of our letter to this address, as machines answer"
    return ""


def _reached(work: Work, address: str, subject: str, message_id: int) -> str:
    limits = work.parts.settings.limits
    address = address.lower()
    domain = address.rpartition("@")[2]
    hour, day = work.now - timedelta(hours=1), work.now - timedelta(days=1)
    if outbox.written_since(work.connection, day, recipient=address) >= limits.per_sender_day:
        return f"{limits.per_sender_day} automatic letters have gone to this address within a day"
    most = limits.per_freemail_domain_hour if domain in _FREEMAIL else limits.per_domain_hour
    if outbox.written_since(work.connection, hour, domain=domain) >= most:
        return f"{most} automatic letters have gone to this domain within an hour"
    earlier = messages.subjects_of(work.connection, address, day, message_id)
    if normal_subject(subject) in {normal_subject(other) for other in earlier if other.strip()}:
        return "a message with this subject from this address was answered within the last 24 hours"
    return ""
