"""Templates to letters, previews and wording checks: the organisation's words stand in templates/, none here."""

from mailbot.letters.library import Letters, Rendered
from mailbot.letters.lint import Finding, Level

__all__ = ["Finding", "Letters", "Level", "Rendered"]
