from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
import time_machine
from freezegun import freeze_time

from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.errors import MisuseError

MOMENT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


class TestReal:
    def test_it_shows_the_time(self):
        before = time.time()
        shown = Clock().seconds()
        assert before <= shown <= time.time()

    def test_now_is_aware(self):
        assert Clock().now().tzinfo is timezone.utc

    def test_it_continues_from_where_it_was_moved(self):
        clock = Clock()
        before = clock.seconds()
        clock.advance(timedelta(days=1))
        assert 86_400 <= clock.seconds() - before < 86_400 + 60
        assert not clock.is_frozen


class TestFrozen:
    @pytest.mark.parametrize(
        "at",
        [
            MOMENT,
            MOMENT.replace(tzinfo=None),
            MOMENT.timestamp(),
            int(MOMENT.timestamp()),
            "2026-11-20T12:00:00Z",
            "2026-11-20T13:00:00+01:00",
            "2026-11-20 12:00",
        ],
    )
    def test_at_a_moment(self, at):
        clock = Clock()
        clock.freeze(at)
        assert clock.now() == MOMENT
        assert clock.is_frozen

    def test_where_it_is(self):
        clock = Clock()
        clock.freeze()
        assert clock.seconds() == clock.seconds()
        assert abs(clock.seconds() - time.time()) < 60

    def test_moved_forward(self):
        clock = Clock()
        clock.freeze(MOMENT)
        clock.advance(1.5)
        clock.advance(seconds=2)
        clock.advance(timedelta(hours=1))
        assert clock.now() == MOMENT + timedelta(hours=1, seconds=3.5)

    def test_it_continues_from_where_it_stands(self):
        clock = Clock()
        clock.freeze(MOMENT)
        clock.unfreeze()
        assert timedelta(0) <= clock.now() - MOMENT < timedelta(minutes=1)
        assert not clock.is_frozen

    def test_to_unfreeze_a_running_clock_changes_nothing(self):
        clock = Clock()
        clock.advance(100)
        clock.unfreeze()
        assert clock.seconds() - time.time() > 99

    def test_it_does_not_go_back_by_advancing(self):
        clock = Clock()
        clock.freeze(MOMENT)
        with pytest.raises(MisuseError, match=r"cannot be advanced by -1 seconds.*freeze\(at\)"):
            clock.advance(-1)
        assert clock.now() == MOMENT
        clock.freeze(MOMENT - timedelta(days=1))
        assert clock.now() == MOMENT - timedelta(days=1)

    def test_moved_by_several_units(self):
        clock = Clock()
        clock.freeze(MOMENT)
        clock.advance(timedelta(days=1), days=1, hours=2, minutes=3, seconds=4)
        assert clock.now() == MOMENT + timedelta(days=2, hours=2, minutes=3, seconds=4)

    @pytest.mark.parametrize(
        "unit",
        ["microseconds", "milliseconds", "seconds", "minutes", "hours", "days", "weeks"],
    )
    def test_moved_by_a_unit_of_timedelta(self, unit):
        clock = Clock()
        clock.freeze(MOMENT)
        clock.advance(**{unit: 1500})
        assert clock.now() == MOMENT + timedelta(**{unit: 1500})

    @pytest.mark.parametrize(
        "at",
        [
            "x",
            "",
            1e300,
            -1e300,
            float("inf"),
            float("nan"),
            "9999-12-31T23:59:59.999999Z",
            datetime.max.replace(tzinfo=timezone.utc),
            "9999-06-01",
            [1],
            {},
            253402300800,
        ],
    )
    def test_what_is_no_time(self, at):
        clock = Clock()
        clock.freeze(MOMENT)
        with pytest.raises(MisuseError, match="the clock cannot be set to"):
            clock.freeze(at)
        assert clock.now() == MOMENT

    @pytest.mark.parametrize("by", [1e300, float("inf"), float("nan"), timedelta.max])
    def test_what_is_too_far(self, by):
        clock = Clock()
        clock.freeze(MOMENT)
        with pytest.raises(MisuseError, match="the clock cannot be set to"):
            clock.advance(by)
        assert clock.now() == MOMENT


class TestMoves:
    def test_every_move_is_reported(self):
        clock = Clock()
        seen = []
        clock.on_move.append(lambda: seen.append(clock.seconds()))
        clock.freeze(10)
        clock.advance(5)
        assert seen == [10, 15]

    def test_one_that_fails_starves_no_other(self):
        def fail():
            raise RuntimeError("no")

        clock = Clock()
        seen: list[float] = []
        clock.on_move += [fail, lambda: seen.append(clock.seconds())]
        with pytest.raises(RuntimeError, match="no"):
            clock.freeze(10)
        assert seen == [10]


class TestOtherClocks:
    def test_freezegun_rules_it(self):
        clock = Clock()
        with freeze_time(MOMENT) as frozen:
            assert clock.now() == MOMENT
            assert clock.is_stopped()
            frozen.tick(timedelta(minutes=1))
            assert clock.now() == MOMENT + timedelta(minutes=1)
            clock.advance(30)
            assert clock.now() == MOMENT + timedelta(minutes=1, seconds=30)

    def test_time_machine_rules_it(self):
        clock = Clock()
        with time_machine.travel(MOMENT, tick=False) as traveller:
            assert clock.now() == MOMENT
            assert clock.is_stopped()
            traveller.shift(timedelta(days=2))
            assert clock.now() == MOMENT + timedelta(days=2)

    def test_a_ticking_time_machine_does_not_stand_still(self):
        with time_machine.travel(MOMENT, tick=True):
            assert not Clock().is_stopped()

    def test_what_is_frozen_here_stays_frozen(self):
        clock = Clock()
        clock.freeze(MOMENT)
        with freeze_time("2030-01-01"):
            assert clock.now() == MOMENT

    def test_a_test_that_forbids_to_sleep(self, monkeypatch):
        monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("slept"))
        assert not Clock().is_stopped()
