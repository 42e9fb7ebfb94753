"""Activities that last, as the changes of tables do with delays."""

from __future__ import annotations

import pytest

from ddbmock import mock_dynamodb
from tests import shared_clients
from tests.companions.autoscaling.conftest import WRITES, activities
from tests.companions.conftest import MONDAY, create_orders


@pytest.mark.parametrize("index_name", [None, "by-status"])
def test_a_change_that_lasts(index_name):
    with mock_dynamodb(autoscaling=True, delays=20, region="us-east-1") as ddb:
        ddb.clock.freeze(MONDAY)
        create_orders(shared_clients.dynamodb("us-east-1"))
        ddb.clock.advance(30)
        scaling = shared_clients.of_service("application-autoscaling", "us-east-1")
        place = dict(WRITES)
        if index_name is not None:
            place["ResourceId"] = f"table/orders/index/{index_name}"
            place["ScalableDimension"] = "dynamodb:index:WriteCapacityUnits"
        scaling.register_scalable_target(**place, MinCapacity=15, MaxCapacity=100)
        (activity,) = activities(scaling)
        assert activity["StatusCode"] == "InProgress"
        assert "EndTime" not in activity
        assert activity["StatusMessage"] == (
            "Successfully set write capacity units to 15. Waiting for change to be fulfilled by"
            " dynamodb."
        )
        ddb.clock.advance(20)
        (activity,) = activities(scaling)
        assert activity["StatusCode"] == "Successful"
        assert (activity["EndTime"] - activity["StartTime"]).total_seconds() == 20
        assert activity["StatusMessage"] == (
            "Successfully set write capacity units to 15. Change successfully fulfilled by"
            " dynamodb."
        )
