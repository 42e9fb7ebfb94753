from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.operations.table_helpers import (
    ALL,
    HIGHER,
    INVALID,
    ON_DEMAND,
    an_index,
    definitions,
    described,
    index_description,
    index_names,
    keys,
    new_table,
    provisioned,
    units,
    update,
    warm,
)
from tests.refusals import refusal, text_of, unchanged

NOW = datetime(2026, 10, 8, 23, 20, 48, tzinfo=timezone.utc)
STREAM = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
NO_STREAM = {"StreamEnabled": False}


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


@pytest.fixture
def on_demand(client):
    """A table on demand with the index gsi1 on a."""
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a")],
    )


@pytest.fixture
def with_units(client):
    """A table with 2 units, and as many for each of its indexes gsi1 and gsi2."""
    new_table(
        client,
        KeySchema=keys("pk", "sk"),
        AttributeDefinitions=definitions(pk="S", sk="S", a="S"),
        LocalSecondaryIndexes=[an_index("local", "pk", "a")],
        GlobalSecondaryIndexes=[
            an_index("gsi1", "a", **provisioned(2)),
            an_index("gsi2", "a", "pk", **provisioned(2)),
        ],
        **provisioned(2),
    )


def create(name="new", key="b", **more):
    return {"Create": an_index(name, key, **more)}


def change(name="gsi1", **more):
    return {"Update": {"IndexName": name, **more}}


def delete(name="gsi1"):
    return {"Delete": {"IndexName": name}}


def indexes(*updates, **types):
    more = {"AttributeDefinitions": definitions(**types)} if types else {}
    return {"GlobalSecondaryIndexUpdates": list(updates), **more}


class TestRequest:
    @pytest.mark.parametrize(
        "request_",
        [{}, {"AttributeDefinitions": definitions(pk="S")}, {"GlobalSecondaryIndexUpdates": []}],
    )
    def test_nothing_to_do(self, client, request_):
        # before the table is looked up
        assert refusal(client.update_table, TableName="nowhere", **request_) == (
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
            " GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates,"
            " MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency,"
            " DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is"
            " required"
        )

    def test_an_empty_list_beside_a_change(self, client, on_demand):
        request = {"GlobalSecondaryIndexUpdates": [], "DeletionProtectionEnabled": True}
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}List of GlobalSecondaryIndexUpdates is empty"
        )

    ENCRYPTION = {"SSESpecification": {"Enabled": True}}  # noqa: RUF012
    CLASS = {"TableClass": "STANDARD"}  # noqa: RUF012
    PROTECTION = {"DeletionProtectionEnabled": True}  # noqa: RUF012
    MAXIMUM = {"OnDemandThroughput": {"MaxReadRequestUnits": 5}}  # noqa: RUF012
    WARM = {"WarmThroughput": warm(13_000, 5_000)}  # noqa: RUF012
    ALONE = "modification must be the only operation in the request"

    @pytest.mark.parametrize(
        ("pair", "text"),
        [
            (ENCRYPTION | PROTECTION, f"Server-Side Encryption {ALONE}"),
            (ENCRYPTION | CLASS, f"Server-Side Encryption {ALONE}"),
            (CLASS | PROTECTION, f"TableClass {ALONE}"),
            (CLASS | WARM, f"TableClass {ALONE}"),
            (PROTECTION | ON_DEMAND, f"DeletionProtection {ALONE}"),
            (PROTECTION | WARM, f"DeletionProtection {ALONE}"),
            (PROTECTION | MAXIMUM, f"DeletionProtection {ALONE}"),
            (PROTECTION | indexes(create(), b="S"), f"DeletionProtection {ALONE}"),
            (WARM | ON_DEMAND, "WarmThroughput must be the only operation in the request"),
            (
                WARM | MAXIMUM,
                (
                    "OnDemandThroughput can only be combined with BillingMode in an UpdateTable"
                    " request"
                ),
            ),
            (
                MAXIMUM | {"StreamSpecification": STREAM},
                (
                    "OnDemandThroughput can only be combined with BillingMode in an UpdateTable"
                    " request"
                ),
            ),
            (
                WARM | indexes(create(), b="S"),
                "Create global secondary index cannot be specified when updating WarmThroughput",
            ),
            (
                {"StreamSpecification": STREAM, **provisioned(3)},
                "You cannot modify stream status while updating table IOPS",
            ),
            (
                {"StreamSpecification": STREAM, "BillingMode": "PROVISIONED"},
                "You cannot modify stream status while updating table IOPS",
            ),
            (
                indexes(create(), b="S") | provisioned(3),
                "You cannot create or delete index while updating table IOPS",
            ),
            (
                indexes(delete()) | provisioned(3),
                "You cannot create or delete index while updating table IOPS",
            ),
            (
                indexes(delete()) | {"StreamSpecification": STREAM},
                "You cannot create or delete index while changing stream status",
            ),
        ],
    )
    def test_what_does_not_go_together(self, client, on_demand, pair, text):
        told = refusal(client.update_table, TableName="orders", **pair)
        assert told == f"{INVALID}{text}"

    def test_a_table_that_is_not_there(self, client, on_demand):
        assert refusal(client.update_table, TableName="others", **ON_DEMAND) == (
            "ResourceNotFoundException: Requested resource not found: Table: others not found"
        )

    def test_definitions_beside_another_change_are_not_looked_at(self, client, on_demand):
        update(
            client,
            AttributeDefinitions=definitions(pk="N", other="B"),
            DeletionProtectionEnabled=True,
        )
        assert described(client)["AttributeDefinitions"] == definitions(a="S", pk="S")


class TestUnits:
    def test_an_increase(self, client, ddb, with_units):
        update(client, **provisioned(3, 4))
        assert described(client)["ProvisionedThroughput"] == {
            "NumberOfDecreasesToday": 0,
            "LastIncreaseDateTime": NOW,
            **units(3, 4),
        }
        assert described(client)["WarmThroughput"] == {**warm(3, 4), "Status": "ACTIVE"}

    def test_a_decrease(self, client, with_units):
        update(client, **provisioned(1))
        assert described(client)["ProvisionedThroughput"] == {
            "NumberOfDecreasesToday": 1,
            "LastDecreaseDateTime": NOW,
            **units(1),
        }
        assert described(client)["WarmThroughput"] == {**warm(2, 2), "Status": "ACTIVE"}

    def test_up_and_down_at_once_is_both(self, client, with_units):
        update(client, BillingMode="PROVISIONED", **provisioned(3, 1))
        throughput = described(client)["ProvisionedThroughput"]
        assert throughput["NumberOfDecreasesToday"] == 1
        assert throughput["LastIncreaseDateTime"] == throughput["LastDecreaseDateTime"] == NOW

    @pytest.mark.parametrize("billing", [{}, {"BillingMode": "PROVISIONED"}])
    def test_no_change(self, client, with_units, billing):
        text = refusal(client.update_table, TableName="orders", **provisioned(2), **billing)
        assert text == (
            "The provisioned throughput for the table will not change. The requested value equals"
            " the current value. Current ReadCapacityUnits provisioned for the table: 2. Requested"
            " ReadCapacityUnits: 2. Current WriteCapacityUnits provisioned for the table: 2."
            f" Requested WriteCapacityUnits: 2. {HIGHER}"
        )

    def test_no_change_of_an_index(self, client, with_units):
        request = indexes(change(**provisioned(2)))
        assert refusal(client.update_table, TableName="orders", **request) == (
            "The provisioned throughput for the index gsi1 will not change. The requested value"
            " equals the current value. Current ReadCapacityUnits provisioned for index gsi1: 2."
            " Requested ReadCapacityUnits: 2. Current WriteCapacityUnits provisioned for index"
            f" gsi1: 2. Requested WriteCapacityUnits: 2. {HIGHER}"
        )

    def test_indexes_in_the_same_request(self, client, with_units):
        update(
            client,
            **provisioned(3),
            **indexes(change(**provisioned(4)), change("gsi2", **provisioned(1, 5))),
        )
        assert described(client)["ProvisionedThroughput"]["ReadCapacityUnits"] == 3
        first, second = (index_description(client, name) for name in ("gsi1", "gsi2"))
        assert first["ProvisionedThroughput"]["ReadCapacityUnits"] == 4
        assert first["WarmThroughput"] == {**warm(4, 4), "Status": "ACTIVE"}
        assert second["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1
        assert second["WarmThroughput"] == {**warm(2, 5), "Status": "ACTIVE"}

    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (
                provisioned(40_001),
                (
                    "The requested ReadCapacityUnits, 40001, is above the per table maximum for the"
                    f" account in us-east-1. Per table maximum: 40000. {HIGHER}"
                ),
            ),
            (
                indexes(change(**provisioned(1, 40_001))),
                (
                    "The requested WriteCapacityUnits for index gsi1, 40001, is above the per index"
                    f" maximum for the account in us-east-1. Per table maximum: 40000. {HIGHER}"
                ),
            ),
        ],
    )
    def test_quotas(self, client, with_units, request_, text):
        told = refusal(client.update_table, TableName="orders", **request_)
        assert told == f"LimitExceededException: {text}"

    def test_the_quota_of_the_account(self, client, with_units):
        new_table(client, "other", **provisioned(40_000, 1))
        request = indexes(change(**provisioned(1_000, 1))) | provisioned(39_999, 1)
        text = refusal(client.update_table, TableName="orders", **request)
        assert text == (
            "LimitExceededException: This request would have caused the ReadCapacityUnits limit"
            " to be exceeded for the account in us-east-1. Current ReadCapacityUnits reserved by"
            f" the account: 40006. Limit: 80000. Requested: 41001. {HIGHER}"
        )


class TestDecreases:
    @pytest.fixture
    def four_decreases(self, client, ddb):
        new_table(client, **provisioned(50))
        for read in (40, 30, 20, 10):
            update(client, **provisioned(read))

    def refusal(self, client, read=9):
        return refusal(client.update_table, TableName="orders", **provisioned(read))

    def test_a_fifth_on_the_same_day(self, client, ddb, four_decreases):
        ddb.clock.advance(60)
        text = (
            "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases"
            " are limited within a given UTC day. After the first 4 decreases, each subsequent"
            " decrease in the same UTC day can be performed at most once every 3600 seconds."
            " Number of decreases today: 4. Last decrease at Thursday, October 8, 2026 at 11:20:48"
            " PM Coordinated Universal Time. Next decrease can be made at Friday, October 9, 2026"
            " at 12:00:00 AM Coordinated Universal Time"
        )
        assert self.refusal(client) == text

    def test_an_increase_is_no_decrease(self, client, four_decreases):
        update(client, **provisioned(60))
        assert described(client)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4

    def test_midnight_brings_four_more(self, client, ddb, four_decreases):
        ddb.clock.freeze(datetime(2026, 10, 9, tzinfo=timezone.utc))
        assert described(client)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0
        for read in (9, 8, 7, 6):
            update(client, **provisioned(read))
        assert described(client)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4
        assert self.refusal(client, 5).endswith(
            "Last decrease at Friday, October 9, 2026 at 12:00:00 AM Coordinated Universal Time."
            " Next decrease can be made at Friday, October 9, 2026 at 1:00:00 AM Coordinated"
            " Universal Time"
        )

    def test_one_more_an_hour_later(self, client, ddb):
        ddb.clock.freeze(datetime(2026, 10, 8, 12, tzinfo=timezone.utc))
        new_table(client, **provisioned(50))
        for read in (40, 30, 20, 10):
            update(client, **provisioned(read))
        ddb.clock.advance(timedelta(minutes=59))
        assert "Number of decreases today: 4" in self.refusal(client)
        ddb.clock.advance(timedelta(minutes=1))
        update(client, **provisioned(9))
        assert "Number of decreases today: 5" in self.refusal(client, 8)

    def test_an_index_has_its_own_count(self, client):
        new_table(
            client,
            AttributeDefinitions=definitions(pk="S", a="S"),
            GlobalSecondaryIndexes=[an_index("gsi1", "a", **provisioned(50))],
            **provisioned(50),
        )
        for read in (40, 30, 20, 10):
            update(client, **provisioned(read))
        request = provisioned(5) | indexes(change(**provisioned(40)))
        assert "decreases are limited" in refusal(
            client.update_table, TableName="orders", **request
        )
        update(client, **indexes(change(**provisioned(40))))
        index = index_description(client, "gsi1")
        assert index["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1


class TestBillingMode:
    def test_to_on_demand(self, client, with_units):
        update(client, **ON_DEMAND)
        table = described(client)
        assert table["BillingModeSummary"] == {
            "BillingMode": "PAY_PER_REQUEST",
            "LastUpdateToPayPerRequestDateTime": NOW,
        }
        assert table["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(0)}
        assert table["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "ACTIVE"}
        index = index_description(client, "gsi1")
        assert index["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
        assert index["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "ACTIVE"}

    def test_to_on_demand_with_maxima(self, client, with_units):
        update(client, **ON_DEMAND, OnDemandThroughput={"MaxWriteRequestUnits": 7})
        assert described(client)["OnDemandThroughput"] == {"MaxWriteRequestUnits": 7}

    def test_to_on_demand_with_a_stream(self, client, with_units):
        update(client, **ON_DEMAND, StreamSpecification=STREAM)
        assert described(client)["StreamSpecification"] == STREAM
        assert described(client)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"

    def test_to_on_demand_again_changes_nothing(self, client, ddb, on_demand):
        ddb.clock.advance(60)
        before = described(client)
        update(client, **ON_DEMAND)
        assert described(client) == before

    def test_to_provisioned(self, client, on_demand):
        update(
            client,
            OnDemandThroughput={"MaxReadRequestUnits": 9},
            **indexes(change(OnDemandThroughput={"MaxReadRequestUnits": 8})),
        )
        update(
            client,
            BillingMode="PROVISIONED",
            **provisioned(5, 6),
            **indexes(change(**provisioned(7))),
        )
        table = described(client)
        assert table["BillingModeSummary"] == {
            "BillingMode": "PROVISIONED",
            "LastUpdateToPayPerRequestDateTime": NOW,
        }
        assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 6
        assert table["WarmThroughput"]["ReadUnitsPerSecond"] == 12_000
        assert "OnDemandThroughput" not in table
        index = index_description(client, "gsi1")
        assert index["ProvisionedThroughput"]["ReadCapacityUnits"] == 7
        assert "OnDemandThroughput" not in index

    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (
                {"BillingMode": "PROVISIONED"},
                "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
            ),
            (
                {"BillingMode": "PROVISIONED", **indexes(change(**provisioned(1)))},
                "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
            ),
            (
                {"BillingMode": "PROVISIONED", **provisioned(1)},
                "ProvisionedThroughput must be specified for index: gsi1",
            ),
            (
                ON_DEMAND | provisioned(1),
                "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST",
            ),
            (
                provisioned(1),
                (
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when"
                    " BillingMode is PAY_PER_REQUEST"
                ),
            ),
            (
                indexes(change(**provisioned(1))),
                (
                    "The only Updates for index: gsi1 when TableThroughputMode is"
                    " PAY_PER_REQUEST can"
                    " be to OnDemandThroughput, WarmThroughput"
                ),
            ),
            (
                ON_DEMAND | indexes(change(**provisioned(1))),
                (
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for"
                    " index: gsi1"
                    " when BillingMode is PAY_PER_REQUEST"
                ),
            ),
        ],
    )
    def test_refused_on_an_on_demand_table(self, client, on_demand, request_, text):
        told = refusal(client.update_table, TableName="orders", **request_)
        assert told == f"{INVALID}{text}"


class TestOnDemandThroughput:
    def test_members_are_merged_and_minus_one_takes_away(self, client, on_demand):
        def shown(**maxima):
            update(client, OnDemandThroughput=maxima)
            return described(client).get("OnDemandThroughput")

        assert shown(MaxReadRequestUnits=1000, MaxWriteRequestUnits=500) == {
            "MaxReadRequestUnits": 1000,
            "MaxWriteRequestUnits": 500,
        }
        assert shown(MaxReadRequestUnits=-1) == {"MaxWriteRequestUnits": 500}
        assert shown(MaxWriteRequestUnits=-1) is None
        assert shown(MaxReadRequestUnits=-1, MaxWriteRequestUnits=-1) is None

    def test_of_an_index(self, client, on_demand):
        update(client, **indexes(change(OnDemandThroughput={"MaxReadRequestUnits": 9})))
        update(client, **indexes(change(OnDemandThroughput={"MaxWriteRequestUnits": 8})))
        assert index_description(client, "gsi1")["OnDemandThroughput"] == {
            "MaxReadRequestUnits": 9,
            "MaxWriteRequestUnits": 8,
        }
        assert "OnDemandThroughput" not in described(client)

    @pytest.mark.parametrize("units_", [0, -2])
    def test_out_of_range(self, client, on_demand, units_):
        maxima = {"OnDemandThroughput": {"MaxWriteRequestUnits": units_}}
        assert refusal(client.update_table, TableName="orders", **maxima) == (
            f"{INVALID}Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside"
            " of valid range"
        )
        request = indexes(change(**maxima))
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}Requested MaxWriteRequestUnits for OnDemandThroughput for index : gsi1 is"
            " outside of valid range"
        )

    def test_on_a_provisioned_table(self, client, with_units):
        maxima = {"OnDemandThroughput": {"MaxReadRequestUnits": 9}}
        assert refusal(client.update_table, TableName="orders", **maxima) == (
            f"{INVALID}MaxReadRequestUnits for OnDemandThroughput cannot be specified when the"
            " table BillingMode is PROVISIONED"
        )
        request = indexes(change(**maxima))
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}MaxReadRequestUnits for OnDemandThroughput for index : gsi1 cannot be"
            " specified when the table BillingMode is PROVISIONED"
        )

    def test_over_the_quota(self, client, on_demand):
        request = indexes(change(OnDemandThroughput={"MaxReadRequestUnits": 40_001}))
        assert refusal(client.update_table, TableName="orders", **request) == (
            "LimitExceededException: Subscriber limit exceeded: Requested MaxReadRequestUnits for"
            " OnDemandThroughput for index : gsi1 exceeds TableMaxReadCapacityUnits of the account"
            " in region us-east-1"
        )


class TestWarmThroughput:
    def test_raised_in_part(self, client, on_demand):
        update(client, WarmThroughput={"ReadUnitsPerSecond": 12_002})
        update(client, WarmThroughput=warm(12_002, 4_000))
        assert described(client)["WarmThroughput"] == {**warm(12_002, 4_000), "Status": "ACTIVE"}

    def test_with_that_of_an_index(self, client, on_demand):
        update(
            client,
            WarmThroughput=warm(13_000, 5_000),
            **indexes(change(WarmThroughput=warm(14_000, 6_000))),
        )
        assert described(client)["WarmThroughput"]["ReadUnitsPerSecond"] == 13_000
        index = index_description(client, "gsi1")
        assert index["WarmThroughput"] == {**warm(14_000, 6_000), "Status": "ACTIVE"}

    def test_it_never_gets_less(self, client, on_demand):
        less = {"WarmThroughput": warm(12_000, 3_999)}
        assert refusal(client.update_table, TableName="orders", **less) == (
            f"{INVALID}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than"
            " current WarmThroughput, decreasing WarmThroughput is not supported"
        )
        assert refusal(client.update_table, TableName="orders", **indexes(change(**less))) == (
            f"{INVALID}Requested WriteUnitsPerSecond for WarmThroughput for index gsi1 is lower"
            " than current WarmThroughput, decreasing WarmThroughput is not supported"
        )

    def test_over_the_quota(self, client, on_demand):
        more = {"WarmThroughput": {"ReadUnitsPerSecond": 40_001}}
        assert refusal(client.update_table, TableName="orders", **more) == (
            "LimitExceededException: Subscriber limit exceeded: Requested ReadUnitsPerSecond for"
            " WarmThroughput for table exceeds TableMaxReadCapacityUnits of the account in region"
            " us-east-1"
        )


@pytest.mark.parametrize("name", ["OnDemandThroughput", "WarmThroughput"])
class TestEmptyThroughput:
    # Observed: an error without a text.
    def test_alone_it_is_a_failure(self, client, on_demand, name):
        once = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
        with unchanged(), pytest.raises(ClientError) as caught:
            once.update_table(TableName="orders", **{name: {}})
        assert text_of(caught.value) == "InternalFailure: "
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500

    # Observed.
    def test_beside_something_else_it_is_ignored(self, client, on_demand, name):
        before = described(client)
        client.update_table(TableName="orders", DeletionProtectionEnabled=True, **{name: {}})
        assert described(client) == {**before, "DeletionProtectionEnabled": True}


class TestStream:
    def test_enabled_and_disabled(self, client, on_demand):
        response = update(client, StreamSpecification=STREAM)
        assert response["StreamSpecification"] == STREAM
        assert response["LatestStreamLabel"] == "2026-10-08T23:20:48.000"
        table = update(client, StreamSpecification=NO_STREAM)
        assert "StreamSpecification" not in table
        assert table["LatestStreamArn"] == response["LatestStreamArn"]
        again = update(client, StreamSpecification=STREAM)
        assert again["LatestStreamArn"] != response["LatestStreamArn"]

    @pytest.mark.parametrize("view_type", ["KEYS_ONLY", "NEW_IMAGE"])
    def test_enabled_twice(self, client, on_demand, view_type):
        update(client, StreamSpecification=STREAM)
        request = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view_type}}
        assert refusal(client.update_table, TableName="orders", **request) == (
            "Table already has an enabled stream: TableName: orders"
        )

    @pytest.mark.parametrize(
        ("specification", "text"),
        [
            (NO_STREAM, "Table has no stream to disable: TableName: orders"),
            (
                {"StreamEnabled": True},
                f"{INVALID}If stream is being enabled then UpdateViewType is required",
            ),
            (
                {"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"},
                f"{INVALID}If stream is being disabled, then UpdateViewType must not be specified",
            ),
        ],
    )
    def test_refused(self, client, on_demand, specification, text):
        told = refusal(client.update_table, TableName="orders", StreamSpecification=specification)
        assert told == text

    def test_a_refused_stream_leaves_the_billing_mode(self, client, with_units):
        request = {**ON_DEMAND, "StreamSpecification": NO_STREAM}
        assert refusal(client.update_table, TableName="orders", **request) == (
            "Table has no stream to disable: TableName: orders"
        )


class TestTableClass:
    RARE = "STANDARD_INFREQUENT_ACCESS"

    def test_changed(self, client, on_demand):
        update(client, TableClass=self.RARE)
        assert described(client)["TableClassSummary"] == {
            "TableClass": self.RARE,
            "LastUpdateDateTime": NOW,
        }

    def test_the_standard_of_a_table_that_was_never_set(self, client, on_demand):
        update(client, TableClass="STANDARD")
        assert "TableClassSummary" not in described(client)

    def test_twice_in_thirty_days(self, client, ddb, on_demand):
        update(client, TableClass=self.RARE)
        update(client, TableClass=self.RARE)  # no change
        update(client, TableClass="STANDARD")
        text = refusal(client.update_table, TableName="orders", TableClass=self.RARE)
        assert text == (
            "LimitExceededException: Subscriber limit exceeded: Updates to TableClass are limited"
            " to 2 times in 30 day(s)."
        )
        ddb.clock.advance(timedelta(days=30))
        update(client, TableClass=self.RARE)

    def test_an_unknown_one(self, raw, client, on_demand):
        assert refusal(raw.update_table, TableName="orders", TableClass="SLOW") == (
            "Invalid table-class parameter provided. Please try again with a valid table-class"
            " value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."
        )


class TestEncryption:
    KEY = "arn:aws:kms:us-east-1:123456789012:key/one"

    def change(self, client, **specification):
        return update(client, SSESpecification=specification).get("SSEDescription")

    def test_on_with_another_key_and_off(self, client, on_demand):
        managed = self.change(client, Enabled=True)
        assert managed["Status"] == "ENABLED"
        shown = self.change(client, Enabled=True, SSEType="KMS", KMSMasterKeyId=self.KEY)
        assert shown == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": self.KEY}
        assert self.change(client, Enabled=False) is None

    @pytest.mark.parametrize("specification", [{}, {"Enabled": False}])
    def test_off_when_it_is_off(self, client, on_demand, specification):
        request = {"SSESpecification": specification}
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}Table is already encrypted by default"
        )

    def test_with_the_key_that_it_has(self, client, on_demand):
        specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": self.KEY}
        self.change(client, **specification)
        request = {"SSESpecification": specification}
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId"
            " parameter if you want to change Master Key"
        )

    def test_four_times_a_day(self, client, ddb, on_demand):
        for enabled in (True, False, True, False):
            self.change(client, Enabled=enabled)
        request = {"SSESpecification": {"Enabled": True}}
        assert refusal(client.update_table, TableName="orders", **request) == (
            "LimitExceededException: Subscriber limit exceeded: Encryption mode changes are"
            " limited in the 24h window ending at 2026-10-09T23:20:48.000Z. After the first 4"
            " change, each subsequent change in the same window can be performed at most once"
            " every 21600 seconds. Number of updates today: 4. Last change at"
            " 2026-10-08T23:20:48.000Z. Next changes can be made at 2026-10-09T05:20:48.000Z."
        )
        ddb.clock.advance(timedelta(hours=6))
        assert self.change(client, Enabled=True) is not None


def test_deletion_protection(client, on_demand):
    assert update(client, DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True
    assert update(client, DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True
    assert update(client, DeletionProtectionEnabled=False)["DeletionProtectionEnabled"] is False


class TestCreateIndex:
    def test_it_is_filled_from_the_items(self, client, on_demand):
        for number in range(5):
            item = {"pk": {"S": str(number)}, "b": {"S" if number else "N": "7"}, "c": {"S": "x"}}
            client.put_item(TableName="orders", Item=item)
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}
        response = update(client, **indexes(create(Projection=projection), b="S"))
        assert response["AttributeDefinitions"] == definitions(a="S", b="S", pk="S")
        assert index_description(client, "new") == {
            "IndexName": "new",
            "KeySchema": keys("b"),
            "Projection": projection,
            "IndexStatus": "ACTIVE",
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, **units(0)},
            "IndexSizeBytes": 4 * (3 + 2),
            "ItemCount": 4,
            "IndexArn": f"{response['TableArn']}/index/new",
            "WarmThroughput": {**warm(12_000, 4_000), "Status": "ACTIVE"},
        }
        found = client.query(
            TableName="orders",
            IndexName="new",
            KeyConditionExpression="b = :b",
            ExpressionAttributeValues={":b": {"S": "7"}},
        )
        assert sorted(item["pk"]["S"] for item in found["Items"]) == ["1", "2", "3", "4"]
        assert "c" not in found["Items"][0]

    @pytest.mark.parametrize("kind", ["S", "B"])
    def test_an_empty_key_is_left_out_until_it_is_mended(self, client, ddb, on_demand, kind):
        empty, full = ("", "7") if kind == "S" else (b"", b"7")
        item = {"pk": {"S": "1"}, "b": {kind: empty}, "c": {"S": "x"}}
        client.put_item(TableName="orders", Item=item)
        update(client, **indexes(create(), b=kind))
        entries = ddb.tables["orders"].indexes["new"]
        assert entries.items == []

        def set_attribute(name, value):
            client.update_item(
                TableName="orders",
                Key={"pk": {"S": "1"}},
                UpdateExpression=f"SET {name} = :v",
                ExpressionAttributeValues={":v": value},
            )

        with pytest.raises(ClientError, match="index key to a value that is not supported"):
            set_attribute("c", {"S": "y"})
        set_attribute("b", {kind: full})
        assert len(entries.items) == 1

    @pytest.mark.parametrize(
        ("key_type", "longest_bytes"), [("HASH", 2048), ("RANGE", 1024)], ids=str
    )
    @pytest.mark.parametrize("kind", ["S", "B"])
    def test_a_key_that_is_too_long_is_left_out(
        self, client, ddb, on_demand, key_type, longest_bytes, kind
    ):
        character = "x" if kind == "S" else b"x"
        for name, length in (("1", longest_bytes), ("2", longest_bytes + 1), ("3", 3000)):
            item = {"pk": {"S": name}, "b": {kind: character * length}, "c": {"S": "y"}}
            client.put_item(TableName="orders", Item=item)
        schema = [{"AttributeName": "b", "KeyType": "HASH"}]
        if key_type == "RANGE":
            schema = [
                {"AttributeName": "c", "KeyType": "HASH"},
                {"AttributeName": "b", "KeyType": "RANGE"},
            ]
        update(client, **indexes(create(KeySchema=schema), b=kind, c="S"))
        entries = ddb.tables["orders"].indexes["new"]
        assert [item["pk"]["S"] for item in entries.items] == ["1"]
        assert ddb.tables["orders"].item_count == 3

        client.update_item(
            TableName="orders",
            Key={"pk": {"S": "3"}},
            UpdateExpression="SET b = :v",
            ExpressionAttributeValues={":v": {kind: character}},
        )
        client.delete_item(TableName="orders", Key={"pk": {"S": "2"}})
        assert sorted(item["pk"]["S"] for item in entries.items) == ["1", "3"]

    def test_later_writes_are_followed(self, client, on_demand):
        update(client, **indexes(create(), b="S"))
        client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "b": {"S": "7"}})
        assert index_description(client, "new")["ItemCount"] == 1

    def test_several_attributes_as_key(self, client, on_demand):
        schema = [
            {"AttributeName": name, "KeyType": kind}
            for name, kind in (("a", "HASH"), ("b", "HASH"), ("c", "RANGE"), ("d", "RANGE"))
        ]
        update(
            client,
            AttributeDefinitions=definitions(a="S", b="S", c="N", d="N"),
            GlobalSecondaryIndexUpdates=[
                {"Create": {"IndexName": "wide", "KeySchema": schema, "Projection": ALL}}
            ],
        )
        assert index_description(client, "wide")["KeySchema"] == schema

    def test_units_on_a_provisioned_table(self, client, with_units):
        update(client, **indexes(create(**provisioned(3, 4)), b="S"))
        index = index_description(client, "new")
        assert index["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(3, 4)}
        assert index["WarmThroughput"] == {**warm(3, 4), "Status": "ACTIVE"}

    def test_with_a_change_of_another_index(self, client, with_units):
        update(
            client,
            **indexes(create(**provisioned(1)), change(**provisioned(9)), b="S"),
        )
        assert index_names(client) == ["gsi1", "gsi2", "new"]
        index = index_description(client, "gsi1")
        assert index["ProvisionedThroughput"]["ReadCapacityUnits"] == 9

    def test_with_a_switch_to_on_demand(self, client, with_units):
        update(client, **ON_DEMAND, **indexes(create(), b="S"))
        assert index_description(client, "new")["ProvisionedThroughput"]["ReadCapacityUnits"] == 0

    def test_a_key_that_the_table_knows_already(self, client, on_demand):
        update(client, **indexes(create(key="a"), a="S", unused="S"))
        assert described(client)["AttributeDefinitions"] == definitions(a="S", pk="S")

    def test_a_rollback_takes_it_back(self, client, ddb, on_demand):
        before = described(client)
        with ddb.rollback():
            update(client, **indexes(create(), b="S"))
            client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "b": {"S": "7"}})
        assert described(client) == before

    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (
                indexes(create("gsi1", "a", Projection={"ProjectionType": "ALL"}), a="S"),
                "Attempting to create an index which already exists",
            ),
            (
                indexes(create()),
                f"{INVALID}AttributeDefinitions is not specified for index: new",
            ),
            (
                indexes(create(), c="S"),
                "Invalid KeySchema: Some index key attribute have no definition",
            ),
            (
                # Observed: it does not help that the table defines the attribute.
                indexes(create(key="a"), c="S"),
                "Invalid KeySchema: Some index key attribute have no definition",
            ),
            (
                indexes(create(key="a"), a="N"),
                (
                    f"{INVALID}Attributes cannot be redefined. Please check that your attribute has"
                    " the same type as previously defined. Existing schema: Schema:[SchemaElement:"
                    " key{a:S:HASH}] New schema: Schema:[SchemaElement: key{a:N:HASH}]"
                ),
            ),
            (
                indexes(create(Projection={"ProjectionType": "INCLUDE"}), b="S"),
                f"{INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
            ),
            (
                indexes(create(**provisioned(1)), b="S"),
                (
                    f"{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be"
                    f" specified for"
                    " index: new when BillingMode is PAY_PER_REQUEST"
                ),
            ),
            (
                indexes(create(), delete(), b="S"),
                (
                    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                    " created or deleted simultaneously per table"
                ),
            ),
            (
                indexes(create(), create("newer"), b="S"),
                (
                    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                    " created or deleted simultaneously per table"
                ),
            ),
        ],
    )
    def test_refused(self, client, on_demand, request_, text):
        assert refusal(client.update_table, TableName="orders", **request_) == text

    def test_without_units_on_a_provisioned_table(self, client, with_units):
        request = indexes(create(), b="S")
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified"
            " for index: new"
        )

    def test_a_sort_key_of_another_type(self, client, with_units):
        request = indexes(create(key="sk", **provisioned(1)), sk="N")
        assert refusal(client.update_table, TableName="orders", **request).endswith(
            "Existing schema: Schema:[SchemaElement: key{sk:S:RANGE}]"
            " New schema: Schema:[SchemaElement: key{sk:N:HASH}]"
        )

    def test_a_hundred_projected_attributes(self, client):
        def some(first, count=20):
            names = [f"n{number}" for number in range(first, first + count)]
            return {"ProjectionType": "INCLUDE", "NonKeyAttributes": names}

        new_table(
            client,
            GlobalSecondaryIndexes=[
                an_index(f"gsi{number}", "pk", Projection=some(number * 20)) for number in range(5)
            ],
        )
        request = indexes(create(key="pk", Projection=some(0, 1)), pk="S")
        assert refusal(client.update_table, TableName="orders", **request) == (
            f"{INVALID}Total number of projected attributes for all indexes exceeds the per-table"
            " limit of 100"
        )

    def test_twenty_a_table(self, client):
        new_table(
            client,
            GlobalSecondaryIndexes=[an_index(f"gsi{number}", "pk") for number in range(20)],
        )
        request = indexes(create(key="pk"), pk="S")
        assert refusal(client.update_table, TableName="orders", **request) == (
            "LimitExceededException: Subscriber limit exceeded: Number of global secondary indexes"
            " exceeds per-table limit of 20"
        )


class TestDeleteIndex:
    def test_it_goes_with_its_attribute(self, client, on_demand):
        client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "a": {"S": "7"}})
        response = update(client, **indexes(delete()))
        assert "GlobalSecondaryIndexes" not in response
        assert response["AttributeDefinitions"] == definitions(pk="S")
        text = refusal(client.scan, TableName="orders", IndexName="gsi1")
        assert text == "The table does not have the specified index: gsi1"
        # the attribute is free now
        client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "a": {"N": "7"}})

    def test_an_attribute_of_another_index_stays(self, client, with_units):
        update(client, **indexes(delete()))
        assert index_names(client) == ["gsi2"]
        assert described(client)["AttributeDefinitions"] == definitions(a="S", pk="S", sk="S")

    def test_deletion_protection_does_not_protect_it(self, client, on_demand):
        update(client, DeletionProtectionEnabled=True)
        update(client, **indexes(delete()))
        assert "GlobalSecondaryIndexes" not in described(client)

    def test_the_same_name_again(self, client, on_demand):
        update(client, **indexes(delete()))
        update(client, **indexes(create("gsi1"), b="N"))
        assert index_description(client, "gsi1")["KeySchema"] == keys("b")

    def test_a_rollback_brings_it_back(self, client, ddb, on_demand):
        client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "a": {"S": "7"}})
        before = described(client)
        with ddb.rollback():
            update(client, **indexes(delete()))
            client.delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        assert described(client) == before


class TestIndexActions:
    @pytest.mark.parametrize(
        ("updates", "text"),
        [
            (
                [{}],
                (
                    f"{INVALID}One of GlobalSecondaryIndexUpdate.Update,"
                    " GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete"
                    " must not be"
                    " null"
                ),
            ),
            (
                [change(**provisioned(3)) | delete()],
                (
                    f"{INVALID}Only one global secondary index action is allowed per"
                    " GlobalSecondaryIndexUpdate object"
                ),
            ),
            (
                [delete(), change(**provisioned(3))],
                (
                    f"{INVALID}Only one global secondary index update per index is allowed"
                    " simultaneously. Index: gsi1"
                ),
            ),
            (
                [delete(), delete("gsi2")],
                (
                    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                    " created or deleted simultaneously per table"
                ),
            ),
            # They are counted before they are looked for.
            (
                [delete("ghost"), delete("phantom")],
                (
                    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                    " created or deleted simultaneously per table"
                ),
            ),
            (
                [delete("ghost")],
                (
                    "ResourceNotFoundException: Requested resource not found: Index ghost for table"
                    " orders"
                ),
            ),
            (
                [change(**provisioned(3)), change("ghost", **provisioned(3))],
                (
                    "ResourceNotFoundException: Requested resource not found: Index ghost for table"
                    " orders"
                ),
            ),
            (
                [change()],
                (
                    f"{INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified"
                    " for index: gsi1"
                ),
            ),
            (
                [delete("local")],
                "Cannot delete an index that is not a GlobalSecondaryIndex: local",
            ),
            (
                [change("local", **provisioned(3))],
                "Cannot update an index that is not a GlobalSecondaryIndex: local",
            ),
            (
                [create("local", "a", **provisioned(1))],
                "Attempting to create an index which already exists",
            ),
        ],
    )
    def test_refused(self, client, with_units, updates, text):
        request = indexes(*updates, a="S")
        assert refusal(client.update_table, TableName="orders", **request) == text
