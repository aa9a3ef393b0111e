"""What had to be repaired while a message was read."""

from dataclasses import dataclass, field

_MOST = 100


@dataclass
class Defects:
    """What had to be repaired, each once."""

    seen: dict[str, None] = field(default_factory=dict)

    def note(self, text: str) -> None:
        if text and len(self.seen) < _MOST:
            self.seen.setdefault(text)
