"""The least that a durable mailbox daemon can do: what mailbot's speed is measured against. A floor, not a product.

It fetches, parses with the standard library, keeps the bytes and a case in SQLite (WAL, synchronous=FULL), answers what
opens a conversation over one SMTP connection, marks with a keyword, and waits in IDLE. It classifies, screens, threads
by case and promises nothing.

    floor.py IMAP_PORT USER PASSWORD SMTP_PORT FOLDER
"""

import email
import email.policy
import select
import smtplib
import sqlite3
import sys
from pathlib import Path

import imapclient

_SCHEMA = """
create table if not exists message (id integer primary key, message_id text unique, conversation int, raw blob, answered int);
create table if not exists conversation (id integer primary key);
"""
_ANSWER = (
    "From: complaints@desk.test\r\nTo: {to}\r\nSubject: Your complaint [{number}]\r\nMessage-ID: <{number}@desk.test>\r\n"
    "Auto-Submitted: auto-replied\r\n\r\n"
    + "Thank you for writing. We have opened a case and will answer soon.\r\n"
    * 8
)
_KEYWORD = "floor"
_BATCH = 50


class Floor:
    def __init__(self, imap_port: int, user: str, password: str, smtp_port: int, folder: Path) -> None:
        self.store = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self.store.execute("pragma journal_mode=wal")
        self.store.execute("pragma synchronous=full")
        self.store.executescript(_SCHEMA)
        self.smtp = smtplib.SMTP("127.0.0.1", smtp_port)
        self.imap = imapclient.IMAPClient("127.0.0.1", imap_port, ssl=False)
        self.imap.login(user, password)
        self.imap.select_folder("INBOX")

    def run(self) -> None:
        while True:
            uids = self.imap.search(["UNKEYWORD", _KEYWORD])
            for start in range(0, len(uids), _BATCH):
                for uid, said in sorted(
                    self.imap.fetch(uids[start : start + _BATCH], ["BODY.PEEK[]"]).items()
                ):
                    self.handle(said[b"BODY[]"])
                    self.imap.add_flags([uid], [_KEYWORD], silent=True)
            self.imap.idle()
            select.select([self.imap.socket()], [], [], 300)
            self.imap.idle_done()

    def handle(self, raw: bytes) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        references = str(message["References"] or "").split()
        body = message.get_body(("plain", "html"))
        if body is not None:
            body.get_content()
        self.store.execute("begin immediate")
        known = [
            self.store.execute("select conversation from message where message_id=?", (one,)).fetchone()
            for one in references
        ]
        conversation = next((row[0] for row in known if row), None)
        opens = conversation is None
        if opens:
            conversation = self.store.execute("insert into conversation default values").lastrowid
        message_id = str(message["Message-ID"])
        self.store.execute(
            "insert or ignore into message values (null, ?, ?, ?, 0)", (message_id, conversation, raw)
        )
        self.store.execute("commit")
        if opens:
            to = message["From"].addresses[0].addr_spec
            self.smtp.sendmail(
                "complaints@desk.test", [to], _ANSWER.format(to=to, number=conversation).encode()
            )
            self.store.execute("update message set answered=1 where message_id=?", (message_id,))


if __name__ == "__main__":
    port, user, password, smtp_port, folder = sys.argv[1:]
    Floor(int(port), user, password, int(smtp_port), Path(folder)).run()
