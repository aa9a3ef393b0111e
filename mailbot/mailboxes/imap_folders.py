"""Which folder on the server is meant: Sent and Drafts by their role, others by name or name under the prefix."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from imapclient import IMAPClient

ROLES = {
    "Sent": (b"\\Sent", ("Sent", "Sent Items", "Sent Messages", "Sent Mail")),
    "Drafts": (b"\\Drafts", ("Drafts", "Draft")),
}


@dataclass(frozen=True)
class Folders:
    """The server's folders, and the prefix under which it keeps those of this mailbox ("" or such as "INBOX.")."""

    flags: Mapping[str, frozenset[bytes]]
    prefix: str

    @classmethod
    def of(cls, client: IMAPClient) -> "Folders":
        listed = {str(name): frozenset(flags) for flags, _, name in client.list_folders()}
        personal = client.namespace().personal if client.has_capability("NAMESPACE") else None
        return cls(listed, str(personal[0][0]) if personal else "")

    def find(self, wanted: str) -> str | None:
        """The server's name for `wanted`, or None where there is no such folder yet."""
        flag, usual = ROLES.get(wanted, (b"", (wanted,)))
        by_role = (name for name, flags in self.flags.items() if flag in flags)
        by_name = (name for plain in usual for name in (plain, self.prefix + plain) if name in self.flags)
        return next(chain(by_role, by_name), None)

    def to_be_made(self, wanted: str) -> str:
        return wanted if wanted.startswith(self.prefix) else self.prefix + wanted
