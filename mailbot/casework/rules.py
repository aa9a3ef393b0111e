"""What a case is judged by."""

from dataclasses import dataclass

from mailbot.casework.calendar import WorkingCalendar
from mailbot.casework.case import StageInstance
from mailbot.casework.procedure import ClockRule, Procedure

UNSORTED = "unsorted"
"""The stage of an instance of which a person must still say what it is."""


@dataclass(frozen=True)
class Rules:
    """The version of the procedure that a case opened under, and its calendar."""

    procedure: Procedure
    calendar: WorkingCalendar

    @property
    def counted_by(self) -> str:
        """The calendar as it is noted beside each date: its name and version."""
        return self.calendar.known_as

    def clocks_of(self, instance: StageInstance) -> tuple[ClockRule, ...]:
        """The clocks that run for an instance; for what nobody has sorted yet, those of the first stage."""
        desk = self.procedure.desks.get(instance.stage)
        if desk is not None:
            return desk.clocks[instance.request]
        if instance.stage == UNSORTED:
            return self.procedure.first_stage.clocks
        stage = self.procedure.stage(instance.stage)
        return stage.clocks + ((stage.personal_contact,) if stage.personal_contact else ())

    def is_ladder(self, instance: StageInstance) -> bool:
        """Whether it is a stage of the complaint, not work at a desk nor something unsorted."""
        return instance.stage != UNSORTED and instance.stage not in self.procedure.desks
