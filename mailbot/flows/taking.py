"""From a person's or a partner's message to an event on a case: what it is, who wrote, what is known."""

from datetime import datetime

from mailbot.casework.case import Party, Role
from mailbot.casework.facts import Received
from mailbot.casework.labels import Label
from mailbot.casework.stated import stated_date
from mailbot.classify.verdict import Verdict
from mailbot.flows import casebook, learning, limits, sorting
from mailbot.flows.outcome import Outcome, set_aside
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.flows.suggesting import maybe_about
from mailbot.flows.threading import Match
from mailbot.mail.screen import MailKind
from mailbot.settings import MailboxSettings
from mailbot.store import messages

_ALWAYS_SEEN = frozenset({"safeguarding"})  # whatever a person has said that the message is
_MUST_BE_SEEN = _ALWAYS_SEEN | {"subject_access", "wrong_address"}


def take_to_casework(
    work: Work, box: MailboxSettings, reading: Reading, match: Match, verdict: Verdict | None
) -> Outcome:
    """A person or a partner: a case is opened, moved or added to; what is surely nothing for us is set aside."""
    assert verdict is not None, "everything that may touch a case was classified"
    concern = work.parts.detector.concern(reading.words)
    flags = tuple(verdict.flags) + (
        ("safeguarding",) if concern and "safeguarding" not in verdict.flags else ()
    )
    known = match.case is not None and match.allowed
    label, because = _label(reading, verdict, stranger=match.case is not None and not known)
    must_be_seen = (_ALWAYS_SEEN if reading.said else _MUST_BE_SEEN).intersection(flags)
    if not known and not must_be_seen and _is_nothing_for_us(reading, verdict, label):
        return _nothing_for_us(work, box, reading, verdict)
    if not known and label is Label.OTHER:
        label, because = None, f"a person must see it: {', '.join(sorted(must_be_seen)).replace('_', ' ')}"
    quoted, linked = ("", "") if known else maybe_about(work, reading, match)
    fact = _received(work, box, reading, verdict, label, because, flags, linked)
    if known and match.case:
        case, how = match.case, match.how
    else:
        case, how = casebook.begin(work, box, fact.at, refers_to=quoted), ""
    after = casebook.record(work, case, fact, f"message {reading.id}")
    return {"state": messages.FILED, "case_ref": after.ref, "matched": how}


def _label(reading: Reading, verdict: Verdict, stranger: bool) -> tuple[Label | None, str]:
    """The label to act on, None where a person must say, with the reason."""
    if reading.said:
        return reading.said, ""
    if reading.unread:
        return None, reading.unread
    if verdict.abstained:
        return None, f"unsure: {verdict.reasons[0] if verdict.reasons else 'the words leave it open'}"
    official = verdict.label in (Label.ICE_CORRESPONDENCE, Label.CONTRIBUTION_REQUEST)
    if official and reading.partner is None:
        return None, "reads like official mail, but comes from an address that the rules do not know"
    if official and reading.verified is False:
        return None, "reads like official mail, but failed our mail server's check of its sender"
    if reading.partner and not official:
        return None, f"comes from an address of {reading.partner.name}, and reads like other mail"
    if stranger and verdict.label is Label.OTHER:
        return None, "names a case of ours, and its sender is not on that case"
    return verdict.label, ""


def _is_nothing_for_us(reading: Reading, verdict: Verdict, label: Label | None) -> bool:
    """Surely other mail; of what machines sent on, also what is most likely other."""
    if label is Label.OTHER:
        return True
    machine = reading.screening.kind is not MailKind.PERSON and not reading.unread
    return machine and label is None and verdict.label is Label.OTHER


def _nothing_for_us(work: Work, box: MailboxSettings, reading: Reading, verdict: Verdict) -> Outcome:
    """Set aside; a person is asked whether that is right for the few that are checked."""
    if reading.said:
        return set_aside(f"{reading.said_by} says that it is nothing for us")
    by_staff = reading.sender in work.parts.settings.staff
    if not (by_staff or verdict.abstained) and learning.to_check(work.parts, reading):
        sorting.ask_whether(work, box, reading)
    return set_aside("not a complaint: " + (verdict.reasons[0] if verdict.reasons else "other mail"))


def _received(
    work: Work,
    box: MailboxSettings,
    reading: Reading,
    verdict: Verdict,
    label: Label | None,
    because: str,
    flags: tuple[str, ...],
    linked: str,
) -> Received:
    at = _receipt(work, box, reading)
    calendar = work.parts.rules_on(box, at).calendar
    local = at.astimezone(work.parts.zone)
    stated = stated_date(reading.live, local, calendar) if reading.partner else None
    obstacle = _obstacle(work, reading, label)
    return Received(
        message=str(reading.id),
        at=at,
        sender=_party(reading, flags),
        label=label,
        may_acknowledge=not obstacle,
        because=because,
        obstacle=obstacle,
        flags=flags,
        proposed=verdict.label if label is None else None,
        request=_request(reading),
        stated=stated.on if stated else None,
        linked=linked,
        to_check=reading.said is None and learning.to_check(work.parts, reading),
    )


def _receipt(work: Work, box: MailboxSettings, reading: Reading) -> datetime:
    """When the message counts as received: the server's time, unless the rules take another."""
    server = reading.message.received or work.now
    taken = work.parts.rules_on(box, server).procedure.settings["receipt_source"]
    return {"date_header": reading.message.date, "first_seen": work.now}.get(str(taken)) or server


def _obstacle(work: Work, reading: Reading, label: Label | None) -> str:
    """Why the sender may not be written to automatically; "" when nothing speaks against it."""
    if not reading.screening.may_acknowledge:
        return reading.signs
    if reading.answer_to is None:
        return "there is no address to answer to"
    if reading.sender in work.parts.settings.staff:
        return "a colleague passed this on: write to the person whose complaint it is"
    quick_since = (reading.message.received or work.now) if label is None else None
    return limits.reached(work, reading.sender, reading.message.subject, reading.id, quick_since)


_ROLES = {"examiner": Role.EXAMINER, "jobcentre": Role.JOBCENTRE}
_FLAG_ROLES = (
    ("mp", Role.ELECTED_MEMBER),
    ("employer", Role.EMPLOYER),
    ("representative", Role.REPRESENTATIVE),
)


def _party(reading: Reading, flags: tuple[str, ...]) -> Party:
    name = reading.answer_to.name if reading.answer_to else ""
    role = next((role for flag, role in _FLAG_ROLES if flag in flags), Role.COMPLAINANT)
    if reading.partner:
        role = _ROLES.get(reading.partner.role, Role.JOBCENTRE)
    return Party(id=reading.sender or f"unknown sender of message {reading.id}", role=role, name=name)


_REQUESTS = (
    ("draft_report", ("draft report", "draft of my report", "factual accuracy")),
    (
        "papers_request",
        ("case papers", "copies of all papers", "all documents", "send us the papers", "paperwork"),
    ),
)


def _request(reading: Reading) -> str:
    """What a partner asks for, where the words say so; its desk has a clock for each kind."""
    text = f"{reading.message.subject}\n{reading.live}".lower()
    return next((name for name, words in _REQUESTS if any(word in text for word in words)), "correspondence")
