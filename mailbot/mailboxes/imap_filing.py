"""Showing people which messages mailbot has: a keyword, or a folder of their own; nothing else is ever changed."""

from collections.abc import Sequence

from mailbot.mailboxes.imap_connection import Session

KEYWORD = "mailbot"


def add_keyword(session: Session, uids: Sequence[int]) -> str:
    """Mark with the keyword; answers why not, where the server keeps no keywords (Exchange)."""
    if not session.here.keeps(KEYWORD):
        return "the server keeps no keywords in this folder"
    session.client.add_flags(uids, [KEYWORD], silent=True)
    return ""


def move_to(folder: str, session: Session, uids: Sequence[int]) -> str:
    """Move to `folder`, made if need be; answers why not, where the server cannot do so safely."""
    client = session.client
    if not session.here.writable:
        return "the folder may only be read"
    if client.has_capability("MOVE"):
        client.move(uids, session.ensure(folder))
    elif client.has_capability("UIDPLUS"):
        client.copy(uids, session.ensure(folder))
        client.add_flags(uids, [b"\\Deleted"], silent=True)
        client.uid_expunge(uids)
    else:
        # A plain EXPUNGE would also remove what other people have struck out.
        return "the server offers neither MOVE nor UIDPLUS"
    return ""
