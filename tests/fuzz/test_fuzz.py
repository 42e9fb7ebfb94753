"""A small slice of `make fuzz`, the same in every run."""

from __future__ import annotations

from tests.fuzz.driver import fuzz


def test_random_requests_are_answered_or_refused() -> None:
    outcomes = fuzz(6_000, seed=2026)
    assert outcomes.total() == 6_000
    # The requests reach all depths: some are done, some fail late, some early.
    assert outcomes["done"] > 300
    assert outcomes["ValidationException"] > 1_000
    assert outcomes["SerializationException"] > 500
    assert outcomes["ConditionalCheckFailedException"] > 10
    assert outcomes["TransactionCanceledException"] > 10
