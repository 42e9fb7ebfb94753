from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, ClassVar

import boto3
import pytest
from botocore.config import Config

from ddbmock import mock_dynamodb
from ddbmock._internal.errors import MisuseError
from tests.operations.table_helpers import an_index, definitions, keys, new_table, update
from tests.refusals import refusal as refused

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
MILLISECONDS = int(NOW.timestamp() * 1000)
BOTH, ONLY_THROTTLED = "ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"


@pytest.fixture(autouse=True)
def frozen(ddb: Any) -> None:
    ddb.clock.freeze(NOW)


@pytest.fixture
def orders(client: Any) -> str:
    new_table(
        client,
        KeySchema=keys("pk", "sk"),
        AttributeDefinitions=definitions(pk="S", sk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("by-a", "a")],
        LocalSecondaryIndexes=[an_index("local", "pk", "a")],
    )
    return "orders"


def change(client: Any, action: str = "ENABLE", index: str = "", mode: str = "") -> dict[str, Any]:
    response: dict[str, Any] = client.update_contributor_insights(
        TableName="orders",
        ContributorInsightsAction=action,
        **({"IndexName": index} if index else {}),
        **({"ContributorInsightsMode": mode} if mode else {}),
    )
    del response["ResponseMetadata"]
    return response


def described(client: Any, index: str = "") -> dict[str, Any]:
    more = {"IndexName": index} if index else {}
    response: dict[str, Any] = client.describe_contributor_insights(TableName="orders", **more)
    del response["ResponseMetadata"]
    return response


def rules(*kinds: str, of: str = "orders", at: int = MILLISECONDS) -> list[str]:
    return [f"DynamoDBContributorInsights-{kind}-{of}-{at}" for kind in kinds]


class TestDescribe:
    def test_a_table_that_never_had_them(self, client, orders):
        assert described(client) == {
            "TableName": "orders",
            "ContributorInsightsStatus": "DISABLED",
        }
        assert described(client, "by-a") == {
            "TableName": "orders",
            "IndexName": "by-a",
            "ContributorInsightsStatus": "DISABLED",
        }

    def test_enabled(self, client, orders):
        change(client)
        assert described(client) == {
            "TableName": "orders",
            "ContributorInsightsStatus": "ENABLED",
            "ContributorInsightsMode": BOTH,
            "ContributorInsightsRuleList": rules("PKC", "SKC", "PKT", "SKT"),
            "LastUpdateDateTime": NOW,
        }

    def test_an_index_without_a_sort_key(self, client, orders):
        change(client, index="by-a")
        assert described(client, "by-a")["ContributorInsightsRuleList"] == (
            rules("PKC", "PKT", of="orders-by-a")
        )
        assert described(client)["ContributorInsightsStatus"] == "DISABLED"

    def test_after_a_cycle(self, client, ddb, orders):
        change(client)
        ddb.clock.advance(60)
        change(client, "DISABLE")
        response = described(client)
        assert response.pop("LastUpdateDateTime").minute == 1
        assert response == {
            "TableName": "orders",
            "ContributorInsightsStatus": "DISABLED",
            "ContributorInsightsMode": BOTH,
        }

    def test_by_the_arn_of_the_table(self, client, orders):
        arn = client.describe_table(TableName="orders")["Table"]["TableArn"]
        response = client.describe_contributor_insights(TableName=arn)
        assert response["TableName"] == "orders"


class TestUpdate:
    def test_the_answers(self, client, orders):
        enabling = {
            "TableName": "orders",
            "ContributorInsightsStatus": "ENABLING",
            "ContributorInsightsMode": BOTH,
        }
        assert change(client) == enabling
        assert change(client) == {**enabling, "ContributorInsightsStatus": "ENABLED"}
        disabling = {**enabling, "ContributorInsightsStatus": "DISABLING"}
        assert change(client, "DISABLE", mode=BOTH) == disabling
        assert change(client, "DISABLE") == {**disabling, "ContributorInsightsStatus": "DISABLED"}

    def test_disabled_without_having_been_enabled(self, client, orders):
        assert change(client, "DISABLE", index="by-a") == {
            "TableName": "orders",
            "IndexName": "by-a",
            "ContributorInsightsStatus": "DISABLED",
        }

    def test_another_mode(self, client, ddb, orders):
        change(client)
        ddb.clock.advance(60)
        assert change(client, mode=ONLY_THROTTLED)["ContributorInsightsStatus"] == "ENABLING"
        # The rules that stay are the same ones.
        assert described(client)["ContributorInsightsRuleList"] == rules("PKT", "SKT")
        assert change(client)["ContributorInsightsMode"] == BOTH
        later = MILLISECONDS + 60_000
        assert described(client)["ContributorInsightsRuleList"] == (
            rules("PKC", "SKC", at=later) + rules("PKT", "SKT")
        )

    def test_rollback(self, client, ddb, orders):
        with ddb.rollback():
            change(client)
        assert described(client)["ContributorInsightsStatus"] == "DISABLED"

    def test_a_table_that_is_created_again(self, client, orders):
        change(client)
        client.delete_table(TableName="orders")
        new_table(client)
        assert described(client)["ContributorInsightsStatus"] == "DISABLED"

    def test_an_index_that_is_created_again(self, client, orders):
        change(client, index="by-a")
        update(client, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-a"}}])
        update(
            client,
            AttributeDefinitions=definitions(pk="S", sk="S", a="S"),
            GlobalSecondaryIndexUpdates=[{"Create": an_index("by-a", "a")}],
        )
        assert described(client, "by-a")["ContributorInsightsStatus"] == "DISABLED"

    def test_a_hundred_rules_an_account(self, client):
        for number in range(26):
            name = f"table-{number}"
            new_table(
                client,
                name,
                KeySchema=keys("pk", "sk"),
                AttributeDefinitions=definitions(pk="S", sk="S"),
            )
            client.update_contributor_insights(TableName=name, ContributorInsightsAction="ENABLE")
        response = client.describe_contributor_insights(TableName="table-24")
        assert response["ContributorInsightsStatus"] == "ENABLED"
        response = client.describe_contributor_insights(TableName="table-25")
        assert response["ContributorInsightsStatus"] == "FAILED"
        assert response["FailureException"] == {
            "ExceptionName": "LimitExceededException",
            "ExceptionDescription": (
                "Amazon CloudWatch Contributor Insights rule limit reached. Please disable"
                " Contributor Insights for other tables/indexes OR disable other CloudWatch"
                " Contributor Insights rules before retrying."
            ),
        }
        assert "ContributorInsightsRuleList" not in response
        client.delete_table(TableName="table-0")
        client.update_contributor_insights(TableName="table-25", ContributorInsightsAction="ENABLE")
        response = client.describe_contributor_insights(TableName="table-25")
        assert response["ContributorInsightsStatus"] == "ENABLED"


class TestDelays:
    def test_statuses(self):
        with mock_dynamodb(delays=60, isolate=True) as ddb:
            client = boto3.client("dynamodb")
            ddb.clock.freeze(NOW)
            new_table(client)
            assert refused(
                client.update_contributor_insights,
                TableName="orders",
                ContributorInsightsAction="ENABLE",
            ) == (
                "Table or Index is not in a valid state to update Key Access Insights:"
                " TableStatus must be ACTIVE to enable ContributorInsights."
            )
            ddb.clock.advance(60)
            change(client)
            assert described(client)["ContributorInsightsStatus"] == "ENABLING"
            assert "ContributorInsightsRuleList" not in described(client)
            ddb.clock.advance(60)
            assert described(client)["ContributorInsightsStatus"] == "ENABLED"
            change(client, "DISABLE")
            assert described(client)["ContributorInsightsStatus"] == "DISABLING"
            ddb.settle()
            assert described(client)["ContributorInsightsStatus"] == "DISABLED"

    def test_an_index_that_is_created(self):
        with mock_dynamodb(delays=60, isolate=True) as ddb:
            client = boto3.client("dynamodb")
            ddb.clock.freeze(NOW)
            new_table(client)
            ddb.settle()
            update(
                client,
                AttributeDefinitions=definitions(pk="S", a="S"),
                GlobalSecondaryIndexUpdates=[{"Create": an_index("by-a", "a")}],
            )
            assert refused(
                client.update_contributor_insights,
                TableName="orders",
                IndexName="by-a",
                ContributorInsightsAction="ENABLE",
            ) == (
                "Table or Index is not in a valid state to update Key Access Insights:"
                " IndexStatus must be ACTIVE to enable ContributorInsights."
            )


class TestList:
    @pytest.fixture
    def several(self, client: Any, orders: str) -> None:
        new_table(client, "customers")
        new_table(client, "products")
        change(client)
        change(client, index="by-a", mode=ONLY_THROTTLED)
        client.update_contributor_insights(TableName="products", ContributorInsightsAction="ENABLE")

    def test_none(self, client, orders):
        response = client.list_contributor_insights()
        assert response["ContributorInsightsSummaries"] == []
        assert "NextToken" not in response

    def test_tables_and_indexes(self, client, several):
        summaries = client.list_contributor_insights()["ContributorInsightsSummaries"]
        assert summaries == [
            {
                "TableName": "orders",
                "ContributorInsightsStatus": "ENABLED",
                "ContributorInsightsMode": BOTH,
            },
            {
                "TableName": "orders",
                "IndexName": "by-a",
                "ContributorInsightsStatus": "ENABLED",
                "ContributorInsightsMode": ONLY_THROTTLED,
            },
            {
                "TableName": "products",
                "ContributorInsightsStatus": "ENABLED",
                "ContributorInsightsMode": BOTH,
            },
        ]

    def test_of_one_table(self, client, several):
        response = client.list_contributor_insights(TableName="products")
        assert [s["TableName"] for s in response["ContributorInsightsSummaries"]] == ["products"]

    def test_pages_of_which_some_are_empty(self, client, several):
        pages = []
        token: dict[str, str] = {}
        while True:
            response = client.list_contributor_insights(MaxResults=1, **token)
            pages.append(
                [
                    s.get("IndexName", s["TableName"])
                    for s in response["ContributorInsightsSummaries"]
                ]
            )
            if "NextToken" not in response:
                break
            token = {"NextToken": response["NextToken"]}
        assert pages == [[], ["orders"], ["by-a"], ["products"]]


class TestErrors:
    @pytest.mark.parametrize(
        ("operation", "more"),
        [
            ("update_contributor_insights", {"ContributorInsightsAction": "ENABLE"}),
            ("describe_contributor_insights", {}),
            ("list_contributor_insights", {}),
        ],
    )
    def test_no_table(self, refusal, operation, more):
        assert refusal(operation, TableName="missing", **more) == (
            "ResourceNotFoundException: Requested resource not found: Table: missing not found"
        )

    @pytest.mark.parametrize("index", ["local", "missing"])
    def test_no_global_index(self, refusal, orders, index):
        text = (
            f"ResourceNotFoundException: Requested resource not found: Index: {index} not found"
            " for table: orders"
        )
        names = {"TableName": "orders", "IndexName": index}
        assert refusal("describe_contributor_insights", **names) == text
        assert (
            refusal("update_contributor_insights", ContributorInsightsAction="ENABLE", **names)
            == text
        )

    @pytest.mark.parametrize("index", ["", "ab", "a" * 256])
    def test_the_length_of_the_index_name(self, refusal, orders, index):
        text = "IndexName must be at least 3 characters long and at most 255 characters long"
        names = {"TableName": "orders", "IndexName": index}
        assert refusal("describe_contributor_insights", **names) == text
        assert (
            refusal("update_contributor_insights", ContributorInsightsAction="ENABLE", **names)
            == text
        )

    def test_constraints(self, refusal, orders):
        assert refusal(
            "update_contributor_insights", TableName="orders", ContributorInsightsAction="OFF"
        ) == (
            "1 validation error detected: Value 'OFF' at 'contributorInsightsAction' failed to"
            " satisfy constraint: Member must satisfy enum value set: [ENABLE, DISABLE]"
        )
        assert refusal("list_contributor_insights", MaxResults=101) == (
            "1 validation error detected: Value '101' at 'maxResults' failed to satisfy"
            " constraint: Member must have value less than or equal to 100"
        )

    @pytest.mark.parametrize("count", [0, -1])
    def test_no_results(self, refusal, orders, count):
        assert refusal("list_contributor_insights", MaxResults=count) == (
            f"1 validation error detected: Value '{count}' at 'maxResults' failed to satisfy"
            " constraint: Member must have value greater than or equal to 1"
        )

    @pytest.mark.parametrize("token", ["x", "!", "W10=", "e30="])
    def test_a_token_of_nobody(self, refusal, token):
        assert refusal("list_contributor_insights", NextToken=token) == "Invalid NextToken"


class TestTopKeys:
    KEY: ClassVar[dict[str, Any]] = {"pk": {"S": "hot"}, "sk": {"S": "1"}}

    def put(self, client: Any, pk: str, sk: str = "1", **more: Any) -> None:
        item = {"pk": {"S": pk}, "sk": {"S": sk}, **more}
        client.put_item(TableName="orders", Item=item)

    def test_reads_and_writes(self, client, ddb, orders):
        change(client)
        self.put(client, "hot")
        self.put(client, "hot", "2")
        self.put(client, "cold")
        for _ in range(4):
            client.get_item(TableName="orders", Key=self.KEY, ConsistentRead=True)
        top = ddb.tables["orders"].top_keys
        assert top.accessed_partition_keys == [("hot", 10), ("cold", 3)]
        assert top.accessed_items == [(("hot", "1"), 7), (("hot", "2"), 3), (("cold", "1"), 3)]
        assert top.throttled_partition_keys == []

    def test_pages(self, client, ddb, orders):
        self.put(client, "a")
        self.put(client, "a", "2")
        change(client)
        client.scan(TableName="orders", ConsistentRead=True)
        top = ddb.tables["orders"].top_keys
        assert top.accessed_items == [(("a", "1"), 0.5), (("a", "2"), 0.5)]
        assert top.accessed_partition_keys == [("a", 1)]

    def test_an_index(self, client, ddb, orders):
        change(client, index="by-a")
        self.put(client, "p", a={"S": "x"})
        client.query(
            TableName="orders",
            IndexName="by-a",
            KeyConditionExpression="a = :a",
            ExpressionAttributeValues={":a": {"S": "x"}},
        )
        top = ddb.tables["orders"].indexes["by-a"].top_keys
        assert top.accessed_partition_keys == [("x", 3.5)]
        assert top.accessed_items == []
        with pytest.raises(MisuseError, match="of orders are not enabled"):
            _ = ddb.tables["orders"].top_keys

    def test_only_throttled_keys(self, client, ddb, orders):
        change(client, mode=ONLY_THROTTLED)
        self.put(client, "a")
        assert ddb.tables["orders"].top_keys.accessed_partition_keys == []

    def test_nothing_while_they_are_disabled(self, client, ddb, orders):
        change(client)
        self.put(client, "a")
        change(client, "DISABLE")
        self.put(client, "a")
        change(client)
        assert ddb.tables["orders"].top_keys.accessed_partition_keys == [("a", 3)]

    def is_throttled(self, client: Any) -> bool:
        try:
            client.put_item(TableName="orders", Item={"pk": {"S": "hot"}})
        except client.exceptions.ProvisionedThroughputExceededException:
            return True
        return False

    def test_throttled_keys(self):
        with mock_dynamodb(isolate=True, throughput=True) as ddb:
            ddb.clock.freeze(NOW)
            once = Config(retries={"total_max_attempts": 1})
            client = boto3.client("dynamodb", config=once)
            units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
            new_table(client, ProvisionedThroughput=units)
            change(client, mode=ONLY_THROTTLED)
            throttled = sum(self.is_throttled(client) for _ in range(400))
            assert throttled
            top = ddb.tables["orders"].top_keys
            assert top.throttled_partition_keys == [("hot", throttled)]
            assert top.throttled_items == []
            assert top.accessed_partition_keys == []
