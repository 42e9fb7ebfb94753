"""Libraries beside ddbmock in one process: moto for the other services, PynamoDB on top."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ddbmock import MisuseError, mock_dynamodb
from tests.switch.helpers import KEY, create_table, table_names


class TestMoto:
    @pytest.fixture(autouse=True)
    def mock_aws(self) -> Any:
        return pytest.importorskip("moto").mock_aws

    def use_both(self, way: str) -> None:
        client = boto3.client("dynamodb", region_name="us-east-1")
        if way == "whole":
            client.meta.events.register("before-sign", lambda **_: None)
        create_table(client)
        client.put_item(TableName="orders", Item=KEY)
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="bucket")
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["bucket"]

    def moto_tables(self) -> list[str]:
        from moto.backends import get_backend  # noqa: PLC0415

        return list(get_backend("dynamodb")["123456789012"]["us-east-1"].tables)

    @pytest.mark.parametrize("way", ["short", "whole"])
    def test_in_either_order(self, mock_aws: Any, way: str) -> None:
        with mock_aws(), mock_dynamodb() as ddb:
            self.use_both(way)
            assert ddb.tables["orders"].item_count == 1
            assert self.moto_tables() == []
        with mock_dynamodb() as ddb, mock_aws():
            self.use_both(way)
            assert ddb.tables["orders"].item_count == 1
            assert self.moto_tables() == []

    def test_as_decorators(self, mock_aws: Any) -> None:
        mock_aws(mock_dynamodb(self.use_both))("short")
        mock_dynamodb(mock_aws(self.use_both))("whole")

    def test_without_ours_its_own_answers(self, mock_aws: Any) -> None:
        with mock_aws():
            with mock_dynamodb():
                client = boto3.client("dynamodb", region_name="us-east-1")
                create_table(client, "ours")
            assert table_names(client) == []
            create_table(client, "theirs")
            assert self.moto_tables() == ["theirs"]


class TestPynamoDB:
    @pytest.fixture
    def model(self) -> Any:
        models = pytest.importorskip("pynamodb.models")
        attributes = pytest.importorskip("pynamodb.attributes")

        class Order(models.Model):  # type: ignore[misc, name-defined]
            class Meta:
                table_name = "orders"
                region = "eu-west-1"
                billing_mode = "PAY_PER_REQUEST"

            id = attributes.UnicodeAttribute(hash_key=True)
            total = attributes.NumberAttribute(default=0)
            photo = attributes.BinaryAttribute(null=True, legacy_encoding=False)

        return Order

    def test_a_model_meets_many_mocks(self, model: Any) -> None:
        for _ in range(2):
            with mock_dynamodb() as ddb:
                assert not model.exists()
                model.create_table(wait=True)
                model("1", total=5, photo=b"\x00x").save()
                order = model.get("1")
                assert (order.total, order.photo) == (5, b"\x00x")
                order.update(actions=[model.total.add(1)])
                assert [found.total for found in model.query("1")] == [6]
                assert ddb.tables["orders"].region == "eu-west-1"
                with pytest.raises(MisuseError):
                    ddb.tables["other"]

    @mock_dynamodb
    def test_conditions(self, model: Any) -> None:
        model.create_table(wait=True)
        model("1").save(model.id.does_not_exist())
        exceptions = pytest.importorskip("pynamodb.exceptions")
        with pytest.raises(exceptions.PutError) as caught:
            model("1").save(model.id.does_not_exist())
        assert caught.value.cause_response_code == "ConditionalCheckFailedException"
