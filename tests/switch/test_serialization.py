"""Requests are serialized by compiled functions while a mock is active; only the time shows it.

Everything here is compared with what botocore does by itself.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import OrderedDict
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError
from botocore.serialize import JSONSerializer
from botocore.validate import ParamValidationDecorator, ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.hook import plain_parameters, serialization
from ddbmock._internal.service_model import service_model
from tests.validation.model_requests import requests_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ITEM = {
    "pk": {"S": "é\n\ud83d\ude00"},
    "n": {"N": "1"},
    "tags": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "bytes": {"B": b"\x00\xff"},
    "several": {"BS": [b"", b"\x01"]},
    "map": {"M": {"list": {"L": [{"NULL": True}, {"BOOL": False}, {"L": []}, {"M": {}}]}}},
}
PUT = {"TableName": "orders", "Item": ITEM}


class Text(str):
    __slots__ = ()


class Number(int):
    pass


#: In place of a value of a request.
ODD = st.sampled_from(
    [None, "", "text", Text("text"), 0, -1, 1, True, Number(3), 1.5, float("nan"), Decimal(1),
     b"", b"x", bytearray(b"x"), BytesIO(b"x"), (), ("a",), [], ["a"], [None], [b"x"],
     {}, {"S": "x"}, {"S": "x", "N": "1"}, {"B": b"x"}, {"B": "x"}, {"L": ({"S": "x"},)},
     {"M": {1: {"S": "x"}}}, {"Unknown": 1}, OrderedDict(S="x"), {"BS": ["x"]}, {"NULL": 1},
     {"BOOL": None}, object(), {1: 2}]
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Any:
    return boto3.client("dynamodb", "us-east-1", aws_access_key_id="x", aws_secret_access_key="y")


@pytest.fixture
def new_client() -> Iterator[Callable[[], Any]]:
    """Create clients of one session, in a mock."""
    session = boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="y", region_name="us-east-1"
    )
    with mock_dynamodb():
        yield lambda: session.client("dynamodb")


def serialized(client: Any, operation_name: str, parameters: Any) -> Any:
    """Return the request of parameters, or the type and text of the error."""
    model = client.meta.service_model.operation_model(operation_name)
    try:
        return client._serializer.serialize_to_request(parameters, model)
    except Exception as error:  # noqa: BLE001 (whatever botocore raises)
        return type(error), str(error)


def is_compiled(client: Any, operation_name: str) -> bool:
    """Return whether requests of an operation are serialized by compiled functions."""
    model = client.meta.service_model.operation_model(operation_name)
    operation = serialization._operations.values.get(id(model))
    return operation is not None and operation.accepts not in {None, serialization._refuse}


def compile_operation(client: Any, operation_name: str, parameters: Any) -> None:
    """Have an operation compiled, which takes two requests."""
    for _ in range(2):
        serialized(client, operation_name, parameters)
    assert is_compiled(client, operation_name)


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which shapes botocore itself validates at the top, from now on."""
    names: list[str] = []
    validate = ParamValidator.__dict__["_validate"]

    def noting(self: Any, params: Any, shape: Any, errors: Any, name: str) -> None:
        if not name:
            names.append(shape.name)
        validate(self, params, shape, errors, name)

    monkeypatch.setattr(ParamValidator, "_validate", noting)
    return names


# --- the same requests and errors ------------------------------------------------------------


def _spoiled(value: Any, odd: Any, place: list[int]) -> Any:
    """Return a copy of a value with one of its parts replaced, counted from the end."""
    place[0] -= 1
    if place[0] == 0:
        return odd
    if isinstance(value, dict):
        return {name: _spoiled(member, odd, place) for name, member in value.items()}
    if isinstance(value, list):
        return [_spoiled(element, odd, place) for element in value]
    return value


@pytest.mark.parametrize("name", sorted(service_model("dynamodb").operation_names))
@given(data=st.data())
def test_a_request_or_error_is_botocores(client: Any, name: str, data: st.DataObject) -> None:
    parameters = data.draw(requests_of(name))
    if data.draw(st.booleans()):
        parameters = _spoiled(parameters, data.draw(ODD), [data.draw(st.integers(1, 12))])
    expected = serialized(client, name, parameters)
    test = plain_parameters.parameters_test(
        client.meta.service_model.operation_model(name).input_shape
    )
    if test((parameters,)):
        assert type(expected) is dict
        assert serialization._write_json(parameters).encode() == expected["body"]
    with mock_dynamodb():
        assert [serialized(client, name, parameters) for _ in range(3)] == [expected] * 3


LEAVES = st.one_of(
    st.builds(lambda text: {"S": text}, st.text()),
    st.sampled_from([{"N": "1"}, {"NULL": True}, {"BOOL": False}, {"B": b"x"}, {"SS": ["a"]}]),
    st.sampled_from([{"B": "text"}, {"NS": [1]}, {"BOOL": 1}, {}, {"S": None}, {"X": "y"}, None]),
)
VALUES = st.recursive(
    LEAVES,
    lambda values: st.one_of(
        st.lists(values, max_size=3).map(lambda elements: {"L": elements}),
        st.dictionaries(st.text(), values, max_size=3).map(lambda entries: {"M": entries}),
    ),
)


@given(item=st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_items_of_all_types(client: Any, item: dict[str, Any]) -> None:
    parameters = {"TableName": "orders", "Item": item}
    expected = serialized(client, "PutItem", parameters)
    with mock_dynamodb():
        compile_operation(client, "PutItem", PUT)
        assert serialized(client, "PutItem", parameters) == expected


def test_every_operation_with_parameters_is_compiled(new_client: Callable[[], Any]) -> None:
    client = new_client()
    examples: dict[str, Any] = {
        "GetItem": {"TableName": "t", "Key": {"pk": {"B": b"x"}}},
        "BatchWriteItem": {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}]}},
        "TransactWriteItems": {"TransactItems": [{"Put": PUT}], "ClientRequestToken": "token"},
        "PutItem": {**PUT, "ReturnConsumedCapacity": "TOTAL"},
        "Query": {"TableName": "t", "KeyConditionExpression": "a = :a", "Limit": 1},
        "Scan": {"TableName": "t", "ConsistentRead": True},
        "ListTables": {},
        "CreateTable": {
            "TableName": "t",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        },
    }  # fmt: skip
    for name, parameters in examples.items():
        compile_operation(client, name, parameters)


def test_streams_are_compiled_too() -> None:
    with mock_dynamodb():
        client = boto3.client("dynamodbstreams", "us-east-1")
        compile_operation(client, "DescribeStream", {"StreamArn": "a" * 40, "Limit": 3})


def test_what_the_service_receives(new_client: Callable[[], Any]) -> None:
    client = new_client()
    client.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(4):
        item = {**ITEM, "pk": {"S": str(number)}}
        client.put_item(TableName="orders", Item=item)
        assert client.get_item(TableName="orders", Key={"pk": item["pk"]})["Item"] == item
    assert is_compiled(client, "PutItem")


def test_a_handler_sees_the_same_request(new_client: Callable[[], Any]) -> None:
    client = new_client()
    seen: list[dict[str, Any]] = []
    client.meta.events.register_first(
        "before-call.dynamodb.ListTables", lambda params, **_: seen.append({**params})
    )
    for _ in range(4):
        client.list_tables(Limit=3)
    first, *others = seen
    assert is_compiled(client, "ListTables")
    assert others == [first] * 3


def test_each_request_has_headers_of_its_own(new_client: Callable[[], Any]) -> None:
    client = new_client()
    compile_operation(client, "PutItem", PUT)
    serialized(client, "PutItem", PUT)["headers"]["X-Mine"] = "1"
    assert "X-Mine" not in serialized(client, "PutItem", PUT)["headers"]


def test_a_wrong_parameter_is_refused_in_botocores_words(new_client: Callable[[], Any]) -> None:
    client = new_client()
    compile_operation(client, "GetItem", {"TableName": "orders", "Key": {"pk": {"S": "a"}}})
    with pytest.raises(ParamValidationError, match="Unknown parameter in input"):
        client.get_item(TableName="orders", Key={"pk": {"S": "a"}}, Keys={})
    with pytest.raises(ParamValidationError, match=r"Invalid type for parameter Key\.pk\.S"):
        client.get_item(TableName="orders", Key={"pk": {"S": 1}})


def test_items_that_hold_themselves(new_client: Callable[[], Any]) -> None:
    client = new_client()
    compile_operation(client, "PutItem", PUT)
    item: dict[str, Any] = {"pk": {"S": "a"}}
    item["self"] = {"M": item}
    with pytest.raises(RecursionError):
        client.put_item(TableName="orders", Item=item)


# --- when botocore serializes ----------------------------------------------------------------


def test_the_first_requests_of_an_operation(
    new_client: Callable[[], Any], walked: list[str]
) -> None:
    client = new_client()
    for _ in range(4):
        serialized(client, "PutItem", PUT)
    assert walked == ["PutItemInput"] * 2
    other = new_client()
    for _ in range(4):
        serialized(other, "PutItem", PUT)
    assert walked == ["PutItemInput"] * 3  # once by a client whose session knows the model


def test_a_difference_leaves_all_to_botocore(
    new_client: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, walked: list[str]
) -> None:
    client = new_client()
    monkeypatch.setattr(serialization, "_write_json", json.JSONEncoder(indent=1).encode)
    for _ in range(4):
        serialized(client, "ListTables", {"Limit": 3})
    assert not is_compiled(client, "ListTables")
    assert walked == ["ListTablesInput"] * 4


def test_other_parameters_are_left_to_botocore(
    new_client: Callable[[], Any], walked: list[str]
) -> None:
    client = new_client()
    compile_operation(client, "PutItem", PUT)
    walked.clear()
    serialized(client, "PutItem", {**PUT, "TableName": Text("orders")})
    assert walked == ["PutItemInput"]


def test_a_patched_validator_is_called(
    new_client: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client()
    compile_operation(client, "PutItem", PUT)

    def refuse(*_: Any) -> None:
        raise ParamValidationError(report="patched")

    for owner, name in ((ParamValidator, "validate"), (JSONSerializer, "serialize_to_request")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, refuse)
            assert serialized(client, "PutItem", PUT)[0] is ParamValidationError
    decorator = client._serializer
    for part in (decorator._param_validator, decorator._serializer):
        name = "validate" if part is decorator._param_validator else "serialize_to_request"
        with monkeypatch.context() as patch:
            patch.setattr(part, name, refuse)
            assert serialized(client, "PutItem", PUT)[0] is ParamValidationError
    assert type(serialized(client, "PutItem", PUT)) is dict


def test_a_derived_validator_is_called(
    new_client: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Derived(ParamValidator):  # type: ignore[misc]
        pass

    client = new_client()
    monkeypatch.setattr(client._serializer, "_param_validator", Derived())
    for _ in range(3):
        serialized(client, "PutItem", PUT)
    assert not is_compiled(client, "PutItem")


def test_a_client_without_validation(walked: list[str]) -> None:
    with mock_dynamodb():
        client = boto3.client("dynamodb", "us-east-1", config=Config(parameter_validation=False))
        for _ in range(3):
            serialized(client, "PutItem", {"TableName": 1})
    assert not walked
    assert not is_compiled(client, "PutItem")


def test_other_services_are_left_alone() -> None:
    with mock_dynamodb():
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
        client = boto3.client("sqs", "us-east-1", **keys)
        for _ in range(3):
            serialized(client, "ListQueues", {"MaxResults": 1})
        assert not is_compiled(client, "ListQueues")


def test_nothing_is_left_after_the_mock(walked: list[str]) -> None:
    before = vars(ParamValidationDecorator)["serialize_to_request"]
    with mock_dynamodb():
        client = boto3.client("dynamodb", "us-east-1")
        compile_operation(client, "PutItem", PUT)
        assert vars(ParamValidationDecorator)["serialize_to_request"] is not before
    assert vars(ParamValidationDecorator)["serialize_to_request"] is before
    walked.clear()
    serialized(client, "PutItem", PUT)
    assert walked == ["PutItemInput"]


def test_an_option_turns_it_off(walked: list[str]) -> None:
    with mock_dynamodb():
        client = boto3.client("dynamodb", "us-east-1")
        compile_operation(client, "PutItem", PUT)
        walked.clear()
        with mock_dynamodb(compile_requests=False):
            serialized(client, "PutItem", PUT)
            assert walked == ["PutItemInput"]
        serialized(client, "PutItem", PUT)
        assert walked == ["PutItemInput"]


def test_nothing_is_kept_of_a_client_that_is_gone() -> None:
    with mock_dynamodb():
        client = boto3.Session().client("dynamodb", "us-east-1")
        compile_operation(client, "PutItem", PUT)
        count = len(serialization._operations.values)
        del client
        gc.collect()
        assert len(serialization._operations.values) < count


def test_the_work_of_a_put_is_less_than_botocores_alone(new_client: Callable[[], Any]) -> None:
    client = new_client()
    compile_operation(client, "PutItem", PUT)

    def calls() -> int:
        counted = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal counted
            counted += event == "call"

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            serialized(client, "PutItem", PUT)
        finally:
            sys.setprofile(before)
        return counted

    compiled = calls()
    with mock_dynamodb(compile_requests=False):
        assert compiled < calls() / 5
