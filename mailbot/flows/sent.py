"""What the team wrote itself: found in the Sent folder, it keeps promises without anybody telling mailbot."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from mailbot.casework.announcing import announces, names_body
from mailbot.casework.arrivals import current
from mailbot.casework.case import Case, StageInstance
from mailbot.casework.facts import Acknowledged, Contacted, Fact, HoldingLetterSent, Responded
from mailbot.casework.procedure import Contact
from mailbot.casework.rules import Rules
from mailbot.casework.stated import stated_date
from mailbot.flows import casebook
from mailbot.flows.parts import Work
from mailbot.flows.reading import Reading
from mailbot.flows.threading import named_case
from mailbot.mail.message import Message
from mailbot.store import cases, messages, outbox

_OPENING = 400  # characters of a letter in which it says what it is
_LAST_MOMENT = time(23, 59, 59)


def take_in(work: Work, reading: Reading) -> None:
    """Write down what a message of the Sent folder says of its case."""
    message = reading.message
    ref, reason = _own_letter(work, message) or _by_the_team(work, reading)
    messages.describe(
        work.connection,
        reading.id,
        state=messages.FILED if ref else messages.SET_ASIDE,
        reason=reason,
        case_ref=ref,
        message_id=message.message_id,
        subject=message.subject,
        triaged=work.now,
    )


_PROVED = {outbox.DRAFTED: "person", outbox.UNKNOWN: "automated"}
"""States of a letter that its copy in the Sent folder settles, and by whom it was sent."""


def _own_letter(work: Work, message: Message) -> tuple[str, str] | None:
    """A letter of mailbot's: a copy of what it sent, or proof that a draft or a letter in doubt has left."""
    row = outbox.by_message_id(work.connection, message.message_id) if message.message_id else None
    if row is None:
        return None
    if row["state"] in _PROVED:
        at = message.received or work.now
        outbox.change(work.connection, row["id"], state=outbox.SENT, sent=at, copied=True)
        if row["acknowledges"]:
            case = casebook.load(work, row["case_ref"])
            casebook.record(
                work, case, Acknowledged(row["instance"], at, by=_PROVED[row["state"]]), f"letter {row['id']}"
            )
    return row["case_ref"], "our own letter"


def _by_the_team(work: Work, reading: Reading) -> tuple[str, str]:
    """A person of the team wrote to somebody on a case: a formal response, a holding letter, or contact."""
    message = reading.message
    case = named_case(work, message) or _only_case_of(work, message)
    if case is None:
        return "", "not about a case that is known"
    if not any(case.party(address.address) for address in (*message.to, *message.cc)):
        return case.ref, "not to anybody on the case"
    messages.remember_id(work.connection, message.message_id, case.ref)
    rules = work.parts.rules_of(case)
    instance = _instance(case, message, rules)
    if instance is None:
        return case.ref, "a letter of the team"
    name, fact = _what_it_is(reading, instance, rules, message.received or work.now, case)
    casebook.record(work, case, fact, f"message {reading.id}")
    return case.ref, name


def _only_case_of(work: Work, message: Message) -> Case | None:
    """The case of the person written to, when they have only one."""
    refs = {ref for address in message.to for ref in cases.of_party(work.connection, address.address)}
    return casebook.load(work, refs.pop()) if len(refs) == 1 else None


def _instance(case: Case, message: Message, rules: Rules) -> StageInstance | None:
    """What was written about: the desk of the partner written to, else where the complaint stands."""
    written_to = {address.address.lower() for address in message.to}
    at_desks = [
        stage
        for stage in case.stages
        if stage.stage in rules.procedure.desks and stage.sender in written_to and not stage.responded
    ]
    return at_desks[0] if at_desks else current(case, rules)


def _what_it_is(
    reading: Reading, instance: StageInstance, rules: Rules, at: datetime, case: Case
) -> tuple[str, Fact]:
    """The first kind of letter that its own words show; without such words it is contact."""
    said = f"{reading.message.subject}\n{reading.live[:_OPENING]}"
    id = reading.message.message_id
    if instance.stage in rules.procedure.desks:
        return "our reply to a partner", Responded(instance.id, at, id)
    if announces(said, rules.procedure.holding_phrases) and (
        due := _new_date(reading.live, case, instance, at, rules)
    ):
        return "a holding letter", HoldingLetterSent(instance.id, at, due, "holding letter", id)
    if announces(said, rules.procedure.response_phrases):
        named = names_body(reading.live, _next_bodies(instance, rules))
        return "a formal response", Responded(instance.id, at, id, names_next_body=named)
    return "contact", Contacted(instance.id, at, id)


def _next_bodies(instance: StageInstance, rules: Rules) -> tuple[Contact, ...]:
    """Who may be asked after this stage: nobody outside, while a stage of our own comes next."""
    if not rules.is_ladder(instance):
        return ()
    body = (rules.procedure.stage(instance.stage).next or "").removeprefix("external:")
    return tuple(contact for id, contact in rules.procedure.contacts.items() if id == body)


def _new_date(said: str, case: Case, instance: StageInstance, at: datetime, rules: Rules) -> datetime | None:
    """The one new date that a holding letter names, when it is later than the one it moves."""
    promise = case.deadline(f"{instance.id}/respond")
    zone = ZoneInfo(rules.procedure.timezone)
    stated = stated_date(said, at.astimezone(zone), rules.calendar)
    if promise is None or stated is None:
        return None
    due = datetime.combine(stated.on, _LAST_MOMENT, zone)
    return due if due > promise.due else None
