"""Listing and fetching over IMAP: by ranges, in batches, and without leaving a trace."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from mailbot.mailboxes.imap_connection import Session

_CHUNK = 20_000  # UIDs in one answer: imaplib gives up at lines of a million bytes
_BATCH_BYTES = 16 << 20
HEAD_BYTES = 1 << 20  # taken of a message above the cap: its header and the beginning of its text
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Size:
    """What the server says of a message before it is fetched; some servers are wrong about `size`."""

    uid: int
    size: int
    received: datetime


def uids_above(session: Session, after: int) -> list[int]:
    """UIDs greater than `after`, ascending, in the selected folder; asked by message number from the newest down.

    Downwards, since an expunge by somebody else meanwhile moves messages down: into a part still to be asked for.
    """
    found: set[int] = set()
    opened = session.here
    if opened.next_uid is not None and opened.next_uid <= after + 1:
        return []
    for top in range(opened.exists, 0, -_CHUNK):
        low = max(1, top - _CHUNK + 1)
        numbers = f"{low}:{'*' if top == opened.exists else top}"
        part = session.client.search([numbers, "UID", f"{after + 1}:*"])
        # "n:*" always names the last message, even one below n.
        found |= {uid for uid in part if uid > after}
        if len(part) < _CHUNK // 2:
            break
    return sorted(found)


def sizes(session: Session, uids: Sequence[int]) -> list[Size]:
    """Sizes in bytes and times of arrival; what has vanished is not there."""
    try:
        answers = _fetch(session.client, uids, ["RFC822.SIZE", "INTERNALDATE"])
    except ValueError:  # a date of arrival that no calendar has: that message is taken to come now
        if len(uids) > 1:
            return [size for uid in uids for size in sizes(session, [uid])]
        answers = _fetch(session.client, uids, ["RFC822.SIZE"])
    return [
        Size(
            uid,
            int(said.get(b"RFC822.SIZE", 0)),
            (said.get(b"INTERNALDATE") or datetime.now(UTC)).astimezone(UTC),
        )
        for uid, said in sorted(answers.items())
    ]


def batches(messages: Iterable[Size], largest: int) -> Iterator[list[Size]]:
    """Groups small enough to hold in memory at once; a message above `largest` comes alone."""
    batch: list[Size] = []
    for message in messages:
        if batch and sum(one.size for one in batch) + message.size > min(_BATCH_BYTES, largest):
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def bodies(session: Session, uids: Sequence[int]) -> dict[int, bytes]:
    """The whole messages; one that the server cannot give is left out and does not hold up the others."""
    found = _fetch_bodies(session.client, uids, "BODY.PEEK[]")
    missing = [uid for uid in uids if uid not in found]
    if missing:
        # Some servers know only RFC822, which marks as read: unless the folder is open for reading only.
        session.open(session.here.folder, writable=False, again=True)
        found |= _fetch_bodies(session.client, missing, "RFC822")
    return found


def heads(session: Session, uids: Sequence[int]) -> dict[int, bytes]:
    """The first part of messages too large to take whole."""
    return _fetch_bodies(session.client, uids, f"BODY.PEEK[]<0.{HEAD_BYTES}>")


def _fetch_bodies(client: IMAPClient, uids: Sequence[int], item: str) -> dict[int, bytes]:
    answers = _fetch(client, uids, [item])
    return {uid: raw for uid, said in answers.items() if (raw := _body(said)) is not None}


def _fetch(client: IMAPClient, uids: Sequence[int], items: Sequence[str]) -> dict[int, Mapping[bytes, Any]]:
    """Together, and one by one where the server refuses: a message that it cannot give is left out, with a warning."""
    try:
        return dict(client.fetch(uids, items))
    except (IMAPClientAbortError, ProtocolError):
        raise
    except IMAPClientError as error:
        if len(uids) == 1:
            _log.warning("the server cannot give message UID %s: %s", uids[0], error)
            return {}
        return {uid: said for one in uids for uid, said in _fetch(client, [one], items).items()}


def _body(said: Mapping[bytes, Any]) -> bytes | None:
    """The message under whichever name the server gave it."""
    return next(
        (said[name] for name in (b"BODY[]", b"BODY[]<0>", b"RFC822") if said.get(name) is not None), None
    )
