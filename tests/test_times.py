from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ddbmock._internal import times

NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize("milliseconds", [0, 1, 123, 999])
def test_milliseconds_are_exact(milliseconds):
    at = NEW_YEAR + milliseconds / 1000
    shown = f"2026-01-01T00:00:00.{milliseconds:03}"
    assert times.timestamp(at) == datetime.fromisoformat(f"{shown}+00:00")
    assert times.iso_milliseconds(at) == f"{shown}Z"
    assert times.stream_label(int(NEW_YEAR) * 1000 + milliseconds) == shown
    assert times.iso_seconds(at) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("hour", "shown"),
    [(0, "12:00:00 AM"), (11, "11:00:00 AM"), (12, "12:00:00 PM"), (23, "11:00:00 PM")],
)
def test_the_hours_of_prose(hour, shown):
    at = datetime(2026, 5, 3, hour, tzinfo=timezone.utc).timestamp()
    assert times.prose(at) == f"Sunday, May 3, 2026 at {shown} Coordinated Universal Time"
