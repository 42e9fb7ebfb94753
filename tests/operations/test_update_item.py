"""UpdateItem: what it refuses and how, what it changes and returns, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.refusals import cancellation, unchanged

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
KEY = {"pk": {"S": "a"}}
OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
DUPLICATES = f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.'
LIMIT_BYTES = 400 * 1024
ITEM: dict[str, Any] = {
    **KEY,
    "n": {"N": "1"},
    "s": {"S": "text"},
    "ss": {"SS": ["a", "b"]},
    "m": {"M": {"x": {"N": "1"}, "y": {"M": {"z": {"S": "deep"}}}}},
    "l": {"L": [{"S": "zero"}, {"S": "one"}, {"S": "two"}]},
}


@pytest.fixture
def filled(plain: str, client: Any) -> str:
    client.put_item(TableName=plain, Item=ITEM)
    return plain


@pytest.fixture
def refused(filled: str, refusal: Refusal) -> Refusal:
    """Refuses an update of the item, given as an expression with its values, or as parameters."""

    def text_of(
        expression: str | None = None, values: dict[str, Any] | None = None, **request: Any
    ) -> str:
        given: dict[str, Any] = {"TableName": filled, "Key": KEY}
        if expression is not None:
            given["UpdateExpression"] = expression
        if values is not None:
            given["ExpressionAttributeValues"] = values
        return refusal("update_item", **{**given, **request})

    return text_of


@pytest.fixture
def update(filled: str, client: Any) -> Callable[..., dict[str, Any]]:
    """Updates the item and returns the response's Attributes, {} for none."""

    def attributes(
        expression: str | None = None, values: dict[str, Any] | None = None, **request: Any
    ) -> dict[str, Any]:
        given: dict[str, Any] = {"TableName": filled, "Key": KEY, "ReturnValues": "ALL_NEW"}
        if expression is not None:
            given["UpdateExpression"] = expression
        if values is not None:
            given["ExpressionAttributeValues"] = values
        response = client.update_item(**{**given, **request})
        returned: dict[str, Any] = response.get("Attributes", {})
        return returned

    return attributes


Update = Callable[..., dict[str, Any]]


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"Key": 1}, "Unexpected field type"),
        ({"AttributeUpdates": {"a": "x"}}, "Unexpected value type in payload"),
        ({"AttributeUpdates": {"a": {"Value": "x"}}}, "Unexpected field type"),
        ({"AttributeUpdates": {"a": {"Action": 1}}}, "NUMBER_VALUE cannot be converted to String"),
        ({"UpdateExpression": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
    ],
)
def test_wrong_json_types(body: dict[str, Any], text: str, sent: Refusal) -> None:
    assert sent("update_item", **body) == f"SerializationException: {text}"


def test_only_the_first_wrong_choice_is_reported(refusal: Refusal) -> None:
    wrong = {"ReturnValues": "x", "ReturnConsumedCapacity": "y"}
    choices = (
        "Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value"
        " set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
    )
    assert refusal("update_item", TableName="plain", Key=KEY, **wrong) == ONE + choices


def test_actions_of_attribute_updates(refused: Refusal) -> None:
    text = refused(AttributeUpdates={"a": {"Action": "x"}})
    assert text == (
        f"{ONE}Value 'x' at 'attributeUpdates.a.member.action' failed to satisfy constraint:"
        " Member must satisfy enum value set: [ADD, PUT, DELETE]"
    )


# --- request validation: values --------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "b"}, "The parameter cannot be converted to a numeric value: b"),
        (
            {"SS": ["b", "a", "b"]},
            f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.',
        ),
        ({"NS": []}, f"{INVALID}An number set  may not be empty"),
        ({"NULL": False}, f"{INVALID}Null attribute value types must have the value of true"),
    ],
)
def test_wrong_values(value: dict[str, Any], text: str, refused: Refusal) -> None:
    assert refused(Key={"pk": value}) == ONE + text
    assert refused("SET a = :v", {":v": value}) == ONE + text
    assert refused(AttributeUpdates={"a": {"Value": value}}) == ONE + text
    assert refused(Expected={"a": {"Value": value}}) == ONE + text
    # Even if it is unused, and before that is reported.
    assert refused("", {":v": value}, Expected={}) == ONE + text


def test_values_without_a_type(refused: Refusal) -> None:
    text = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    assert refused("SET a = :v", {":v": {}}) == text


def test_names_that_are_too_long(refused: Refusal) -> None:
    text = f"{ONE}Attribute name is too large, must be less than 65536 bytes"
    names = {"#n": "n" * 65_536}
    value = {"M": {"n" * 65_536: {"S": "x"}}}
    assert refused("REMOVE #n", ExpressionAttributeNames=names) == text
    assert refused("SET a = :v", {":v": value}) == text
    assert refused(AttributeUpdates={"n" * 65_536: {"Action": "DELETE"}}) == text


# --- request validation: rules across parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("request_parameters", "text"),
    [
        (
            {
                "UpdateExpression": "",
                "AttributeUpdates": {},
                "Expected": {},
                "ConditionExpression": "",
            },
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {AttributeUpdates, Expected}"
                " Expression parameters: {UpdateExpression, ConditionExpression}"
            ),
        ),
        (
            {"AttributeUpdates": {}, "ConditionExpression": "attribute_exists(a)"},
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {AttributeUpdates}"
                " Expression parameters: {ConditionExpression}"
            ),
        ),
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeValues": {":a": {"S": "a"}}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        ({"UpdateExpression": ""}, "Invalid UpdateExpression: The expression can not be empty;"),
        (
            {"UpdateExpression": "SET a = b", "ConditionExpression": ""},
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            {"UpdateExpression": "SET a = b,"},
            'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","',
        ),
        (
            {"UpdateExpression": "SET a = :a"},
            (
                "Invalid UpdateExpression: An expression attribute value used in expression is not"
                " defined; attribute value: :a"
            ),
        ),
        (
            {"UpdateExpression": "SET a = b SET c = d"},
            (
                'Invalid UpdateExpression: The "SET" section can only be used once in an update'
                " expression;"
            ),
        ),
        (
            {"UpdateExpression": "SET a.b = c REMOVE a"},
            (
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove"
                " or rewrite one of these paths; path one: [a, b], path two: [a]"
            ),
        ),
        (
            {
                "UpdateExpression": "ADD a :a",
                "ExpressionAttributeValues": {":a": {"S": "x"}},
            },
            (
                "Invalid UpdateExpression: Incorrect operand type for operator or function;"
                " operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"
            ),
        ),
        (
            {
                "UpdateExpression": "SET l = list_append(l, list_append(:a, :a))",
                "ExpressionAttributeValues": {":a": {"L": []}},
            },
            (
                "Invalid UpdateExpression: The function is not allowed to be used this way in an"
                " expression; function: list_append"
            ),
        ),
        (
            {"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {":a": {"S": "a"}}},
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}",
        ),
        (
            {"AttributeUpdates": {"": {"Value": {"S": "x"}}}},
            "Empty attribute name",
        ),
        (
            {"AttributeUpdates": {"a": {}}},
            f"{INVALID}Only DELETE action is allowed when no attribute value is specified",
        ),
        (
            {"AttributeUpdates": {"a": {"Action": "ADD", "Value": {"S": "x"}}}},
            f"{INVALID}ADD action is not supported for the type S",
        ),
        (
            {"AttributeUpdates": {"a": {"Action": "DELETE", "Value": {"N": "1"}}}},
            f"{INVALID}DELETE action with value is not supported for the type N",
        ),
        # AttributeUpdates are looked at before Expected.
        (
            {"AttributeUpdates": {"a": {"Action": "PUT"}}, "Expected": {"a": {}}},
            f"{INVALID}Only DELETE action is allowed when no attribute value is specified",
        ),
        (
            {"Expected": {"a": {}}},
            f"{INVALID}Value must be provided when Exists is null for Attribute: a",
        ),
    ],
)
def test_rules_across_parameters(
    request_parameters: dict[str, Any], text: str, refused: Refusal
) -> None:
    assert refused(**request_parameters) == ONE + text
    assert refused(TableName="nowhere", **request_parameters) == ONE + text


# --- request validation: the table, the key, the indexes -------------------------------------


def test_the_table_then_the_key_then_what_may_be_written(refused: Refusal, indexed: str) -> None:
    attempt = {"Key": {"pk": {"N": "1"}}, "UpdateExpression": "REMOVE pk, sk"}
    assert refused(TableName="nowhere", **attempt) == (
        "ResourceNotFoundException: Requested resource not found"
    )
    mismatch = "The provided key element does not match the schema"
    assert refused(TableName=indexed, **attempt) == mismatch
    assert refused(TableName=indexed, **{**attempt, "Key": KEY}) == mismatch
    key = {**KEY, "sk": {"N": "1"}}
    assert refused(TableName=indexed, **{**attempt, "Key": key}) == (
        f"{INVALID}Cannot update attribute pk. This attribute is part of the key"
    )
    assert refused(TableName=indexed, Key=key, AttributeUpdates={"sk": {"Action": "DELETE"}}) == (
        f"{INVALID}Cannot update attribute sk. This attribute is part of the key"
    )


def test_empty_and_large_keys(refused: Refusal) -> None:
    assert refused(Key={"pk": {"S": ""}}) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute"
        " cannot contain an empty string value. Key: pk"
    )
    assert refused(Key={"pk": {"S": "x" * 2049}}) == (
        f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        (
            "owner",
            {"N": "1"},
            f"{INVALID}Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner",
        ),
        (
            "name",
            {"NULL": True},
            (
                f"{INVALID}Type mismatch for Index Key name Expected: S Actual: NULL"
                " IndexName: by-name"
            ),
        ),
        (
            "owner",
            {"S": ""},
            (
                "One or more parameter values are not valid. The update expression attempted to"
                " update a secondary index key to a value that is not supported. The"
                " AttributeValue for a key attribute cannot contain an empty string value."
            ),
        ),
        (
            "blob",
            {"B": b""},
            (
                "One or more parameter values are not valid. The update expression attempted to"
                " update a secondary index key to a value that is not supported. The"
                " AttributeValue for a key attribute cannot contain an empty binary value."
            ),
        ),
        (
            "owner",
            {"S": "x" * 2049},
            (
                "The update expression attempted to update the secondary index key beyond allowed"
                " size limits"
            ),
        ),
    ],
)
def test_index_keys(
    attribute: str, value: dict[str, Any], text: str, indexed: str, refused: Refusal
) -> None:
    key = {**KEY, "sk": {"N": "1"}}
    request = {
        "TableName": indexed,
        "Key": key,
        "ExpressionAttributeNames": {"#a": attribute},
    }
    assert refused("SET #a = :v", {":v": value}, **request) == text
    # Where the value comes from does not matter.
    assert refused("SET #a = if_not_exists(nope, :v)", {":v": value}, **request) == text


def test_an_item_that_does_not_fit_a_newer_index_takes_no_other_update(
    plain: str, client: Any, refusal: Refusal
) -> None:
    client.put_item(TableName=plain, Item={**KEY, "g": {"N": "1"}})
    client.update_table(
        TableName=plain,
        AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "by-g",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            }
        ],
    )
    update: dict[str, Any] = {"TableName": plain, "Key": KEY, "UpdateExpression": "SET x = :x"}
    update["ExpressionAttributeValues"] = {":x": {"S": "new"}}
    assert refusal("update_item", **update) == (
        f"{INVALID}Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"
    )
    reasons = cancellation(client.transact_write_items, TransactItems=[{"Update": update}])
    assert [reason["Code"] for reason in reasons] == ["ValidationError"]
    statement = "UPDATE plain SET x = 'new' WHERE pk = 'a'"
    assert "the secondary index key" in refusal("execute_statement", Statement=statement)
    client.update_item(**{**update, "UpdateExpression": "SET x = :x REMOVE g"})
    client.update_item(**{**update, "UpdateExpression": "SET g = :x"})
    items = client.scan(TableName=plain, IndexName="by-g")["Items"]
    assert items == [{**KEY, "x": {"S": "new"}, "g": {"S": "new"}}]


# --- request validation: what the item allows ------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "values", "text"),
    [
        (
            "SET a = nope",
            None,
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (
            "SET nope.x = :v",
            {":v": {"S": "x"}},
            "The document path provided in the update expression is invalid for update",
        ),
        (
            "SET m.nope.x = :v",
            {":v": {"S": "x"}},
            "The document path provided in the update expression is invalid for update",
        ),
        (
            "SET n[0] = :v",
            {":v": {"S": "x"}},
            "The document path provided in the update expression is invalid for update",
        ),
        (
            "SET n = s + :v",
            {":v": {"N": "1"}},
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "ADD s :v",
            {":v": {"N": "1"}},
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "DELETE l :v",
            {":v": {"SS": ["a"]}},
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "SET n = n + :v",
            {":v": {"N": "9.9999999999999999999999999999999999999e125"}},
            OVERFLOW,
        ),
        # Observed: a result of more than 38 digits overflows.
        ("SET n = :a + :b", {":a": {"N": "4e60"}, ":b": {"N": "3"}}, OVERFLOW),
        ("SET n = :a - :b", {":a": {"N": "4e60"}, ":b": {"N": "3"}}, OVERFLOW),
        ("ADD n :v", {":v": {"N": "4e60"}}, OVERFLOW),
        (
            "SET n = :v + :v",
            {":v": {"N": "9e125"}},
            OVERFLOW,
        ),
    ],
)
def test_what_the_item_does_not_allow(
    expression: str, values: dict[str, Any] | None, text: str, refused: Refusal
) -> None:
    assert refused(expression, values) == text


def test_an_update_can_nest_too_deep(refused: Refusal, update: Update) -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"M": {"a": value}}
    update("SET deep = :v", {":v": value})
    assert refused("SET m.deep = :v", {":v": value}) == (
        "Nesting Levels have exceeded supported limits:"
        " Attributes in the item have nested levels beyond supported limit"
    )


# --- request validation: the size of an update -----------------------------------------------

TOO_LARGE = "Item size to update has exceeded the maximum allowed size"


def test_an_item_of_exactly_400_kb(update: Update, refused: Refusal, client: Any) -> None:
    # The item is to hold "pk", "a", "big", its value, "b" and its value.
    client.put_item(
        TableName="plain", Item={**KEY, "big": {"S": "x" * (LIMIT_BYTES - 3 - 3 - 101)}}
    )
    assert refused("SET b = :v", {":v": {"S": "y" * 101}}) == TOO_LARGE
    update("SET b = :v", {":v": {"S": "y" * 100}})


@pytest.mark.parametrize(
    ("expression", "overhead_bytes"),
    [
        ("SET b = :v", 3 + 19),
        ("SET b = :v, c = :c", 3 + 2 * 19 + 2),
        ("SET b = :v REMOVE n", 3 + 19 + 2),
        ("SET b = :v ADD c :c", 3 + 2 * 19 + 2),
        # "n" and 1 are three bytes.
        ("SET b = :v, n = n - :c", 3 + 2 * 19 + 50 + 3),
        # A list with one element is 4 bytes more than the element, "l" one.
        ("SET b = :v, l[0] = :c", 3 + 2 * 19 + 1 + 6),
    ],
)
def test_what_an_update_writes_has_a_price(
    expression: str, overhead_bytes: int, plain: str, client: Any, refused: Refusal
) -> None:
    client.put_item(TableName=plain, Item={**KEY, "n": {"N": "1"}, "l": {"L": [{"N": "1"}]}})
    # With the name, what is written is one byte more than the value; `c` and 0 are two bytes.
    fitting = "x" * (LIMIT_BYTES - overhead_bytes - 1)

    def values(text: str) -> dict[str, Any]:
        more = {":c": {"N": "0"}} if ":c" in expression else {}
        return {":v": {"S": text}, **more}

    assert refused(expression, values(fitting + "x")) == TOO_LARGE
    client.update_item(
        TableName=plain,
        Key=KEY,
        UpdateExpression=expression,
        ExpressionAttributeValues=values(fitting),
    )


def test_an_item_can_be_put_that_no_update_can_write(
    plain: str, client: Any, refused: Refusal
) -> None:
    item = {**KEY, "b": {"S": "x" * (LIMIT_BYTES - 4)}}
    client.put_item(TableName=plain, Item=item)
    assert refused("SET b = :v", {":v": item["b"]}) == TOO_LARGE
    # What is not written costs nothing.
    client.update_item(TableName=plain, Key=KEY, UpdateExpression="REMOVE nope")


# --- behaviour -------------------------------------------------------------------------------


def test_an_item_is_made_from_its_key(plain: str, client: Any) -> None:
    response = client.update_item(TableName=plain, Key=KEY)
    assert response.keys() == {"ResponseMetadata"}
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == KEY
    client.update_item(TableName=plain, Key=KEY, AttributeUpdates={}, Expected={})
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == KEY


# Observed: 4294967294 is the greatest index; a list becomes one longer, whatever the index is.
def test_the_greatest_list_index(plain: str, client: Any, refusal: Refusal) -> None:
    client.put_item(TableName=plain, Item={**KEY, "l": {"L": [{"S": "a"}]}})
    values = {":v": {"S": "b"}}
    answer = client.update_item(
        TableName=plain,
        Key=KEY,
        UpdateExpression="SET l[4294967294] = :v",
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    assert answer["Attributes"]["l"] == {"L": [{"S": "a"}, {"S": "b"}]}
    text = refusal(
        "update_item",
        TableName=plain,
        Key=KEY,
        UpdateExpression="SET l[4294967295] = :v",
        ExpressionAttributeValues=values,
    )
    assert text == (
        f"{ONE}Invalid UpdateExpression: List index is not within the allowable range;"
        " index: [4294967295]"
    )


SET_VALUE = {"ExpressionAttributeValues": {":s": {"SS": ["a"]}}}


# Observed: an update that only removes does not create an item.
@pytest.mark.parametrize(
    "update",
    [
        {"UpdateExpression": "REMOVE a, b"},
        {"UpdateExpression": "REMOVE a DELETE ss :s", **SET_VALUE},
        {"UpdateExpression": "DELETE ss :s", **SET_VALUE},
        {"AttributeUpdates": {"a": {"Action": "DELETE"}}},
        {"AttributeUpdates": {"ss": {"Action": "DELETE", "Value": {"SS": ["a"]}}}},
    ],
)
def test_an_update_that_only_removes_creates_no_item(
    update: dict[str, Any], plain: str, client: Any, ddb: Any
) -> None:
    for returned in ("NONE", "ALL_NEW", "UPDATED_NEW"):
        response = client.update_item(TableName=plain, Key=KEY, ReturnValues=returned, **update)
        assert "Attributes" not in response
    client.transact_write_items(
        TransactItems=[{"Update": {"TableName": plain, "Key": KEY, **update}}]
        if "UpdateExpression" in update
        else [{"Delete": {"TableName": plain, "Key": KEY}}]
    )
    assert ddb.tables[plain].items == []


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"AttributeUpdates": {}},
        {"UpdateExpression": "REMOVE a ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}},
        {"AttributeUpdates": {"a": {"Action": "DELETE"}, "n": {"Value": {"N": "1"}}}},
    ],
)
def test_any_other_update_creates_an_item(update: dict[str, Any], plain: str, client: Any) -> None:
    client.update_item(TableName=plain, Key=KEY, **update)
    item = client.get_item(TableName=plain, Key=KEY)["Item"]
    assert item in (KEY, {**KEY, "n": {"N": "1"}})


@pytest.mark.parametrize(
    ("expression", "values", "changed"),
    [
        ("SET n = n + :one", {":one": {"N": "1.5"}}, {"n": {"N": "2.5"}}),
        ("SET n = :one - n", {":one": {"N": "1"}}, {"n": {"N": "0"}}),
        ("SET s = n, n = s", None, {"s": {"N": "1"}, "n": {"S": "text"}}),
        ("SET c = if_not_exists(c, :v)", {":v": {"N": "7"}}, {"c": {"N": "7"}}),
        ("SET n = if_not_exists(n, :v)", {":v": {"N": "7"}}, {}),
        ("ADD c :v", {":v": {"N": "7"}}, {"c": {"N": "7"}}),
        ("ADD ss :v", {":v": {"SS": ["c", "a"]}}, {"ss": {"SS": ["a", "b", "c"]}}),
        ("DELETE ss :v", {":v": {"SS": ["b", "x"]}}, {"ss": {"SS": ["a"]}}),
        ("DELETE ss :v", {":v": {"SS": ["a", "b"]}}, {"ss": None}),
        ("DELETE nope :v", {":v": {"SS": ["a"]}}, {}),
        ("REMOVE s, nope", None, {"s": None}),
        (
            "SET m.y.z = :v, m.w = m.x",
            {":v": {"N": "2"}},
            {"m": {"M": {"x": {"N": "1"}, "w": {"N": "1"}, "y": {"M": {"z": {"N": "2"}}}}}},
        ),
        (
            "SET l[5] = :v",
            {":v": {"S": "far"}},
            {"l": {"L": [*ITEM["l"]["L"], {"S": "far"}]}},
        ),
        (
            "SET l = list_append(:v, l)",
            {":v": {"L": [{"N": "0"}]}},
            {"l": {"L": [{"N": "0"}, *ITEM["l"]["L"]]}},
        ),
        ("REMOVE l[0], l[1]", None, {"l": {"L": [{"S": "two"}]}}),
        (
            "SET l[0] = :v REMOVE l[1]",
            {":v": {"S": "new"}},
            {"l": {"L": [{"S": "new"}, {"S": "two"}]}},
        ),
    ],
)
def test_expressions(
    expression: str, values: dict[str, Any] | None, changed: dict[str, Any], update: Update
) -> None:
    expected = {**ITEM, **changed}
    assert update(expression, values) == {
        name: value for name, value in expected.items() if value is not None
    }


@pytest.mark.parametrize(
    ("updates", "changed"),
    [
        ({"n": {"Value": {"S": "new"}}}, {"n": {"S": "new"}}),
        ({"n": {"Action": "PUT", "Value": {"N": "01"}}}, {}),
        ({"n": {"Action": "ADD", "Value": {"N": "2"}}}, {"n": {"N": "3"}}),
        ({"c": {"Action": "ADD", "Value": {"N": "2"}}}, {"c": {"N": "2"}}),
        (
            {"l": {"Action": "ADD", "Value": {"L": [{"N": "0"}]}}},
            {"l": {"L": [*ITEM["l"]["L"], {"N": "0"}]}},
        ),
        ({"ss": {"Action": "DELETE", "Value": {"SS": ["a"]}}}, {"ss": {"SS": ["b"]}}),
        ({"ss": {"Action": "DELETE"}, "nope": {"Action": "DELETE"}}, {"ss": None}),
        ({"a.b": {"Value": {"S": "dotted"}}}, {"a.b": {"S": "dotted"}}),
    ],
)
def test_attribute_updates(
    updates: dict[str, Any], changed: dict[str, Any], update: Update
) -> None:
    expected = {**ITEM, **changed}
    assert update(AttributeUpdates=updates) == {
        name: value for name, value in expected.items() if value is not None
    }


def test_attribute_updates_need_the_right_type(refused: Refusal) -> None:
    updates = {"s": {"Action": "ADD", "Value": {"N": "1"}}}
    assert refused(AttributeUpdates=updates) == "Type mismatch for attribute to update"


# --- behaviour: ReturnValues -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("return_values", "attributes"),
    [
        ("NONE", {}),
        ("ALL_OLD", ITEM),
        ("UPDATED_OLD", {"n": ITEM["n"], "m": {"M": {"y": {"M": {"z": {"S": "deep"}}}}}}),
        ("UPDATED_NEW", {"n": {"N": "2"}, "m": {"M": {"y": {"M": {"z": {"N": "1"}}}}}}),
    ],
)
def test_the_forms_of_return_values(
    return_values: str, attributes: dict[str, Any], update: Update
) -> None:
    one = {":one": {"N": "1"}}
    expression = "SET n = n + :one, m.y.z = :one REMOVE nope"
    assert update(expression, one, ReturnValues=return_values) == attributes


@pytest.mark.parametrize(
    ("expression", "old", "new"),
    [
        ("SET l[1] = :v", {"l": {"L": [{"S": "one"}]}}, {"l": {"L": [{"S": "new"}]}}),
        (
            "SET l[2] = :v, l[0] = :v",
            {"l": {"L": [{"S": "zero"}, {"S": "two"}]}},
            {"l": {"L": [{"S": "new"}, {"S": "new"}]}},
        ),
        # An element that was appended does not lie where the path says.
        ("SET l[7] = :v", {}, {}),
        ("SET l[3] = :v", {}, {"l": {"L": [{"S": "new"}]}}),
        # Observed: what has moved to the path of a removed element is returned.
        ("REMOVE l[0]", {"l": {"L": [{"S": "zero"}]}}, {"l": {"L": [{"S": "one"}]}}),
        ("REMOVE l[2]", {"l": {"L": [{"S": "two"}]}}, {}),
        (
            "SET l[1] = :v REMOVE l[2]",
            {"l": {"L": [{"S": "one"}, {"S": "two"}]}},
            {"l": {"L": [{"S": "new"}]}},
        ),
        ("REMOVE s", {"s": {"S": "text"}}, {}),
        ("REMOVE nope", {}, {}),
        ("SET s = s", {"s": {"S": "text"}}, {"s": {"S": "text"}}),
        ("SET fresh = :v", {}, {"fresh": {"S": "new"}}),
        ("REMOVE m.x, m.y.z", {"m": {"M": {"x": {"N": "1"}, "y": ITEM["m"]["M"]["y"]}}}, {}),
    ],
)
def test_updated_attributes_are_those_at_the_paths(
    expression: str, old: dict[str, Any], new: dict[str, Any], plain: str, client: Any
) -> None:
    values = {"ExpressionAttributeValues": {":v": {"S": "new"}}} if ":v" in expression else {}
    for return_values, attributes in (("UPDATED_OLD", old), ("UPDATED_NEW", new)):
        client.put_item(TableName=plain, Item=ITEM)
        response = client.update_item(
            TableName=plain,
            Key=KEY,
            UpdateExpression=expression,
            ReturnValues=return_values,
            **values,
        )
        # Nothing to return is no member, not an empty one.
        assert response.get("Attributes") == (attributes or None)


def test_updated_attributes_of_attribute_updates(update: Update) -> None:
    updates = {"n": {"Value": {"N": "2"}}, "s": {"Action": "DELETE"}}
    assert update(AttributeUpdates=updates, ReturnValues="UPDATED_OLD") == {
        "n": ITEM["n"],
        "s": ITEM["s"],
    }
    assert update(AttributeUpdates=updates, ReturnValues="UPDATED_NEW") == {"n": {"N": "2"}}


@pytest.mark.parametrize(
    ("return_values", "attributes"),
    [
        ("ALL_OLD", None),
        ("UPDATED_OLD", None),
        ("ALL_NEW", {**KEY, "x": {"S": "new"}}),
        ("UPDATED_NEW", {"x": {"S": "new"}}),
    ],
)
def test_return_values_of_an_item_just_made(
    return_values: str, attributes: dict[str, Any] | None, plain: str, client: Any
) -> None:
    response = client.update_item(
        TableName=plain,
        Key=KEY,
        UpdateExpression="SET x = :v",
        ExpressionAttributeValues={":v": {"S": "new"}},
        ReturnValues=return_values,
    )
    assert response.get("Attributes") == attributes


def test_all_new_of_an_update_of_nothing(plain: str, client: Any) -> None:
    response = client.update_item(TableName=plain, Key=KEY, ReturnValues="ALL_NEW")
    assert response["Attributes"] == KEY
    for return_values in ("UPDATED_OLD", "UPDATED_NEW"):
        response = client.update_item(TableName=plain, Key=KEY, ReturnValues=return_values)
        assert "Attributes" not in response


# --- behaviour: conditions -------------------------------------------------------------------


def test_a_condition_sees_no_item_where_there_is_none(plain: str, client: Any) -> None:
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.update_item(
            TableName=plain,
            Key=KEY,
            ConditionExpression="attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert "Item" not in caught.value.response
    assert "Item" not in client.get_item(TableName=plain, Key=KEY)


def test_a_failed_condition_leaves_the_item_and_can_return_it(filled: str, client: Any) -> None:
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.update_item(
            TableName=filled,
            Key=KEY,
            UpdateExpression="SET n = :v",
            ConditionExpression="n = :v",
            ExpressionAttributeValues={":v": {"N": "2"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert caught.value.response["Item"] == ITEM
    assert client.get_item(TableName=filled, Key=KEY)["Item"] == ITEM


def test_the_condition_comes_before_what_the_item_does_not_allow(refused: Refusal) -> None:
    wrong = {"ConditionExpression": "attribute_not_exists(pk)"}
    failed = "ConditionalCheckFailedException: The conditional request failed"
    assert refused("SET a = nope", **wrong) == failed


def test_expected(update: Update, refused: Refusal) -> None:
    updates = {"AttributeUpdates": {"n": {"Value": {"N": "2"}}}}
    failed = "ConditionalCheckFailedException: The conditional request failed"
    assert refused(Expected={"n": {"Value": {"N": "9"}}}, **updates) == failed
    assert update(Expected={"n": {"Value": {"N": "1"}}}, **updates)["n"] == {"N": "2"}


def test_an_update_that_fails_midway_changes_nothing(refused: Refusal) -> None:
    # `refused` has seen to it that the item is as before.
    refused("SET n = :v, m.x = :v, l[0] = nope", {":v": {"N": "5"}})


def test_item_collection_metrics(indexed: str, client: Any) -> None:
    response = client.update_item(
        TableName=indexed, Key={**KEY, "sk": {"N": "1"}}, ReturnItemCollectionMetrics="SIZE"
    )
    assert response["ItemCollectionMetrics"] == {
        "ItemCollectionKey": KEY,
        "SizeEstimateRangeGB": [0.0, 1.0],
    }


# --- capacity --------------------------------------------------------------------------------


@pytest.fixture
def cost(indexed: str, client: Any) -> Callable[..., dict[str, float]]:
    """What an update of the indexed table's item costs, by table and index."""

    def units_of(expression: str, values: dict[str, Any] | None = None) -> dict[str, float]:
        extra = {} if values is None else {"ExpressionAttributeValues": values}
        names = {"#o": "owner", "#n": "name", "#r": "rank"}
        used = {key: name for key, name in names.items() if key in expression}
        if used:
            extra["ExpressionAttributeNames"] = used
        consumed = client.update_item(
            TableName=indexed,
            Key={**KEY, "sk": {"N": "1"}},
            UpdateExpression=expression,
            ReturnConsumedCapacity="INDEXES",
            **extra,
        )["ConsumedCapacity"]
        units = {"table": consumed["Table"]["CapacityUnits"]}
        for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            for name, capacity in consumed.get(kind, {}).items():
                units[name] = capacity["CapacityUnits"]
        assert consumed["CapacityUnits"] == sum(units.values())
        return units

    return units_of


def test_the_larger_of_before_and_after(cost: Callable[..., dict[str, float]]) -> None:
    assert cost("SET b = :v", {":v": {"S": "x" * 3000}}) == {"table": 3.0}
    assert cost("SET n = :v", {":v": {"N": "1"}}) == {"table": 3.0}
    assert cost("REMOVE b") == {"table": 3.0}
    assert cost("REMOVE n") == {"table": 1.0}


def test_indexes_pay_for_what_they_keep(cost: Callable[..., dict[str, float]]) -> None:
    one, two = {":v": {"N": "1"}}, {":v": {"N": "2"}}
    assert cost("SET #r = :v", one) == {"table": 1.0, "by-rank": 1.0}
    # The same value again is no change.
    assert cost("SET #r = :v", one) == {"table": 1.0}
    assert cost("SET #r = :v", two) == {"table": 1.0, "by-rank": 2.0}
    assert cost("SET #o = :v", {":v": {"S": "o"}}) == {
        "table": 1.0,
        "by-rank": 1.0,
        "by-owner": 1.0,
    }
    assert cost("SET colour = :v", {":v": {"S": "red"}}) == {
        "table": 1.0,
        "by-rank": 1.0,
        "by-owner": 1.0,
    }
    assert cost("REMOVE #r") == {"table": 1.0, "by-rank": 1.0, "by-owner": 1.0}
    assert cost("SET #n = :v", {":v": {"S": "n"}}) == {"table": 1.0, "by-name": 1.0}
    assert cost("SET note = :v", {":v": {"S": "x"}}) == {"table": 1.0}


def test_a_failed_condition_costs_what_is_there(plain: str, client: Any, ddb: Any) -> None:
    client.put_item(TableName=plain, Item={**KEY, "b": {"S": "x" * 2000}})
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.update_item(TableName=plain, Key=KEY, ConditionExpression="attribute_not_exists(pk)")
    assert ddb.calls[-1].consumed_units == 2.0
