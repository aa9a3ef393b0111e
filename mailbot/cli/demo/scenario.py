"""The demo's script: what happens when, read from fortnight.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_SCRIPT = Path(__file__).with_name("fortnight.toml")


@dataclass(frozen=True)
class Step:
    """One thing that happens; fortnight.toml says what each field means."""

    id: str
    at: datetime
    story: str
    from_: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    body: str = ""
    html: str = ""
    raw: str = ""
    reply_to: str = ""
    reply_to_letter_to: str = ""
    about_letter_to: str = ""
    sent: bool = False
    staff_reply: str = ""
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Scenario:
    organisation: Mapping[str, Any]
    people: Mapping[str, str]
    steps: tuple[Step, ...]
    zone: ZoneInfo
    starts: datetime
    ends: datetime

    @property
    def mailbox(self) -> str:
        return str(self.organisation["mailbox"])


def read_scenario(path: Path = _SCRIPT) -> Scenario:
    script = tomllib.loads(path.read_text(encoding="utf-8"))
    organisation = script["organisation"]
    zone = ZoneInfo(organisation["timezone"])
    steps = tuple(_step(row, zone) for row in script["step"])
    return Scenario(
        organisation=organisation,
        people=script["people"],
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        zone=zone,
        starts=organisation["starts"].replace(tzinfo=zone),
        ends=organisation["ends"].replace(tzinfo=zone),
    )


def _step(row: Mapping[str, Any], zone: ZoneInfo) -> Step:
    values = {("from_" if name == "from" else name): value for name, value in row.items()}
    values |= {"at": row["at"].replace(tzinfo=zone), "attachments": tuple(row.get("attachments", ()))}
    return Step(**values)
