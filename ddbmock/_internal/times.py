"""The forms of times in requests and responses; internally a time is seconds since the epoch."""

from __future__ import annotations

from datetime import datetime, timezone

#: Those of the years 1 and 9999.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800.0, 253_402_300_799.0
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def utc(seconds: float) -> datetime:
    """Return a time as an aware datetime.

    >>> utc(0.5)
    datetime.datetime(1970, 1, 1, 0, 0, 0, 500000, tzinfo=datetime.timezone.utc)
    """
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def epoch_seconds(time: datetime | float) -> float:
    """Return a time in a request, which is a number on the wire, as seconds since the epoch.

    >>> epoch_seconds(utc(1.5)), epoch_seconds(1)
    (1.5, 1.0)
    """
    seconds = time.timestamp() if isinstance(time, datetime) else float(time)
    # A time outside of these years becomes their first or last second.
    return min(max(seconds, _FIRST_SECOND), _LAST_SECOND)


def timestamp(seconds: float) -> datetime:
    """Return a time as it is in responses: to the millisecond.

    >>> timestamp(1.23456).isoformat()
    '1970-01-01T00:00:01.234000+00:00'
    """
    at = utc(seconds)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def milliseconds(seconds: float) -> int:
    """Return the milliseconds since the epoch that `timestamp` shows.

    >>> milliseconds(1.23456)
    1234
    """
    return round(timestamp(seconds).timestamp() * 1000)


def parse_iso(text: str) -> float:
    """Return a time in ISO 8601 as seconds since the epoch; without a zone it is UTC.

    >>> parse_iso("1970-01-01T00:01:30Z"), parse_iso("1970-01-01 01:00+01:00")
    (90.0, 0.0)

    Raises:
        ValueError: The text is not a time.
    """
    return aware(datetime.fromisoformat(text.replace("Z", "+00:00"))).timestamp()


def aware(at: datetime) -> datetime:
    """Return a datetime with its zone; without one it is UTC.

    >>> aware(datetime(1970, 1, 1)).timestamp()
    0.0
    """
    return at if at.tzinfo is not None else at.replace(tzinfo=timezone.utc)


def iso_seconds(seconds: float) -> str:
    """Return a time in ISO 8601, to the second.

    >>> iso_seconds(90.5)
    '1970-01-01T00:01:30Z'
    """
    return f"{utc(seconds):%Y-%m-%dT%H:%M:%S}Z"


def iso_milliseconds(seconds: float) -> str:
    """Return a time in ISO 8601, to the millisecond.

    >>> iso_milliseconds(90.5)
    '1970-01-01T00:01:30.500Z'
    """
    at = utc(seconds)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def stream_label(milliseconds: int) -> str:
    """Return the label of a stream that was enabled at a time in milliseconds since the epoch.

    >>> stream_label(1_500)
    '1970-01-01T00:00:01.500'
    """
    return f"{utc(milliseconds // 1000):%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}"


def prose(seconds: float) -> str:
    """Return a time as it is in some error messages, independently of the locale.

    >>> prose(1_791_501_648)
    'Thursday, October 8, 2026 at 11:20:48 PM Coordinated Universal Time'
    """
    at = utc(seconds)
    hour = at.hour % 12 or 12
    half = "AM" if at.hour < 12 else "PM"  # noqa: PLR2004 (noon)
    return (
        f"{_WEEKDAYS[at.weekday()]}, {_MONTHS[at.month - 1]} {at.day}, {at.year}"
        f" at {hour}:{at:%M:%S} {half} Coordinated Universal Time"
    )
