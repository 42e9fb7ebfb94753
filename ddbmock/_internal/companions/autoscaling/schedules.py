"""When scheduled actions are due: `at(...)`, `rate(...)` and `cron(...)`.

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ddbmock._internal.companions.autoscaling.errors import ScalingValidationError
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import autoscaling as messages
from ddbmock._internal.times import utc

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\(([^()]+)\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_YEARS_AHEAD = 5


@lru_cache(maxsize=128)
def zone(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database.

    Raises:
        ScalingValidationError: There is none.
    """
    if name in {"UTC", "Etc/UTC"}:
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ScalingValidationError(messages.scaling_wrong_timezone(name)) from None


def next_time(schedule: str, timezone_name: str, after: float, anchor: float) -> float | None:
    """Return the first time after another at which a schedule is due; None for never.

    >>> next_time("rate(5 minutes)", "UTC", after=100.0, anchor=0.0)
    300.0
    >>> next_time("cron(0 8 ? * MON-FRI *)", "UTC", after=0.0, anchor=0.0)  # a Thursday
    28800.0

    Args:
        schedule: The expression.
        timezone_name: The zone of `at` and `cron`.
        after: Epoch seconds.
        anchor: When a rate begins.

    Raises:
        ScalingValidationError: It is not a schedule.
        UnsupportedError: It uses syntax that ddbmock does not support yet.
    """
    dimension = zone(timezone_name)
    if found := _AT.fullmatch(schedule):
        try:
            at = datetime.fromisoformat(found.group(1)).replace(tzinfo=dimension).timestamp()
        except ValueError:
            raise ScalingValidationError(messages.scaling_wrong_schedule(schedule)) from None
        return at if at > after else None
    if found := _RATE.fullmatch(schedule):
        every = int(found.group(1)) * _SECONDS[found.group(2)]
        if every:
            passed = max(0, int((after - anchor) // every) + 1)
            return anchor + max(1, passed) * every
    if found := _CRON.fullmatch(schedule):
        return _cron(schedule).next_time(after, dimension)
    raise ScalingValidationError(messages.scaling_wrong_schedule(schedule))


class _Cron(NamedTuple):
    """The values that each field allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    #: None for any: days of month and week are not both given.
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    years: frozenset[int]

    def next_time(self, after: float, dimension: tzinfo) -> float | None:
        now = utc(after).astimezone(dimension)
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(366 * _YEARS_AHEAD):
            if self._has_day(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        at = day.replace(hour=hour, minute=minute).timestamp()
                        if at > after:
                            return at
            day += timedelta(days=1)
        return None

    def _has_day(self, day: datetime) -> bool:
        return (
            day.month in self.months
            and day.year in self.years
            and (self.days is None or day.day in self.days)
            and (self.weekdays is None or day.isoweekday() % 7 + 1 in self.weekdays)
        )


@lru_cache(maxsize=128)
def _cron(schedule: str) -> _Cron:
    found = _CRON.fullmatch(schedule)
    fields = found.group(1).split() if found is not None else []
    try:
        minutes, hours, days, months, weekdays, years = fields
        if (days == "?") is (weekdays == "?"):
            raise ValueError(schedule)  # noqa: TRY301
        return _Cron(
            frozenset(_values(minutes, 0, 59)),
            frozenset(_values(hours, 0, 23)),
            None if days == "?" else frozenset(_values(days, 1, 31)),
            frozenset(_values(months, 1, 12, _MONTHS)),
            None if weekdays == "?" else frozenset(_values(weekdays, 1, 7, _WEEKDAYS)),
            frozenset(_values(years, 1970, 2199)),
        )
    except ValueError:
        raise ScalingValidationError(messages.scaling_wrong_schedule(schedule)) from None


def _values(text: str, least: int, most: int, names: tuple[str, ...] = ()) -> Iterator[int]:
    """Yield the values of a field: `*`, `5`, `1-5`, `0/15`, `MON,FRI`."""
    if any(mark in text.upper().split(",") or mark in text for mark in ("L", "W", "#")) and not (
        names and all(part.isalpha() and len(part) == 3 for part in re.split(r"[,-]", text))  # noqa: PLR2004
    ):
        raise UnsupportedError(messages.unsupported_of_scaling(f"{text!r} in cron expressions"))
    for part in text.split(","):
        bounds, _, step = part.partition("/")
        first, dash, last = bounds.partition("-")
        start = least if first == "*" else _number(first, names)
        open_end = most if first == "*" or step else start
        end = _number(last, names) if dash else open_end
        if not least <= start <= end <= most:
            raise ValueError(text)
        yield from range(start, end + 1, int(step or 1))


def _number(text: str, names: tuple[str, ...]) -> int:
    return names.index(text.upper()) + 1 if text.upper() in names else int(text)
