"""Mail that a list sends on under its own address: whom the list names as the writer, and whether that may be believed.

Google Groups and Mailman put themselves into From where the writer's domain asks for DMARC to be enforced. Whoever
writes a List-Id of ours could name anybody, so the list must be ours, and our border must vouch for the list.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailbot.mail.addresses import read_addresses
from mailbot.mail.authentication import verdict
from mailbot.mail.kinds import OurMail, plain_address
from mailbot.mail.message import Address, Message

_LIST_MARKS = frozenset({"list-id", "list-post", "mailing-list", "x-google-group-id", "x-beenthere"})
_VIA = re.compile(r"['\"]?(.{0,150}?)['\"]?\s+via\s+\S.*", re.I)


@dataclass(frozen=True)
class PassedOn:
    """`named` is the writer as the list gives it, None where it names nobody or more than one."""

    named: Address | None
    believed: bool

    @property
    def author(self) -> Address | None:
        return self.named if self.believed else None


def passed_on(message: Message, ours: OurMail) -> PassedOn | None:
    """Who wrote a message that a list has put its own address on; None when From is the writer's."""
    sender = message.sender
    if sender is None or not message.names & _LIST_MARKS:
        return None
    via = _VIA.fullmatch(sender.name)
    listed = [read_addresses(value) for value in message.all("x-original-from")]
    given = _others((address for one in listed for address in one.addresses), sender, ours)
    if not via and not given:
        return None
    named = {plain_address(one.address): one for one in (*_others(message.reply_to, sender, ours), *given)}
    sure = len(named) == 1 and not any(one.doubtful for one in listed)
    alone = next(iter(named.values())) if sure else None
    if alone and not alone.name and via:
        alone = Address(via[1].strip(), alone.address)
    vouched = ours.is_list(sender.address) and verdict(message, ours.border).dmarc == "pass"
    return PassedOn(alone, vouched and alone is not None)


def _others(addresses: Iterable[Address], sender: Address, ours: OurMail) -> list[Address]:
    """Those that are neither the list itself nor our own."""
    itself = plain_address(sender.address)
    return [one for one in addresses if plain_address(one.address) != itself and not ours.owns(one.address)]
