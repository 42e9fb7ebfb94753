"""`ddb.compare_billing_modes`: a load on demand and with auto scaling."""

from __future__ import annotations

import pytest

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.companions.cost.load import Scaling, provision
from tests import shared_clients
from tests.companions.conftest import MONDAY, create_orders


class TestProvision:
    def test_a_steady_load(self):
        needed = provision([60.0 * 7] * 120, Scaling())
        assert (needed.peak, needed.unit_hours, needed.throttled_units) == (10, 20, 0)

    def test_a_step_up_is_throttled_until_it_is_followed(self):
        needed = provision([60.0 * 7] * 30 + [60.0 * 70] * 30, Scaling())
        assert needed.peak == 100
        # Two minutes at ten times the throughput, less what was saved in five minutes.
        assert needed.throttled_units == 2 * 60 * 60 - 10 * 300

    def test_in_after_a_quarter_of_an_hour(self):
        needed = provision([60.0 * 70] * 10 + [0.0] * 50, Scaling(minimum=5))
        assert needed.unit_hours == pytest.approx((100 * 25 + 5 * 35) / 60)

    def test_bounds(self):
        assert provision([60.0 * 70] * 10, Scaling(maximum=50)).peak == 50

    def test_decreases_of_a_day(self):
        wave = ([60.0 * 70] * 3 + [0.0] * 17) * 6
        assert provision(wave, Scaling()).unit_hours > provision(wave[:80], Scaling()).unit_hours


def work(ddb, client, minutes):
    for _ in range(minutes):
        for number in range(10):
            client.put_item(TableName="orders", Item={"id": {"S": str(number)}})
        ddb.clock.advance(minutes=1)


@pytest.mark.parametrize("options", [{"stored_calls": None}, {"metrics": True}])
def test_a_recorded_load(options):
    with mock_dynamodb(**options) as ddb:
        ddb.clock.freeze(MONDAY)
        client = shared_clients.dynamodb()
        create_orders(client)
        work(ddb, client, 30)
        found = ddb.compare_billing_modes("orders")
        assert (found.minutes, found.write_units, found.read_units) == (30, 300, 0)
        assert found.on_demand == pytest.approx(300 * 2 * 730 * 0.625 / 1_000_000)
        assert found.provisioned == pytest.approx(730 * (0.00013 + 0.00065))
        assert found.cheaper == "PAY_PER_REQUEST"
        assert str(found).splitlines()[:2] == [
            "orders: 0 read and 300 write units in 30 minutes; a month of that costs",
            "  on demand: 0.27 USD",
        ]


def test_calls_that_are_not_stored():
    with mock_dynamodb(stored_calls=5) as ddb:
        client = shared_clients.dynamodb()
        create_orders(client)
        work(ddb, client, 1)
        with pytest.raises(MisuseError, match="5 of 11 calls are stored"):
            ddb.compare_billing_modes("orders")


def test_no_load():
    with mock_dynamodb() as ddb, pytest.raises(MisuseError, match="nothing was read from or wri"):
        ddb.compare_billing_modes("orders")
