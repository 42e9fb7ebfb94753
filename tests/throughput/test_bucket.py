"""The arithmetic of a token bucket, against a plain reference."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.throughput.bucket import TokenBucket

#: The reference goes on tick by tick.
TICK = Fraction(1, 4)


class Reference:
    """A bucket that gains a quarter second's units at a time, in exact numbers."""

    def __init__(self, rate: int, seconds: int) -> None:
        self.rate, self.seconds = Fraction(rate), seconds
        self.balance = self.rate * seconds

    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self.balance = min(self.balance + self.rate * TICK, self.rate * self.seconds)

    def use_rate(self, rate: int) -> None:
        self.rate = Fraction(rate)
        self.balance = min(self.balance, self.rate * self.seconds)


steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 40)),
    st.tuples(st.just("take"), st.integers(0, 4000).map(lambda halves: halves / 2)),
    st.tuples(st.just("rate"), st.integers(0, 1000)),
    st.tuples(st.just("drain"), st.none()),
    st.tuples(st.just("fill"), st.none()),
)


@given(st.integers(0, 1000), st.integers(1, 300), st.lists(steps, max_size=30))
def test_as_the_reference(rate: int, seconds: int, given_steps: list[Any]) -> None:
    bucket, reference, now = TokenBucket(rate, seconds, 0.0), Reference(rate, seconds), 0.0
    for kind, value in given_steps:
        if kind == "wait":
            now += value * float(TICK)
            reference.wait(value)
        elif kind == "take" and bucket.has_units(now):
            bucket.take(value, now)
            reference.balance -= Fraction(value)
        elif kind == "rate":
            bucket.use_rate(value, now)
            reference.use_rate(value)
        elif kind == "drain":
            bucket.drain(now)
            reference.balance = min(reference.balance, Fraction(0))
        elif kind == "fill":
            bucket.fill(now)
            reference.balance = reference.rate * reference.seconds
        # Quarter seconds and half units are exact as floats.
        assert bucket.balance(now) == reference.balance
        assert bucket.has_units(now) is (reference.balance > 0)
        assert bucket.rate == reference.rate


@given(st.integers(1, 500), st.lists(st.integers(1, 700), min_size=1, max_size=50))
def test_never_more_than_its_rate_and_one_debt(rate: int, costs: list[int]) -> None:
    """In any time, what was admitted is at most the burst, the rate, and one last overdraft."""
    bucket, admitted = TokenBucket(rate, 2, 0.0), 0.0
    for number, cost in enumerate(costs):
        now = number / 4
        if bucket.has_units(now):
            bucket.take(cost, now)
            admitted += cost
        assert admitted <= rate * 2 + rate * now + max(costs)


def test_a_state_that_is_put_back() -> None:
    bucket = TokenBucket(10, 1, 0.0)
    state = bucket.state
    bucket.use_rate(5, 1.0)
    bucket.take(100, 1.0)
    bucket.restore_state(state)
    assert (bucket.balance(0.0), bucket.rate) == (10.0, 10)


def test_a_clock_that_is_set_back_adds_no_units() -> None:
    bucket = TokenBucket(10, 1, 100.0)
    bucket.take(10, 100.0)
    assert bucket.balance(50.0) == 0
    assert bucket.balance(50.5) == 5


def test_a_change_that_is_older_than_the_last_use() -> None:
    bucket = TokenBucket(10, 10, 0.0)
    bucket.take(100, 5.0)
    bucket.use_rate(20, 3.0)
    assert bucket.balance(6.0) == 20
