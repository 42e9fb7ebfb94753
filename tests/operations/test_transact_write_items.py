from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.orders_table import (
    create_orders,
    create_things,
    everything,
    key,
    order,
    put_all,
)
from tests.refusals import cancellation, refusal
from tests.shared_clients import unchecked_dynamodb

NOT_VALID = "One or more parameter values were invalid: "
MISMATCH = "The provided key element does not match the schema"
NONE = {"Code": "None"}
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    create_things(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    put_all(client, [order(nr=nr, note=f"n{nr}") for nr in range(1, 4)])
    return client


def put(item, **more):
    return {"Put": {"TableName": "orders", "Item": item, **more}}


def delete(item_key, **more):
    return {"Delete": {"TableName": "orders", "Key": item_key, **more}}


def check(item_key, condition="attribute_exists(nr)", **more):
    action = {"TableName": "orders", "Key": item_key, "ConditionExpression": condition}
    return {"ConditionCheck": {**action, **more}}


def update(item_key, expression="SET note = :v", value: Any = "new", **more):
    values = {} if value is None else {":v": {"S": value} if isinstance(value, str) else value}
    action = {"TableName": "orders", "Key": item_key, "UpdateExpression": expression}
    if values:
        action["ExpressionAttributeValues"] = values
    return {"Update": {**action, **more}}


def write(client, *actions, **more):
    return client.transact_write_items(TransactItems=list(actions), **more)


def refused(client, *actions, **more):
    return refusal(client.transact_write_items, TransactItems=list(actions), **more)


def cancelled(client, *actions, **more):
    reasons = cancellation(client.transact_write_items, TransactItems=list(actions), **more)
    assert len(reasons) == len(actions)
    return reasons


# --- request validation: serialization and constraints ---------------------------------------


def test_wrong_json_types(client):
    answered = refusal(unchecked_dynamodb().transact_write_items, TransactItems=[put({})],
                       ClientRequestToken=1)  # fmt: skip
    assert answered == "SerializationException: NUMBER_VALUE cannot be converted to String"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {},
            (
                "1 validation error detected: Value null at 'transactItems' failed to satisfy"
                " constraint: Member must not be null"
            ),
        ),
        (
            {"TransactItems": []},
            (
                "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy"
                " constraint: Member must have length greater than or equal to 1"
            ),
        ),
        (
            {"TransactItems": [put(key())], "ClientRequestToken": "x" * 37},
            (
                f"1 validation error detected: Value '{'x' * 37}' at 'clientRequestToken' failed to"
                " satisfy constraint: Member must have length less than or equal to 36"
            ),
        ),
        (
            {"TransactItems": [{"Put": {"TableName": "orders"}}]},
            (
                "1 validation error detected: Value null at 'transactItems.1.member.put.item'"
                " failed to satisfy constraint: Member must not be null"
            ),
        ),
        (
            {"TransactItems": [put(key()), {"ConditionCheck": {"TableName": "orders", "Key": {}}}]},
            (
                "1 validation error detected: Value null at"
                " 'transactItems.2.member.conditionCheck.conditionExpression' failed to satisfy"
                " constraint: Member must not be null"
            ),
        ),
        (
            {"TransactItems": [{"Update": {"TableName": "orders", "Key": {}}}]},
            (
                "1 validation error detected: Value null at"
                " 'transactItems.1.member.update.updateExpression' failed to satisfy"
                " constraint: Member must not be null"
            ),
        ),
    ],
)
def test_constraints(client, parameters, text):
    assert refusal(unchecked_dynamodb().transact_write_items, **parameters) == text


def test_at_most_100_actions(client):
    actions = [put(key(nr=nr)) for nr in range(101)]
    text = refused(client, *actions)
    assert text.startswith("1 validation error detected: Value '[")
    assert text.endswith(
        "' at 'transactItems' failed to satisfy constraint:"
        " Member must have length less than or equal to 100"
    )
    write(client, *actions[:100])
    assert len(everything(client)) == 100


# --- request validation: what an action says -------------------------------------------------


def test_an_action_is_one_of_four(client):
    both = {**put(key()), **delete(key(nr=2))}
    assert refused(client, both) == (
        "TransactItems can only contain one of Check, Put, Update or Delete"
    )
    assert refused(client, put(key()), {}) == (
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
    )


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (
            put(order(note={"S": "a", "N": "1"})),
            (
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one"
                " of the supported datatypes"
            ),
        ),
        (put(order(note={"SS": []})), f"{NOT_VALID}An string set  may not be empty"),
        (put(order(note="x" * 409_600)), "Item size has exceeded the maximum allowed size"),
        (
            put(order(), ConditionExpression="note >"),
            'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: ">"',
        ),
        (
            put(order(), ExpressionAttributeValues={":a": {"S": "x"}}),
            (
                "ExpressionAttributeValues can only be specified when using expressions:"
                " ConditionExpression is null"
            ),
        ),
        (
            delete(key(), ConditionExpression="note = :x"),
            (
                "Invalid ConditionExpression: An expression attribute value used in expression is"
                " not defined; attribute value: :x"
            ),
        ),
        (
            update(key(), "SET note = :v, note = :v"),
            (
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove"
                " or rewrite one of these paths; path one: [note], path two: [note]"
            ),
        ),
        (
            update(key(), "REMOVE note", "x"),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
        ),
        (check(key(), ""), "Invalid ConditionExpression: The expression can not be empty;"),
        (
            check(key(), "a = " + " or a = ".join(["b"] * 600)),
            (
                "Invalid ConditionExpression: Expression size has exceeded the maximum allowed"
                " size; expression size: 5396"
            ),
        ),
    ],
)
def test_an_action_that_is_wrong_in_itself_fails_the_request(full, action, text):
    assert refused(full, put(key(nr=9)), action) == text


def test_actions_are_read_in_order_before_any_table_is_looked_up(full):
    nowhere = {"Put": {"TableName": "nowhere", "Item": key()}}
    huge = put(order(note="x" * 409_600))
    broken = check(key(), "(")
    assert refused(full, nowhere, huge, broken) == (
        "Item size has exceeded the maximum allowed size"
    )
    assert refused(full, nowhere, broken, huge).startswith("Invalid ConditionExpression")
    answered = refusal(full.transact_write_items, TransactItems=[put({}), nowhere])
    assert answered == "ResourceNotFoundException: Requested resource not found"


@pytest.mark.parametrize(
    "action",
    [
        put({"customer": {"S": ""}, "nr": {"N": "1"}}),
        delete({"customer": {"S": ""}, "nr": {"N": "1"}}),
        check({"customer": {"S": ""}, "nr": {"N": "1"}}),
        update({"customer": {"S": ""}, "nr": {"N": "1"}}),
    ],
)
def test_an_empty_key_value_fails_the_request(full, action):
    text = (
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot"
        " contain an empty string value. Key: customer"
    )
    assert refused(full, action) == text
    # It is reported even before a key of the wrong schema.
    assert refused(full, delete({"x": {"S": "y"}}), action) == text


def test_an_empty_index_key_fails_the_request(full):
    assert refused(full, put(key(nr=9)), put(order(city=""))) == (
        "One or more parameter values are not valid. A value specified for a secondary index key is"
        " not supported. The AttributeValue for a key attribute cannot contain an empty string"
        " value. IndexName: by_city, IndexKey: city"
    )
    assert refused(full, check(key(nr=99)), update(key(), "SET city = :v", "")) == (
        "One or more parameter values are not valid. The update expression attempted to update a"
        " secondary index key to a value that is not supported. The AttributeValue for a key"
        " attribute cannot contain an empty string value."
    )


@pytest.mark.parametrize(
    "second", [put(key()), delete(key()), check(key()), update({**key(), "nr": {"N": "1.0"}})]
)
def test_two_actions_on_one_item(full, second):
    assert refused(full, check(key()), second) == (
        "Transaction request cannot include multiple operations on one item"
    )


def test_a_table_may_be_named_by_its_arn(full):
    arn = full.describe_table(TableName="orders")["Table"]["TableArn"]
    by_arn = {"Put": {"TableName": arn, "Item": key()}}
    assert refused(full, check(key()), by_arn).startswith("Transaction request cannot include")
    write(full, {"Put": {"TableName": arn, "Item": order(nr=50)}})
    assert len(everything(full)) == 4


# Observed, but not how the bytes are counted.
def test_a_payload_of_at_most_4_mb(client):
    puts = [put(order(nr=nr, note="x" * 300_000)) for nr in range(15)]
    size_bytes = 15 * 300_000 + sum(len(f"customerannnrnote{nr}") for nr in range(15))
    text = refused(client, *puts)
    prefix = "Transaction payload size cannot exceed 4MB. Payload Size: "
    assert text.startswith(f"{prefix}: {prefix}")
    assert abs(int(text.rpartition(" ")[2]) - size_bytes) < 1_000
    updates = [update(key(nr=nr), value="x" * 300_000) for nr in range(15)]
    assert refused(client, *updates).startswith(prefix)
    write(client, *puts[:13])


def test_what_stored_items_weigh_does_not_count(client):
    numbers = range(15)
    for nr in numbers:
        client.put_item(TableName="orders", Item=order(nr=nr, note="x" * 300_000))
    write(client, *[update(key(nr=nr), "SET city = :v", "bern") for nr in numbers])
    write(client, *[delete(key(nr=nr)) for nr in numbers])
    assert everything(client) == []


# --- request validation: depth and order (observed) -----------------------------------------------

NESTED = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels"
    " beyond supported limit"
)


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"m": value}}
    return value


def test_a_value_that_is_one_level_too_deep(full):
    reason = {"Code": "ValidationError", "Message": NESTED}
    deep = update(key(nr=1), "SET d = :v", nested(32))
    assert cancelled(full, check(key(nr=2)), deep) == [NONE, reason]
    values = {"ExpressionAttributeValues": {":d": nested(32)}}
    assert cancelled(full, check(key(nr=1), "d = :d", **values)) == [FAILED]
    write(full, update(key(nr=1), "SET d = :v", nested(31)))
    assert refused(full, put(order(nr=1, d=nested(32)))) == NESTED


@pytest.mark.parametrize("levels", [40, 80])
def test_a_value_that_is_far_too_deep(full, levels):
    values = {"ExpressionAttributeValues": {":d": nested(levels)}}
    # That the placeholder is named is by analogy with other values in the older layer.
    text = f"ExpressionAttributeValues contains invalid value: {NESTED} for key :d"
    assert refused(full, check(key(nr=1), "d = :d", **values)) == text
    assert refused(full, put(order(nr=1, d=nested(levels)))) == NESTED


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"d": nested(70), "": {"S": "x"}}, "Empty attribute name"),
        ({"": {"S": "x"}, "d": nested(70)}, "Empty attribute name"),
        ({"m": {"M": {"": {"S": "x"}}}, "d": nested(50)}, NESTED),
        ({"d": nested(50), "m": {"M": {"": {"S": "x"}}}}, NESTED),
        ({"m": {"M": {"": {"S": "x"}}}}, "Empty attribute name"),
    ],
)
def test_empty_names_and_depth_of_a_put(full, attributes, text):
    assert refused(full, put({**key(nr=1), **attributes})) == text


def test_expressions_come_before_keys_and_values(full):
    deep_key = {**key(nr=1), "d": nested(70)}
    syntax = 'Invalid ConditionExpression: Syntax error; token: ">", near: "> > days"'
    wrong = {"ConditionExpression": "km > > days"}
    assert refused(full, delete(deep_key, **wrong)) == syntax
    assert refused(full, put(deep_key, **wrong)) == syntax
    text = refused(full, delete(deep_key, ConditionExpression="a = b OR " * 456 + "a = b"))
    assert text == (
        "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;"
        " expression size: 4109"
    )
    text = refused(full, update(deep_key, "SET " + "a" * 4093, None))
    assert text == (
        "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;"
    )


# --- request validation: reasons to cancel ---------------------------------------------------


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (put({"customer": {"S": "x"}}), f"{NOT_VALID}Missing the key nr in the item"),
        (
            put({"customer": {"S": "x"}, "nr": {"S": "1"}}),
            f"{NOT_VALID}Type mismatch for key nr expected: N actual: S",
        ),
        (
            put(order(nr=9, city=1)),
            (
                f"{NOT_VALID}Type mismatch for Index Key city Expected: S Actual: N"
                " IndexName: by_city"
            ),
        ),
        (delete({"customer": {"S": "x"}}), MISMATCH),
        (delete({"customer": {"S": "x"}, "nr": {"S": "1"}}), MISMATCH),
        (check({**key(), "note": {"S": "x"}}), MISMATCH),
        (update({"customer": {"L": []}, "nr": {"N": "1"}}), MISMATCH),
        (
            update(key(), "SET nr = :v"),
            f"{NOT_VALID}Cannot update attribute nr. This attribute is part of the key",
        ),
    ],
)
def test_the_first_key_that_does_not_fit_cancels(full, action, text):
    reason = {"Code": "ValidationError", "Message": text}
    failing = check(key(nr=99))
    other = delete({"x": {"S": "y"}})
    assert cancelled(full, failing, action, other) == [NONE, reason, NONE]
    # It is reported before two actions on one item.
    assert cancelled(full, action, put(key(nr=5)), put(key(nr=5))) == [reason, NONE, NONE]


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (
            update(key(), "SET note = note + :v", {"N": "1"}),
            "An operand in the update expression has an incorrect data type",
        ),
        (
            update(key(), "SET note = absent", None),
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (
            update(key(), "SET absent.a = :v"),
            "The document path provided in the update expression is invalid for update",
        ),
        (
            update(key(), "SET city = :v", {"N": "1"}),
            "The update expression attempted to update the secondary index key to unsupported type",
        ),
        (
            update(key(), "SET big = :v", "x" * 409_600),
            "Item size to update has exceeded the maximum allowed size",
        ),
    ],
)
def test_an_update_that_cannot_be_done_cancels(full, action, text):
    reasons = cancelled(full, check(key(nr=2)), action, put(key(nr=9)))
    assert reasons == [NONE, {"Code": "ValidationError", "Message": text}, NONE]


def test_every_action_has_its_reason(full):
    actions = [
        check(key(nr=99)),
        put(key(nr=8)),
        update(key(nr=2), "SET note = note + :v", {"N": "1"}),
        delete(key(nr=3), ConditionExpression="attribute_not_exists(nr)"),
        put(key(nr=1), ConditionExpression="attribute_not_exists(nr)"),
        update(key(nr=7), ConditionExpression="attribute_exists(nr)"),
    ]
    codes = [reason["Code"] for reason in cancelled(full, *actions)]
    assert codes == [
        "ConditionalCheckFailed",
        "None",
        "ValidationError",
        *["ConditionalCheckFailed"] * 3,
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda **more: check(key(), "note = :v", **more),
        lambda **more: put(key(), ConditionExpression="note = :v", **more),
        lambda **more: delete(key(), ConditionExpression="note = :v", **more),
        lambda **more: update(key(), ConditionExpression="note = :v", **more),
    ],
)
def test_a_failed_condition_gives_the_item_when_asked(full, make):
    values = {"ExpressionAttributeValues": {":v": {"S": "other"}}}
    assert cancelled(full, make(**values)) == [FAILED]
    none = make(**values, ReturnValuesOnConditionCheckFailure="NONE")
    assert cancelled(full, none) == [FAILED]
    asked = make(**values, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert cancelled(full, put(key(nr=9)), asked) == [
        NONE,
        {**FAILED, "Item": order(nr=1, note="n1")},
    ]


def test_there_is_no_item_to_give_when_there_is_none(client):
    action = check(key(), ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert cancelled(client, action) == [FAILED]


# --- behaviour -------------------------------------------------------------------------------


def test_all_actions_are_done(full):
    response = write(
        full,
        put(order(nr=1, note="replaced")),
        delete(key(nr=2)),
        check(key(nr=3), "note = :v", ExpressionAttributeValues={":v": {"S": "n3"}}),
        update(key(nr=4), "SET note = :v, tries = if_not_exists(tries, :one)",
               ExpressionAttributeValues={":v": {"S": "n4"}, ":one": {"N": "1"}}),
        {"Put": {"TableName": "things", "Item": {"id": {"S": "a"}}}},
    )  # fmt: skip
    response.pop("ResponseMetadata")
    assert response == {}
    assert everything(full) == [
        order(nr=1, note="replaced"),
        order(nr=3, note="n3"),
        order(nr=4, note="n4", tries=1),
    ]
    assert everything(full, "things") == [{"id": {"S": "a"}}]


def test_conditions_see_the_items_from_before(full):
    write(
        full,
        put(order(nr=1, note="x"), ConditionExpression="note = :v",
            ExpressionAttributeValues={":v": {"S": "n1"}}),
        delete(key(nr=9), ConditionExpression="attribute_not_exists(nr)"),
    )  # fmt: skip
    assert everything(full)[0]["note"] == {"S": "x"}


def test_indexes_follow(full):
    write(full, update(key(), "SET city = :v", "bern"), put(order(nr=9, city="bern")))
    assert full.scan(TableName="orders", IndexName="by_city")["Count"] == 2
    write(full, update(key(), "REMOVE city", None), delete(key(nr=9)))
    assert full.scan(TableName="orders", IndexName="by_city")["Count"] == 0


def test_what_was_given_is_detached(client):
    item = order(note="a")
    write(client, put(item))
    item["note"]["S"] = "changed"
    assert everything(client) == [order(note="a")]


def test_metrics_of_item_collections(full):
    response = write(
        full,
        put(key(nr=9)),
        delete(key("bob", 1)),
        check(key()),
        {"Put": {"TableName": "things", "Item": {"id": {"S": "a"}}}},
        ReturnItemCollectionMetrics="SIZE",
    )
    assert response["ItemCollectionMetrics"] == {
        "orders": [
            {"ItemCollectionKey": {"customer": {"S": "ann"}}, "SizeEstimateRangeGB": [0.0, 1.0]},
            {"ItemCollectionKey": {"customer": {"S": "bob"}}, "SizeEstimateRangeGB": [0.0, 1.0]},
        ]
    }
    assert "ItemCollectionMetrics" not in write(full, put(key(nr=9)))


# --- behaviour: client tokens ----------------------------------------------------------------


ADD_ONE = update(key(), "ADD visits :v", {"N": "1"})


def visits(client):
    return client.get_item(TableName="orders", Key=key())["Item"]["visits"]["N"]


def test_a_token_makes_the_same_request_once(full):
    for _ in range(3):
        write(full, ADD_ONE, ClientRequestToken="t")
    assert visits(full) == "1"
    write(full, ADD_ONE, ClientRequestToken="u")
    assert visits(full) == "2"


MISMATCH = (
    "IdempotentParameterMismatchException: Specified idempotent token was used with"
    " different request parameters within the idempotency window"
)


# Observed, but for TOTAL against nothing, which is by analogy.
@pytest.mark.parametrize(
    ("actions", "more"),
    [
        ([update(key(), "ADD visits :v", {"N": "2"}), put(key(nr=9))], {}),
        ([put(key(nr=9)), ADD_ONE], {}),
        ([ADD_ONE], {}),
        ([ADD_ONE, put(key(nr=9))], {"ReturnConsumedCapacity": "INDEXES"}),
        ([ADD_ONE, put(key(nr=9))], {"ReturnConsumedCapacity": "NONE"}),
        ([ADD_ONE, put(key(nr=9))], {}),
        (
            [ADD_ONE, put(key(nr=9))],
            {"ReturnConsumedCapacity": "TOTAL", "ReturnItemCollectionMetrics": "SIZE"},
        ),
    ],
)
def test_a_token_with_other_parameters(full, actions, more):
    token = {"ClientRequestToken": "t"}
    total = {"ReturnConsumedCapacity": "TOTAL", **token}
    write(full, ADD_ONE, put(key(nr=9)), **total)
    text = refusal(full.transact_write_items, TransactItems=actions, **more, **token)
    assert text == MISMATCH
    write(full, ADD_ONE, put(key(nr=9)), **total)  # replayed all the same
    assert visits(full) == "1"


# Observed.
def test_what_is_no_other_request(full):
    full.delete_item(TableName="orders", Key=key())
    item = order(nr=1, n=1, m={"M": {"x": {"N": "1"}, "y": {"NS": ["1", "20"]}}})
    write(full, put(item), ClientRequestToken="t")
    for form, other_form in (("1.0", "2e1"), ("1e0", "20.0"), ("01", "+20"), ("+1", "020")):
        item["n"] = {"N": form}
        item["m"] = {"M": {"y": {"NS": [form, other_form]}, "x": {"N": form}}}
        again = {
            "ReturnValuesOnConditionCheckFailure": "NONE",
            "Item": dict(reversed(list(item.items()))),
            "TableName": "orders",
        }
        full.delete_item(TableName="orders", Key=key())
        write(
            full,
            {"Put": again},
            ClientRequestToken="t",
            ReturnConsumedCapacity="NONE",
            ReturnItemCollectionMetrics="NONE",
        )
        assert "Item" not in full.get_item(TableName="orders", Key=key())


def test_a_token_is_good_for_ten_minutes(ddb, full):
    ddb.clock.freeze()
    write(full, ADD_ONE, ClientRequestToken="t")
    ddb.clock.advance(seconds=599)
    write(full, ADD_ONE, ClientRequestToken="t")
    assert visits(full) == "1"
    ddb.clock.advance(seconds=1)
    write(full, ADD_ONE, ClientRequestToken="t")
    assert visits(full) == "2"


# Observed.
def test_a_cancelled_transaction_is_done_anew_but_no_other_one(full):
    action = put(key(nr=9), ConditionExpression="attribute_exists(nr)")
    assert cancelled(full, action, ClientRequestToken="t") == [FAILED]
    assert cancelled(full, action, ClientRequestToken="t") == [FAILED]
    other = {"TransactItems": [put(key(nr=9))], "ClientRequestToken": "t"}
    assert refusal(full.transact_write_items, **other) == MISMATCH
    full.put_item(TableName="orders", Item=order(nr=9, note="x"))
    for _ in range(2):
        write(full, action, ClientRequestToken="t")
        assert full.get_item(TableName="orders", Key=key(nr=9))["Item"] == key(nr=9)


# Observed.
def test_a_refused_request_uses_up_no_token(full):
    wrong = {"TransactItems": [put({"customer": {"S": ""}, "nr": {"N": "1"}})]}
    text = refusal(full.transact_write_items, **wrong, ClientRequestToken="t")
    assert "empty string value" in text
    write(full, ADD_ONE, ClientRequestToken="t")
    assert visits(full) == "1"


def test_tokens_come_and_go_with_the_world(ddb, full):
    mark = ddb.snapshot()
    write(full, ADD_ONE, ClientRequestToken="t")
    ddb.restore(mark)
    write(full, ADD_ONE, ClientRequestToken="t")
    assert visits(full) == "1"


def test_boto3_sends_a_token_of_its_own(full):
    write(full, ADD_ONE)
    write(full, ADD_ONE)
    assert visits(full) == "2"


# --- capacity --------------------------------------------------------------------------------


def capacity(client, *actions, detail="TOTAL", **more):
    return write(client, *actions, ReturnConsumedCapacity=detail, **more)["ConsumedCapacity"]


def writes(units):
    return {"CapacityUnits": units, "WriteCapacityUnits": units}


def test_a_transaction_pays_double(client):
    assert capacity(client, put(key())) == [{"TableName": "orders", **writes(2.0)}]
    assert capacity(client, put(order(note="x" * 1500)), put(key(nr=2))) == [
        {"TableName": "orders", **writes(6.0)}
    ]


def test_the_larger_of_before_and_after_is_paid(client):
    big = order(note="x" * 2500)
    write(client, put(big))
    assert capacity(client, check(key())) == [{"TableName": "orders", **writes(6.0)}]
    assert capacity(client, update(key(), "SET a = :v")) == [{"TableName": "orders", **writes(6.0)}]
    assert capacity(client, put(key())) == [{"TableName": "orders", **writes(6.0)}]
    write(client, put(big))
    assert capacity(client, delete(key())) == [{"TableName": "orders", **writes(6.0)}]
    assert capacity(client, delete(key())) == [{"TableName": "orders", **writes(2.0)}]


def test_tables_are_listed_apart_and_conditions_cost_nothing_more(client):
    thing = {"Put": {"TableName": "things", "Item": {"id": {"S": "a"}}}}
    conditional = put(key(), ConditionExpression="attribute_not_exists(nr)")
    assert capacity(client, conditional, thing, detail="INDEXES") == [
        {"TableName": "orders", **writes(2.0), "Table": writes(2.0)},
        {"TableName": "things", **writes(2.0), "Table": writes(2.0)},
    ]


def test_an_index_does_not_pay_double(client):
    (first,) = capacity(client, put(order(city="a", amount=1)), detail="INDEXES")
    assert first == {
        "TableName": "orders",
        **writes(4.0),
        "Table": writes(2.0),
        "LocalSecondaryIndexes": {"by_amount": writes(1.0)},
        "GlobalSecondaryIndexes": {"by_city": writes(1.0)},
    }
    (moved,) = capacity(client, update(key(), "SET city = :v", "b"), detail="INDEXES")
    assert moved["GlobalSecondaryIndexes"] == {"by_city": writes(2.0)}
    assert "LocalSecondaryIndexes" not in moved
    assert moved["CapacityUnits"] == 4.0


def test_a_replay_pays_reads_of_what_the_first_call_touched(client):
    write(client, put(order(nr=2, note="x" * 9000)))
    actions = [put(order(note="x" * 1500)), delete(key(nr=2))]
    token = {"ClientRequestToken": "t"}
    assert capacity(client, *actions, **token) == [{"TableName": "orders", **writes(22.0)}]
    reads = {"CapacityUnits": 8.0, "ReadCapacityUnits": 8.0}
    assert capacity(client, *actions, **token) == [{"TableName": "orders", **reads}]
    write(client, put(order(nr=2, note="x" * 9000)))
    detailed = {"ClientRequestToken": "u", "detail": "INDEXES"}
    capacity(client, *actions, **detailed)
    assert capacity(client, *actions, **detailed) == [
        {"TableName": "orders", **reads, "Table": reads}
    ]
    write(client, *actions, ClientRequestToken="v")
    assert "ConsumedCapacity" not in write(client, *actions, ClientRequestToken="v")


# --- errors ----------------------------------------------------------------------------------


def test_a_cancelled_transaction_tells_no_capacity(full):
    with pytest.raises(ClientError) as caught:
        write(full, check(key(nr=99)), ReturnConsumedCapacity="TOTAL")
    assert "ConsumedCapacity" not in caught.value.response


def test_a_table_that_is_not_there(full):
    nowhere = {"Delete": {"TableName": "nowhere", "Key": key()}}
    answered = refusal(full.transact_write_items, TransactItems=[put(key(nr=9)), nowhere])
    assert answered == "ResourceNotFoundException: Requested resource not found"
    assert len(everything(full)) == 3
