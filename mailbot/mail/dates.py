"""The Date header, when it can be believed; the server's own time is what counts."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def sane_date(value: str, received: datetime | None) -> tuple[datetime | None, str]:
    """The Date as an aware time in its own zone, and what is wrong with it; None unless 2000 <= it <= received + 1 day.

    "-0000" is UTC from a machine that does not know where it stands (RFC 5322 section 3.3); without any zone
    it is no time that can be compared.
    """
    if not value:
        return None, "no Date"
    try:
        date = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, "Date cannot be read"
    if date.tzinfo is None and "-0000" not in value:
        return None, "Date without a zone"
    try:
        utc = date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "Date out of range"
    if utc < _EARLIEST or (received is not None and utc > received + timedelta(days=1)):
        return None, "Date out of range"
    return date.replace(tzinfo=date.tzinfo or UTC), ""
