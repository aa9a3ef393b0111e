"""What delivery tells of a message's envelope: whom it was for, and whether it wants no answer."""

import re

from mailbot.mail.message import Message
from mailbot.mail.senders import is_daemon_name

_ARRIVAL_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "apparently-to",
    "x-forwarded-to",
    "x-envelope-to",
)
_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")


def addressed_to(message: Message) -> tuple[str, ...]:
    """Every address that the message names as its recipient, in its own headers or those of delivery, each once."""
    named = [address.address for address in (*message.to, *message.cc)]
    values = [value for name in _ARRIVAL_HEADERS for value in message.all(name)]
    arrived = [found for value in values for found in _ADDRESS.findall(value[:2000])]
    return tuple(dict.fromkeys(named + arrived))


def has_empty_return_path(message: Message) -> bool:
    """Whether it was sent so that no report comes back; Sendmail writes its own name for that."""
    paths = [value.strip("<> ") for value in message.all("return-path")]
    return any(not path or is_daemon_name(path.partition("@")[0]) for path in paths)
