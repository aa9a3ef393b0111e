"""From the mailbox into the store: raw bytes committed first, only then anything changes on the server.

Killed anywhere and started again, it finds the same messages once more and the database knows them.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

import structlog
from sqlalchemy import Connection

from mailbot.flows.parts import Parts
from mailbot.mailboxes.protocol import Fetched, Key, Listing, Mailbox
from mailbot.settings import MailboxSettings
from mailbot.store import messages
from mailbot.store.messages import Place

_BATCH = 50
_log = structlog.get_logger()


def collect(
    parts: Parts, box: MailboxSettings, mailbox: Mailbox, folder: str, direction: str, now: datetime
) -> int:
    """Keep every message of `folder` that is not kept yet; how many there were. Raises MailboxUnavailable.

    `direction` is "in", or "sent" for the folder of what the team wrote.
    """
    with parts.store.read() as connection:
        validity, low_water = messages.position_of(connection, box.name, folder) or (None, None)
    listing = mailbox.listing(folder, validity, low_water)
    new = _unknown(parts, box, folder, listing)
    kept = 0
    for start in range(0, len(new), _BATCH):
        fetched = list(mailbox.fetch(new[start : start + _BATCH]))
        kept += _keep(
            parts, box, fetched, direction, now, renumbered=validity not in (None, listing.validity)
        )
    _remember_position(parts, box, folder, listing)
    if direction == "in" and box.mode != "observe":
        _mark(parts, box, mailbox, folder)
    if kept:
        _log.info("collected", mailbox=box.name, folder=folder, messages=kept)
    return kept


def _unknown(parts: Parts, box: MailboxSettings, folder: str, listing: Listing) -> list[Key]:
    uids = [key.uid for key in listing.keys]
    with parts.store.read() as connection:
        known = messages.known_uids(connection, box.name, folder, listing.validity, uids)
    return [key for key in listing.keys if key.uid not in known]


def _keep(
    parts: Parts,
    box: MailboxSettings,
    fetched: Sequence[Fetched],
    direction: str,
    now: datetime,
    renumbered: bool,
) -> int:
    """Commit the raw bytes of a batch; what came before `go_live` is noted and left alone.

    `renumbered` says that the server has given the folder's messages new numbers: those that are known are not new.
    """
    kept = 0
    with parts.store.write() as connection:
        for message in fetched:
            place = Place(box.name, message.key.folder, message.key.validity, message.key.uid)
            if renumbered and _is_known(connection, place, message):
                continue
            state = messages.STORED if message.received >= box.go_live else messages.LEFT_ALONE
            kept += messages.keep(
                connection,
                place,
                message.raw,
                direction=direction,
                received=message.received,
                stored=now,
                state=state,
                whole_octets=message.whole_size,
            )
    return kept


def _is_known(connection: Connection, place: Place, message: Fetched) -> bool:
    """Whether the message is kept under its old number, which is changed for the new one."""
    known = messages.same_bytes_elsewhere(connection, place, message.raw, message.received)
    if known is not None:
        messages.renumber(connection, known, place)
    return known is not None


def _remember_position(parts: Parts, box: MailboxSettings, folder: str, listing: Listing) -> None:
    """The mark below which everything is kept; mailboxes without ordered numbers have none.

    What was listed and not fetched stays above it, to be asked for again while the server lists it.
    """
    numbers = sorted(int(key.uid) for key in listing.keys if key.uid.isdigit())
    missing = {int(key.uid) for key in _unknown(parts, box, folder, listing) if key.uid.isdigit()}
    below = list(takewhile(lambda number: number not in missing, numbers))
    if listing.validity and below:
        with parts.store.write() as connection:
            messages.set_position(connection, box.name, folder, listing.validity, str(below[-1]))


def _mark(parts: Parts, box: MailboxSettings, mailbox: Mailbox, folder: str) -> None:
    """Show on the server what has been kept; left over work of a process that died is done here too."""
    with parts.store.read() as connection:
        waiting = messages.unmarked(connection, box.name, folder)
    by_validity: dict[str, list[str]] = {}
    for validity, uid in waiting:
        by_validity.setdefault(validity, []).append(uid)
    for validity, uids in by_validity.items():
        mailbox.mark([Key(folder, validity, uid) for uid in uids])
        with parts.store.write() as connection:
            messages.set_marked(connection, box.name, folder, validity, uids)
