"""Which case a message may have to do with, where nothing proves it: said to a person, and nothing is done about it."""

from collections.abc import Iterator

from mailbot.casework.case import Case, CaseState
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.flows.threading import Match
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mail.references import normal_subject, thread_index_root
from mailbot.store import cases, messages
from mailbot.store.database import Row

_LOOKED_AT = 5  # newest cases of one sender, and first messages of one case


def maybe_about(work: Work, reading: Reading, match: Match) -> tuple[str, str]:
    """The case that a message names, "" for none, and why a person should look; nothing of the case is told or changed."""
    if match.case is not None:
        return match.case.ref, _why_not(match.case, reading)
    if reading.partner is None:
        return "", _goes_on(work, reading)
    named = cases.naming(work.connection, f"{reading.message.subject} {reading.live}")
    if len(named) != 1:
        return "", ""
    return named[0], f"names the complainant of {named[0]}: look there for what they ask"


def _why_not(case: Case, reading: Reading) -> str:
    """Why a message that names a case was not put on it."""
    if reading.verified is False and case.party(reading.sender):
        return f"from an address on {case.ref}, but it failed our mail server's check of its sender; nothing was changed"
    return f"the sender quotes {case.ref}, and is not a party to it; nothing of it was told or changed"


def _goes_on(work: Work, reading: Reading) -> str:
    """A new message of somebody with an open case, in what Outlook calls one thread or under the same subject."""
    root, subject = thread_index_root(reading.message), normal_subject(reading.message.subject)
    for case in _open_cases(work, reading):
        for row in messages.of_case(work.connection, case.ref)[:_LOOKED_AT]:
            if subject and normal_subject(row["subject"]) == subject:
                return f"its sender is on {case.ref}, which has a message with the same subject: merge it?"
            if root and thread_index_root(_read_again(work, row)) == root:
                return f"its sender is on {case.ref}, and Outlook's mark says that it goes on from there: merge it?"
    return ""


def _read_again(work: Work, row: Row) -> Message:
    return parse(messages.raw_of(work.connection, row["id"]), row["received"])


def _open_cases(work: Work, reading: Reading) -> Iterator[Case]:
    if reading.author is None or reading.verified is False:
        return
    for ref in cases.of_party(work.connection, reading.sender)[:_LOOKED_AT]:
        case = casebook.load(work, ref)
        if case.state is CaseState.OPEN:
            yield case
