"""Growing pauses between attempts to reach a server that is away."""

import random
import time
from dataclasses import dataclass, field

_FIRST = 1.0  # seconds
_MOST = 120.0


@dataclass
class Backoff:
    """Doubles the pause with each failure up to two minutes; a random half of it keeps many daemons from returning at once."""

    _failures: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)

    def failed(self) -> None:
        pause = min(_MOST, _FIRST * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._until = time.monotonic() + pause * random.uniform(0.5, 1)

    def succeeded(self) -> None:
        self._failures, self._until = 0, 0.0

    @property
    def left(self) -> float:
        """Seconds until the next attempt is due; 0 when it is."""
        return max(0.0, self._until - time.monotonic())
