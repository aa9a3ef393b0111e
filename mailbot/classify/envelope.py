"""What the outside of a message says: who it is from, what it answers, what hangs on it."""

import re
from functools import lru_cache

from mailbot.classify.verdict import Evidence
from mailbot.classify.words import word_set

_PRIVATE = word_set(
    "gmail googlemail outlook hotmail live yahoo ymail icloud me aol btinternet sky talktalk virginmedia ntlworld "
    "tiscali proton protonmail pm fastmail plusnet mail gmx zoho blueyonder zen o2 uwclub btopenworld ntl talk21"
)
_MACHINE = re.compile(
    r"mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce|newsletter|noreply|updates?@|news@", re.I
)
_ROLE = re.compile(r"complaints?|casework|correspondence|enquir|team|office|support|admin|info|hello", re.I)
_KNOWN_PARTS = word_set(
    "dwp ice lgo ombudsman assessor phso parliament nhs gov jobcentre jobcentreplus jcp council"
)
_PART = re.compile(r"[a-z0-9]+")


def outside(evidence: Evidence) -> tuple[str, ...]:
    """Named facts about the envelope, for the model; none of them names a person, a site or a top-level domain."""
    return (
        *_sender(evidence.from_address.lower(), evidence.to_address.lower()),
        *(("is_reply",) if evidence.is_reply else ()),
        *_attached(evidence.attachments),
        "empty_subject" if not evidence.subject.strip() else "has_subject",
        "has_history" if len(evidence.whole_text) > len(evidence.live_text) + 20 else "no_history",
        _length(evidence.live_text),
        f"procedure_{evidence.procedure}",
    )


@lru_cache(maxsize=4096)
def _sender(sender: str, mailbox: str) -> tuple[str, ...]:
    local, _, domain = sender.rpartition("@")
    parts = _PART.findall(domain)
    facts = [f"site_{part}" for part in parts if part in _KNOWN_PARTS]
    facts += [f"box_{part}" for part in _PART.findall(local) if part in _KNOWN_PARTS]
    facts.append("private_site" if parts and parts[0] in _PRIVATE else "own_site")
    facts += ["our_site"] if domain and domain == mailbox.rpartition("@")[2] else []
    facts += ["machine_box"] if _MACHINE.search(sender) else []
    facts += ["role_box"] if _ROLE.search(local) else []
    return tuple(facts)


def _attached(names: tuple[str, ...]) -> tuple[str, ...]:
    endings = {f"attached_{name.rpartition('.')[2].lower()[:5]}" for name in names}
    words = {f"attached:{word}" for name in names for word in re.findall(r"[a-z]{3,}", name.lower())}
    return tuple(sorted(endings | words))


def _length(text: str) -> str:
    count = len(text.split())
    return next((f"under_{limit}_words" for limit in (15, 40, 100, 200) if count < limit), "long")
