"""What the tests of global tables share: clients of regions, and short ways to change replicas."""

from __future__ import annotations

from typing import Any

from tests import shared_clients
from tests.operations.table_helpers import update

LOCAL, EUROPE, WEST, EAST = "us-east-1", "eu-west-1", "us-west-2", "us-east-2"


def client_in(region: str) -> Any:
    return shared_clients.dynamodb(region)


def create(region: str, **members: Any) -> dict[str, Any]:
    return {"Create": {"RegionName": region, **members}}


def change(region: str, **members: Any) -> dict[str, Any]:
    return {"Update": {"RegionName": region, **members}}


def delete(region: str) -> dict[str, Any]:
    return {"Delete": {"RegionName": region}}


def add(client: Any, *regions: str, name: str = "orders") -> None:
    """Add replicas, one after the other."""
    for region in regions:
        update(client, name, ReplicaUpdates=[create(region)])


def strong(*actions: dict[str, Any], witness: str | None = None) -> dict[str, Any]:
    """Return the parameters that make a group with strong consistency."""
    request: dict[str, Any] = {"MultiRegionConsistency": "STRONG", "ReplicaUpdates": [*actions]}
    if witness is not None:
        request["GlobalTableWitnessUpdates"] = [create(witness)]
    return request


def put(client: Any, key: str, table: str = "orders", **attributes: str) -> None:
    item = {"pk": {"S": key}, **{name: {"S": text} for name, text in attributes.items()}}
    client.put_item(TableName=table, Item=item)


def items(client: Any, table: str = "orders") -> dict[str, Any]:
    """Return the items by key, as plain texts."""
    found = client.scan(TableName=table, ConsistentRead=True)["Items"]
    plain = [{name: value["S"] for name, value in item.items()} for item in found]
    return {item.pop("pk"): item for item in plain}


def records(region: str, table: str = "orders") -> list[dict[str, Any]]:
    """Return the records of a table's stream."""
    streams = shared_clients.dynamodb_streams(region)
    arn = client_in(region).describe_table(TableName=table)["Table"]["LatestStreamArn"]
    found: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += streams.get_records(ShardIterator=iterator)["Records"]
    return found
