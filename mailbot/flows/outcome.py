"""What becomes of a message, as columns of its row."""

from collections.abc import Mapping
from typing import Any

from mailbot.store import messages

Outcome = Mapping[str, Any]
"""At least `state`, and `reason` or `case_ref`."""


def set_aside(reason: str, ref: str = "") -> Outcome:
    """Kept, and not a case's business; `ref` names the case beside which it is kept for reading."""
    return {"state": messages.SET_ASIDE, "reason": reason, "case_ref": ref}
