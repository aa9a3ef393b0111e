"""Address headers, read in one pass: no nesting, no backtracking, and doubt is kept rather than resolved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.encoded_words import decode_words
from mailbot.mail.message import Address

ADDRESSES = 200
_VALUE_CHARACTERS = 64 * 1024

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.){0,500}")|(?P<angle><[^<>,]*(?:>|$))|(?P<comment>[()])|(?P<comma>[,;])"""
    r"""|(?P<group>:)|(?P<space>\s+)|(?P<atom>[^"<>(),;:\s]+)|(?P<other>.)""",
    re.S,
)
_LOCAL = r"""[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\U0010FFFF-]{1,64}|"[^"\\\x00-\x1f]{1,62}\""""
_LABEL = r"[A-Za-z0-9_\u0080-\U0010FFFF-]{1,63}"
_DOMAIN = rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f.:IPv]{{2,50}}\]"
_ADDR_SPEC = re.compile(rf"({_LOCAL})@({_DOMAIN})")
_PIECE = r"""[^\s@<>"',;:()]"""
_LOOKS_LIKE_ADDRESS = re.compile(rf"{_PIECE}{{1,64}}@{_PIECE}{{1,200}}\.{_PIECE}{{1,63}}")


@dataclass(frozen=True)
class AddressList:
    addresses: tuple[Address, ...]
    doubtful: bool = False  # some reader of mail would take another address out of it
    capped: bool = False


@dataclass
class _Entry:
    """One mailbox of a list, as far as it has been read."""

    words: list[str]
    angles: list[str]
    bare: list[str]  # as it stands, for an address without angle brackets
    quoted: bool = False

    @property
    def phrase(self) -> str:
        return " ".join(self.words)


def read_addresses(value: str) -> AddressList:
    """Every address in a header value that has been unfolded but not decoded (words are decoded here)."""
    found: list[Address] = []
    doubtful = False
    for entry in _entries(value[:_VALUE_CHARACTERS]):
        address, doubt = _read(entry)
        doubtful |= doubt
        if address and len(found) == ADDRESSES:
            return AddressList(tuple(found), doubtful, capped=True)
        if address:
            found.append(address)
    return AddressList(tuple(found), doubtful, capped=len(value) > _VALUE_CHARACTERS)


def valid_address(text: str) -> str | None:
    """The addr-spec with its domain in lower case (and ASCII), None when it is not one."""
    match = _ADDR_SPEC.fullmatch(text.strip())
    if not match or ".." in text or match[1].startswith(".") or match[1].endswith("."):
        return None
    domain = _ascii_domain(match[2].lower().rstrip("."))
    return f"{match[1]}@{domain}" if domain else None


def shows_another_address(address: Address) -> bool:
    """Whether the name is made to look like somebody else's address."""
    shown = _LOOKS_LIKE_ADDRESS.findall(address.name)
    return any(one.lower() != address.address.lower() for one in shown)


def _ascii_domain(domain: str) -> str | None:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _entries(value: str) -> Iterator[_Entry]:
    """The list cut at commas and at the ends of groups, without comments."""
    entry = _Entry([], [], [])
    depth = 0
    for token in _TOKEN.finditer(value):
        kind, text = token.lastgroup, token[0]
        if kind == "comment":
            depth = max(0, depth + (1 if text == "(" else -1))
        elif depth:
            continue
        elif kind == "space":
            entry.bare.append(" ")
        elif kind == "comma":
            yield entry
            entry = _Entry([], [], [])
        elif kind == "group":
            entry = _Entry([], [], [])  # the name of a group is nobody's name
        elif kind == "angle":
            entry.angles.append(text.strip("<> \t\r\n"))
        elif kind == "quoted":
            entry.words.append(re.sub(r"\\(.)", r"\1", text[1:-1]))
            entry.bare.append(text)
            entry.quoted = True
        else:
            entry.words.append(text)
            entry.bare.append(text)
    yield entry


def _read(entry: _Entry) -> tuple[Address | None, bool]:
    """The address of one entry, and whether another reading of it is possible."""
    phrase = decode_words(entry.phrase).strip()
    if not entry.angles:
        bare = valid_address("".join(entry.bare))
        stray = bare is None and "@" in phrase
        return (Address("", bare) if bare else _rescued(phrase), stray)
    spec = entry.angles[-1].rpartition(":")[2] if entry.angles[-1].startswith("@") else entry.angles[-1]
    address = valid_address(spec)
    others = set() if entry.quoted else set(_LOOKS_LIKE_ADDRESS.findall(entry.phrase))
    doubtful = len(entry.angles) > 1 or any(other.lower() != spec.lower() for other in others)
    return (
        Address(_name(phrase), address) if address else None,
        doubtful or (address is None and "@" in spec),
    )


def _rescued(phrase: str) -> Address | None:
    """An address in a phrase that is not one as a whole: shown, though never trusted."""
    match = _LOOKS_LIKE_ADDRESS.search(phrase[:1000])
    address = valid_address(match[0]) if match else None
    return Address("", address) if address else None


def _name(phrase: str) -> str:
    return " ".join(phrase.replace('"', " ").split())[:200]
