"""The errors of faults: code, status, text and members, as the service has them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ddbmock._internal import wire
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.faults.errors import ERRORS
from tests.faults.conftest import create_orders, item
from tests.refusals import unchanged

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
INDEX_ARN = f"{TABLE_ARN}/index/by-customer"
HOT_KEY = (
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically"
    " scaling your table or index so please try again shortly. If exceptions persist, check if you"
    " have a hot key:"
    " https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
)
PROVISIONED = (
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing"
    " your provisioning level with the UpdateTable API."
)
DYNAMODB, CORAL = "com.amazonaws.dynamodb.v20120810#", "com.amazon.coral.service#"


def put(client: Any) -> Any:
    return client.put_item(TableName="orders", Item=item(1))


def get(client: Any) -> Any:
    return client.get_item(TableName="orders", Key=item(1))


def query_index(client: Any) -> Any:
    return client.query(
        TableName="orders",
        IndexName="by-customer",
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues={":c": {"S": "ann"}},
    )


def write_two(client: Any) -> Any:
    return client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": "orders", "Item": item(1)}},
            {"Delete": {"TableName": "orders", "Key": item(2)}},
        ]
    )


def response_of(call: Any, client: Any) -> dict[str, Any]:
    """The error that a call ends with, which must have changed nothing."""
    with unchanged(), pytest.raises(ClientError) as caught:
        call(client)
    response: dict[str, Any] = caught.value.response
    return response


BODIES: dict[str, tuple[Any, int, dict[str, Any]]] = {
    "ProvisionedThroughputExceededException": (
        put,
        400,
        {
            "__type": f"{DYNAMODB}ProvisionedThroughputExceededException",
            "message": PROVISIONED,
            "ThrottlingReasons": [
                {"reason": "TableWriteProvisionedThroughputExceeded", "resource": TABLE_ARN}
            ],
        },
    ),
    "ThrottlingException": (
        get,
        400,
        {
            "__type": "com.amazon.coral.availability#ThrottlingException",
            "message": HOT_KEY,
            "throttlingReasons": [
                {"reason": "TableReadKeyRangeThroughputExceeded", "resource": TABLE_ARN}
            ],
        },
    ),
    "RequestLimitExceeded": (
        query_index,
        400,
        {
            "__type": f"{DYNAMODB}RequestLimitExceeded",
            "message": "Throughput exceeds the current throughput limit for your account. To"
            " request a limit increase, contact AWS Support at https://aws.amazon.com/support",
            "ThrottlingReasons": [
                {"reason": "IndexReadAccountLimitExceeded", "resource": INDEX_ARN}
            ],
        },
    ),
    "InternalServerError": (
        put,
        500,
        {"__type": f"{DYNAMODB}InternalServerError", "message": "Internal server error"},
    ),
    "ServiceUnavailable": (
        put,
        503,
        {
            "__type": f"{DYNAMODB}ServiceUnavailable",
            "message": "DynamoDB is currently unavailable.",
        },
    ),
    "ConditionalCheckFailedException": (
        put,
        400,
        {
            "__type": f"{DYNAMODB}ConditionalCheckFailedException",
            "message": "The conditional request failed",
        },
    ),
    "TransactionConflictException": (
        put,
        400,
        {
            "__type": f"{DYNAMODB}TransactionConflictException",
            "message": "Transaction is ongoing for the item",
        },
    ),
    "TransactionInProgressException": (
        write_two,
        400,
        {
            "__type": f"{DYNAMODB}TransactionInProgressException",
            "Message": "Transaction from previous request is still in progress",
        },
    ),
    "IdempotentParameterMismatchException": (
        write_two,
        400,
        {
            "__type": f"{DYNAMODB}IdempotentParameterMismatchException",
            "Message": "Specified idempotent token was used with different request parameters"
            " within the idempotency window",
        },
    ),
    "TransactionCanceledException": (
        write_two,
        400,
        {
            "__type": f"{DYNAMODB}TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific"
            " reasons [TransactionConflict, None]",
            "CancellationReasons": [
                {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
                {"Code": "None"},
            ],
        },
    ),
    "ItemCollectionSizeLimitExceededException": (
        put,
        400,
        {
            "__type": f"{DYNAMODB}ItemCollectionSizeLimitExceededException",
            "message": "Collection size exceeded.",
        },
    ),
    "ReplicatedWriteConflictException": (
        put,
        400,
        {
            "__type": f"{DYNAMODB}ReplicatedWriteConflictException",
            "message": "One or more items in this request are being modified by a request in"
            " another Region.",
        },
    ),
    "ResourceNotFoundException": (
        get,
        400,
        {
            "__type": f"{DYNAMODB}ResourceNotFoundException",
            "message": "Requested resource not found",
        },
    ),
    "UnrecognizedClientException": (
        put,
        400,
        {
            "__type": f"{CORAL}UnrecognizedClientException",
            "message": "The security token included in the request is invalid.",
        },
    ),
    "InvalidSignatureException": (
        put,
        400,
        {
            "__type": f"{CORAL}InvalidSignatureException",
            "message": "The request signature we calculated does not match the signature you"
            " provided. Check your AWS Secret Access Key and signing method. Consult the service"
            " documentation for details.",
        },
    ),
    "AccessDeniedException": (
        query_index,
        400,
        {
            "__type": f"{CORAL}AccessDeniedException",
            "Message": "User: arn:aws:iam::123456789012:user/ddbmock is not authorized to perform:"
            f" dynamodb:Query on resource: {INDEX_ARN} because no identity-based policy allows the"
            " dynamodb:Query action",
        },
    ),
    "ExpiredTokenException": (
        put,
        400,
        {
            "__type": f"{CORAL}ExpiredTokenException",
            "message": "The security token included in the request is expired",
        },
    ),
    "DuplicateItemException": (
        lambda client: client.execute_statement(
            Statement="INSERT INTO orders VALUE {'id': '1'}"
        ),
        400,
        {
            "__type": f"{DYNAMODB}DuplicateItemException",
            "message": "Duplicate primary key exists in table",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", BODIES)
def test_the_body_of_an_error(
    ddb: Any, client: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, status, body = BODIES[code]
    sent: list[bytes] = []
    encode_error = wire.encode_error

    def encode(error: ServiceError) -> bytes:
        sent.append(encode_error(error))
        return sent[-1]

    monkeypatch.setattr(wire, "encode_error", encode)
    # A program's own handler: the call is sent, and its response has a body.
    client.meta.events.register("before-send.dynamodb", lambda **_: None)
    ddb.faults.add(error=code)
    response = response_of(call, client)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert json.loads(sent[-1]) == body
    members = {name: value for name, value in body.items() if name not in {"__type", "message"}}
    assert response["Error"]["Code"] == code
    for name in members.keys() - {"Message"}:
        assert response[name] == body[name]


def test_every_code_is_proved() -> None:
    # Those that are left are errors of streams and of the control plane.
    assert ERRORS.keys() - BODIES.keys() == {
        "ExpiredIteratorException",
        "LimitExceededException",
        "ResourceInUseException",
    }


def test_a_write_of_a_provisioned_table_is_held_back(ddb: Any, client: Any) -> None:
    ddb.faults.add(error="ProvisionedThroughputExceededException")
    response = response_of(query_index, client)
    assert response["Error"]["Message"] == (
        "The level of configured provisioned throughput for one or more global secondary indexes of"
        " the table was exceeded. Consider increasing your provisioning level for the"
        " under-provisioned global secondary indexes with the UpdateTable API"
    )
    assert response["ThrottlingReasons"] == [
        {"reason": "IndexReadProvisionedThroughputExceeded", "resource": INDEX_ARN}
    ]


def test_given_reasons_and_texts(ddb: Any, client: Any) -> None:
    with ddb.faults.add(
        error="ThrottlingException", message="wait", reasons=["TableWriteAccountLimitExceeded"]
    ):
        response = response_of(put, client)
    assert response["Error"]["Message"] == "wait"
    assert response["throttlingReasons"] == [
        {"reason": "TableWriteAccountLimitExceeded", "resource": TABLE_ARN}
    ]
    codes = ["None", "ProvisionedThroughputExceeded"]
    ddb.faults.add(error="TransactionCanceledException", reasons=codes)
    response = response_of(write_two, client)
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "ProvisionedThroughputExceeded", "Message": PROVISIONED},
    ]


def test_the_action_that_is_struck_cancels_its_transaction(ddb: Any, client: Any) -> None:
    ddb.faults.add(error="TransactionCanceledException", key={"id": "2"})
    response = response_of(write_two, client)
    assert [reason["Code"] for reason in response["CancellationReasons"]] == [
        "None",
        "TransactionConflict",
    ]


def test_a_failed_condition_has_the_item(ddb: Any, client: Any) -> None:
    client.put_item(TableName="orders", Item=item(1, state="paid"))
    ddb.faults.add(error="ConditionalCheckFailedException")
    response = response_of(
        lambda client: client.put_item(
            TableName="orders", Item=item(1), ReturnValuesOnConditionCheckFailure="ALL_OLD"
        ),
        client,
    )
    assert response["Item"] == item(1, state="paid")


@pytest.mark.parametrize(
    ("call", "action", "resource"),
    [
        (write_two, "PutItem", TABLE_ARN),
        (lambda client: client.describe_limits(), "DescribeLimits", "*"),
        (lambda client: client.describe_endpoints(), "DescribeEndpoints", "*"),
    ],
)
def test_a_caller_without_the_right(
    ddb: Any, client: Any, call: Any, action: str, resource: str
) -> None:
    operations = ["TransactWriteItems", "DescribeLimits", "DescribeEndpoints"]
    ddb.faults.add(operation=operations, error="AccessDeniedException")
    assert response_of(call, client)["Error"]["Message"] == (
        "User: arn:aws:iam::123456789012:user/ddbmock is not authorized to perform:"
        f" dynamodb:{action} on resource: {resource} because no identity-based policy allows the"
        f" dynamodb:{action} action"
    )


def test_errors_of_the_control_plane(ddb: Any, client: Any) -> None:
    with ddb.faults.add(operation="UpdateTable", error="LimitExceededException"):
        response = response_of(
            lambda client: client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST"),
            client,
        )
        assert response["Error"]["Message"] == (
            "Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted"
            " simultaneously"
        )
    with ddb.faults.add(operation=["UpdateTable", "CreateTable"], error="ResourceInUseException"):
        response = response_of(
            lambda client: client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST"),
            client,
        )
        assert response["Error"]["Message"] == (
            "Attempt to change a resource which is still in use: Table: orders is in the process"
            " of being updated."
        )
        response = response_of(lambda client: create_orders(client, "other"), client)
        assert response["Error"]["Message"] == "Table already exists: other"
    names = ["DescribeTable", "CreateTable"]
    with ddb.faults.add(operation=names, error="ThrottlingException"):
        response = response_of(lambda client: client.describe_table(TableName="orders"), client)
        assert response["Error"]["Message"] == "Rate exceeded"
        response = response_of(lambda client: create_orders(client, "other"), client)
        assert response["Error"]["Message"] == (
            "The rate of control plane requests made by this account is too high"
        )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, "faults.add() needs something to happen: error=, latency= or unprocessed="),
        ({"error": "Nonsense"}, "faults.add(error='Nonsense'): an error is a code of the service"),
        ({"error": 7}, "faults.add(error=7): an error is a code of the service"),
        ({"error": ValueError}, "faults.add(error=<class 'ValueError'>)"),
        (
            {"error": "InternalServerError", "operation": "put_item"},
            "faults.add(operation='put_item'): there is no such operation",
        ),
        (
            {"error": "TransactionConflictException", "operation": "GetItem"},
            "faults.add(error='TransactionConflictException'): GetItem cannot answer with it; De",
        ),
        (
            {"error": "LimitExceededException"},
            "faults.add() needs operation=",
        ),
        (
            {"unprocessed": 1, "operation": "PutItem"},
            "faults.add(error='unprocessed items'): PutItem cannot answer with it;",
        ),
        (
            {"unprocessed": 1, "error": "InternalServerError"},
            "faults.add() takes error= or unprocessed=",
        ),
        ({"unprocessed": 1, "when": "after"}, 'faults.add(unprocessed=...) is for when="before"'),
        (
            {"error": "InternalServerError", "when": "during"},
            'faults.add(when=...) takes "before" or "after", not \'during\'',
        ),
        (
            {"error": "InternalServerError", "times": 0},
            "faults.add(times=...) takes a number of times, not 0",
        ),
        (
            {"error": "InternalServerError", "nth": 0},
            "faults.add(nth=...) takes the number of an attempt, from 1 on, or several, not 0",
        ),
        (
            {"error": "InternalServerError", "after": -1},
            "faults.add(after=...) takes a number of attempts, not -1",
        ),
        (
            {"error": "InternalServerError", "probability": 2},
            "faults.add(probability=...) takes a number from 0 to 1, not 2",
        ),
        ({"table": 5}, "faults.add(table=...) takes a text, not 5"),
        ({"index": b"x"}, "faults.add(index=...) takes a text, not b'x'"),
        ({"region": []}, "faults.add(region=...) takes a text, not []"),
        ({"message": 5}, "faults.add(message=...) takes a text, not 5"),
        (
            {"unprocessed": -1},
            "faults.add(unprocessed=...) takes a number of items or keys, not -1",
        ),
        ({"unprocessed": "x"}, "faults.add(unprocessed=...) takes a number of items or keys"),
        ({"latency": -1}, "faults.add(latency=...) takes seconds, a timedelta, or"),
        (
            {"error": "InternalServerError", "key": "42"},
            "faults.add(key=...) takes attributes of a key, such as {'id': '42'}, not '42'",
        ),
    ],
)
def test_wrong_arguments(ddb: Any, arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(MisuseError) as caught:
        ddb.faults.add(**arguments)
    assert str(caught.value).startswith(text)
    assert len(ddb.faults) == 0
