"""What the tests of streams and triggers share: a table with a stream, and a patient reader."""

from __future__ import annotations

from typing import Any

from tests import shared_clients


def knows(operation_name: str, member_name: str) -> bool:
    """Whether the botocore that runs here is new enough for a parameter."""
    model = shared_clients.dynamodb_streams("eu-west-1").meta.service_model
    return member_name in model.operation_model(operation_name).input_shape.members


def client() -> Any:
    return shared_clients.dynamodb("eu-west-1")


def streams() -> Any:
    return shared_clients.dynamodb_streams("eu-west-1")


def create(name: str = "orders", view_type: str | None = "NEW_AND_OLD_IMAGES", **more: Any) -> Any:
    """Make a table with key `pk` and `sk`; return the ARN of its stream."""
    keys = [("pk", "HASH", "S"), ("sk", "RANGE", "N")]
    if view_type is not None:
        more["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view_type}
    description = client().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind, _ in keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": t} for name, _, t in keys],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )["TableDescription"]
    return description.get("LatestStreamArn")


def key(pk: str = "a", sk: int = 1) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}}


def put(pk: str = "a", sk: int = 1, table: str = "orders", **attributes: Any) -> None:
    client().put_item(TableName=table, Item={**key(pk, sk), **attributes})


def delete(pk: str = "a", sk: int = 1, table: str = "orders") -> None:
    client().delete_item(TableName=table, Key=key(pk, sk))


def shards(arn: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        description = streams().describe_stream(StreamArn=arn, **more)["StreamDescription"]
        found += description["Shards"]
        if "LastEvaluatedShardId" not in description:
            return found
        more = {"ExclusiveStartShardId": description["LastEvaluatedShardId"]}


def iterator(arn: str, shard_id: str | None = None, kind: str = "TRIM_HORIZON", **more: Any) -> str:
    text: str = streams().get_shard_iterator(
        StreamArn=arn,
        ShardId=shard_id or shards(arn)[0]["ShardId"],
        ShardIteratorType=kind,
        **more,
    )["ShardIterator"]
    return text


def read_shard(arn: str, shard_id: str, **more: Any) -> list[dict[str, Any]]:
    """Read what a shard has now."""
    found: list[dict[str, Any]] = []
    place: str | None = iterator(arn, shard_id)
    while place is not None:
        response = streams().get_records(ShardIterator=place, **more)
        found += response["Records"]
        place = response.get("NextShardIterator") if response["Records"] else None
    return found


def read(arn: str) -> list[dict[str, Any]]:
    """Read all shards, parents before children."""
    return [record for shard in shards(arn) for record in read_shard(arn, shard["ShardId"])]
