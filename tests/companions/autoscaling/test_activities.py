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


def test_a_table_that_is_being_changed():
    """The second of two targets of a new table, whose reads are being changed for the first."""
    with mock_dynamodb(autoscaling=True, delays=20, region="us-east-1") as ddb:
        ddb.clock.freeze(MONDAY)
        client = shared_clients.dynamodb("us-east-1")
        create_orders(client)
        scaling = shared_clients.of_service("application-autoscaling", "us-east-1")
        reads = {**WRITES, "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
        ddb.clock.advance(30)
        scaling.register_scalable_target(**reads, MinCapacity=15, MaxCapacity=100)
        scaling.register_scalable_target(**WRITES, MinCapacity=12, MaxCapacity=100)
        ddb.clock.advance(100)
        units = client.describe_table(TableName="orders")["Table"]["ProvisionedThroughput"]
        assert (units["ReadCapacityUnits"], units["WriteCapacityUnits"]) == (15, 12)
        assert [each["Cause"] for each in activities(scaling)] == [
            "minimum capacity was set to 12",
            "minimum capacity was set to 15",
        ]
        scaling.deregister_scalable_target(**WRITES)


def test_a_target_that_is_gone_when_its_table_is_changed():
    with mock_dynamodb(autoscaling=True, delays=20, region="us-east-1") as ddb:
        ddb.clock.freeze(MONDAY)
        create_orders(shared_clients.dynamodb("us-east-1"))
        scaling = shared_clients.of_service("application-autoscaling", "us-east-1")
        scaling.register_scalable_target(**WRITES, MinCapacity=12, MaxCapacity=100)
        scaling.deregister_scalable_target(**WRITES)
        ddb.clock.advance(100)
        assert activities(scaling) == []
