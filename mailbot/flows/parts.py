"""What every flow works with: the rooms, opened once, and the transaction it is in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailbot.casework.case import Case
from mailbot.casework.rules import Rules
from mailbot.classify.classifier import Classifier
from mailbot.classify.safeguarding import Detector
from mailbot.flows.examination import Examined, examine
from mailbot.flows.rulebook import Rulebook
from mailbot.letters.library import Letters
from mailbot.mail.message import Message
from mailbot.mail.references import Signer
from mailbot.mail.screen import FormMailer, OurMail
from mailbot.settings import MailboxSettings, Settings
from mailbot.store.database import Store


@dataclass(frozen=True)
class Parts:
    """The rooms, opened: settings, store, rules, letters, readers and our own signature."""

    settings: Settings
    store: Store
    procedures: Rulebook
    letters: Letters
    classifier: Classifier
    detector: Detector
    signer: Signer
    examine: Callable[[bytes, datetime, OurMail], Examined] = (
        examine  # the daemon does it in a process of its own
    )

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    @cached_property
    def boxes(self) -> Mapping[str, MailboxSettings]:
        return {box.name: box for box in self.settings.mailbox}

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Every address at which we receive, in lower case."""
        return frozenset(
            address.lower() for box in self.settings.mailbox for address in (box.address, *box.aliases)
        )

    def our_mail(self, box: MailboxSettings) -> OurMail:
        """What screening must know of us to tell our own mail and our border's marks."""
        return OurMail(
            addresses=self.own_addresses,
            signer=self.signer,
            list_ids=frozenset(box.list_ids),
            border=self.settings.organisation.border,
            form_mailers=tuple(FormMailer(form.address, form.body_field) for form in box.form),
        )

    def rules_of(self, case: Case) -> Rules:
        """The rules that this case keeps: the version that it opened under."""
        procedure = self.procedures.version(case.procedure, case.version)
        return Rules(procedure, self.procedures.calendar(case.calendar or procedure.calendar))

    def rules_on(self, box: MailboxSettings, moment: datetime) -> Rules:
        """The rules for a case that opens in `box` at `moment`."""
        procedure = self.procedures.on(box.procedure, moment.astimezone(self.zone).date())
        return Rules(procedure, self.procedures.calendar(procedure.calendar))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The letters with which our case references begin."""
        return frozenset(self.procedures.prefixes())


@dataclass(frozen=True)
class Work:
    """One transaction of a flow: the parts, the connection and the moment at which it happens."""

    parts: Parts
    connection: Connection
    now: datetime
    seen: dict[str, Case] = field(default_factory=dict)  # cases as this transaction has left them
    mail: dict[str, Message] = field(default_factory=dict)  # messages read in this transaction, by id
