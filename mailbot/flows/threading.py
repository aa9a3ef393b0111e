"""Which case a message belongs to. Finding a case is one step; whether the sender may write on it is another."""

from dataclasses import dataclass

from mailbot.casework.case import Case
from mailbot.casework.procedure import Partner
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.mail.message import Address, Message
from mailbot.mail.references import cited_ids, is_forward, references_in
from mailbot.store import cases, messages

_SIGNED = "signed reference"


@dataclass(frozen=True)
class Match:
    """The case that a message names; `allowed` says whether its sender may write on it."""

    case: Case | None = None
    how: str = ""
    allowed: bool = False


NO_MATCH = Match()


@dataclass(frozen=True)
class Writer:
    """Whom a message is from; no `address` when nothing proves as much as a From does."""

    address: Address | None
    answered_at: Address | None = (
        None  # where answers to it go: a Reply-To that our border vouched for, else the same
    )
    partner: Partner | None = None
    verified: bool | None = None  # our border's word on the sender; None when it gave none


def find(work: Work, message: Message, writer: Writer) -> Match:
    """The best match: our signed ids, then ids that we know, then references in the subject."""
    for ref, how in _named(work, message, writer.partner):
        living = cases.survivor(work.connection, ref)
        if living is not None:
            case = casebook.load(work, living)
            return Match(case, how, _may_write(work, case, message, writer, how))
    return NO_MATCH


def named_case(work: Work, message: Message) -> Case | None:
    """The case that a message of our own names; nobody's permission is asked."""
    return find(work, message, Writer(None)).case


def _named(work: Work, message: Message, partner: Partner | None) -> list[tuple[str, str]]:
    """Every case that the message names, the surest first."""
    cited = cited_ids(message)
    known = messages.cases_by_id(work.connection, cited) if cited else {}
    signed = ((ref, _SIGNED) for id in cited if (ref := work.parts.signer.read(id)))
    ids = ((known[id], "known Message-ID") for id in cited if id in known)
    quoted = ((ref, "reference in subject") for ref in references_in(message.subject, work.parts.prefixes))
    within = references_in(message.text, work.parts.prefixes) if partner is not None else ()
    return [*signed, *ids, *quoted, *((ref, "reference in a partner's letter") for ref in within)]


def _may_write(work: Work, case: Case, message: Message, writer: Writer, how: str) -> bool:
    """A party of the case, one of the team, or a partner; nobody whose mail has failed authentication.

    Who answers one of our letters may also be known by the Reply-To to which we sent it.
    """
    if writer.address is None or writer.verified is False:
        return False
    if writer.partner is not None and not is_forward(message.subject):
        return True
    address = writer.address.address.lower()
    if address in work.parts.settings.staff or case.party(address) is not None:
        return True
    reached = writer.answered_at if how == _SIGNED else None
    return reached is not None and case.party(reached.address) is not None
