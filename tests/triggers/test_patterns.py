from __future__ import annotations

import json

import pytest

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.triggers.patterns import compile_filters

EVENT = {
    "eventName": "MODIFY",
    "eventVersion": "1.1",
    "dynamodb": {
        "Keys": {"pk": {"S": "order#1"}},
        "NewImage": {
            "status": {"S": "Shipped"},
            "price": {"N": "25"},
            "gone": {"NULL": True},
            "paid": {"BOOL": False},
            "tags": {"SS": ["blue", "green"]},
            "lines": {"L": [{"M": {"sku": {"S": "A"}}}, {"M": {"sku": {"S": "B"}}}]},
            "empty": {"S": ""},
            "path": {"S": "a/b*c\\d.txt"},
        },
        "SizeBytes": 59,
    },
    "nothing": None,
}


def matches(pattern, event=EVENT):
    test = compile_filters([pattern])
    assert test is not None
    return test(event)


def on_status(*alternatives):
    return {"dynamodb": {"NewImage": {"status": {"S": list(alternatives)}}}}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"eventName": ["MODIFY"]}, True),
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["INSERT"]}, False),
        ({"eventName": ["INSERT"], "eventVersion": ["1.1"]}, False),
        ({"nothing": [None]}, True),
        ({"eventName": [None]}, False),
        ({"absent": [None]}, False),
        (on_status("Shipped"), True),
        (on_status("shipped"), False),
        ({"dynamodb": {"NewImage": {"gone": {"NULL": [True]}}}}, True),
        ({"dynamodb": {"NewImage": {"paid": {"BOOL": [False]}}}}, True),
        ({"dynamodb": {"NewImage": {"paid": {"BOOL": [0]}}}}, False),
        ({"dynamodb": {"NewImage": {"price": {"N": ["25"]}}}}, True),
        ({"dynamodb": {"NewImage": {"price": {"N": [25]}}}}, False),
        ({"dynamodb": {"NewImage": {"empty": {"S": [""]}}}}, True),
        ({"dynamodb": {"SizeBytes": [59.0]}}, True),
        # arrays: one element is enough
        ({"dynamodb": {"NewImage": {"tags": {"SS": ["green"]}}}}, True),
        ({"dynamodb": {"NewImage": {"tags": {"SS": ["red"]}}}}, False),
        ({"dynamodb": {"NewImage": {"lines": {"L": {"M": {"sku": {"S": ["B"]}}}}}}}, True),
        ({"dynamodb": {"NewImage": {"lines": {"L": {"M": {"sku": {"S": ["C"]}}}}}}}, False),
        # prefix, suffix, case
        (on_status({"prefix": "Ship"}), True),
        (on_status({"prefix": "ship"}), False),
        (on_status({"prefix": {"equals-ignore-case": "ship"}}), True),
        (on_status({"suffix": "ped"}), True),
        (on_status({"suffix": {"equals-ignore-case": "PED"}}), True),
        (on_status({"suffix": "Ship"}), False),
        (on_status({"equals-ignore-case": "sHIPPED"}), True),
        (on_status({"equals-ignore-case": "ship"}), False),
        ({"dynamodb": {"SizeBytes": [{"prefix": "5"}]}}, False),
        # anything-but
        (on_status({"anything-but": "Open"}), True),
        (on_status({"anything-but": "Shipped"}), False),
        (on_status({"anything-but": ["Open", "Shipped"]}), False),
        (on_status({"anything-but": {"prefix": "Ship"}}), False),
        (on_status({"anything-but": {"prefix": "Op"}}), True),
        (on_status({"anything-but": {"suffix": ["ped", "x"]}}), False),
        (on_status({"anything-but": {"equals-ignore-case": ["OPEN", "SHIPPED"]}}), False),
        (on_status({"anything-but": {"wildcard": "*ipp*"}}), False),
        ({"dynamodb": {"SizeBytes": [{"anything-but": 59}]}}, False),
        ({"absent": [{"anything-but": "x"}]}, False),
        # numbers
        ({"dynamodb": {"SizeBytes": [{"numeric": ["=", 59]}]}}, True),
        ({"dynamodb": {"SizeBytes": [{"numeric": [">", 50, "<=", 59]}]}}, True),
        ({"dynamodb": {"SizeBytes": [{"numeric": [">", 59]}]}}, False),
        ({"dynamodb": {"SizeBytes": [{"numeric": ["<", 59]}, {"numeric": [">=", 59]}]}}, True),
        # DynamoDB's numbers are text in a record: Lambda's `numeric` does not match them
        ({"dynamodb": {"NewImage": {"price": {"N": [{"numeric": [">", 1]}]}}}}, False),
        # exists, on leaves only
        ({"dynamodb": {"NewImage": {"status": {"S": [{"exists": True}]}}}}, True),
        ({"dynamodb": {"NewImage": {"status": {"N": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"NewImage": {"status": {"S": [{"exists": False}]}}}}, False),
        ({"dynamodb": {"OldImage": {"status": {"S": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"NewImage": [{"exists": True}]}}, False),
        ({"nothing": [{"exists": True}]}, True),
        # wildcards
        (on_status({"wildcard": "S*d"}), True),
        (on_status({"wildcard": "*"}), True),
        (on_status({"wildcard": "S*x"}), False),
        ({"dynamodb": {"NewImage": {"path": {"S": [{"wildcard": r"a/b\*c\\*.txt"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"path": {"S": [{"wildcard": r"a/b\*.txt"}]}}}}, False),
        # $or
        ({"$or": [{"eventName": ["INSERT"]}, on_status("Shipped")]}, True),
        ({"$or": [{"eventName": ["INSERT"]}, on_status("Open")]}, False),
        ({"eventName": ["INSERT"], "$or": [on_status("Open"), on_status("Shipped")]}, False),
        (
            {"dynamodb": {"NewImage": {"$or": [{"x": {"S": ["y"]}}, {"price": {"N": ["25"]}}]}}},
            True,
        ),
    ],
)
def test_a_pattern(pattern, expected):
    assert matches(pattern) is expected
    assert matches(json.dumps(pattern)) is expected
    assert matches({"Pattern": json.dumps(pattern)}) is expected


def test_one_of_several_filters_is_enough():
    criteria = {
        "Filters": [
            {"Pattern": '{"eventName": ["INSERT"]}'},
            {"Pattern": '{"eventName": ["MODIFY"]}'},
        ]
    }
    test = compile_filters(criteria)
    assert test is not None
    assert [test({"eventName": name}) for name in ("INSERT", "MODIFY", "REMOVE")] == [
        True,
        True,
        False,
    ]


def test_no_filters_are_no_test():
    assert compile_filters([]) is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{", "it is no JSON"),
        ([], "a pattern is an object with at least one field"),
        ({}, "a pattern is an object with at least one field"),
        ({"eventName": "INSERT"}, "'eventName' must be an object or an array"),
        ({"eventName": []}, "empty arrays are not allowed"),
        ({"dynamodb": {}}, "empty objects are not allowed"),
        ({"eventName": [["INSERT"]]}, "arrays do not nest"),
        ({"eventName": [{}]}, "an alternative has exactly one operator"),
        ({"eventName": [{"prefix": "a", "suffix": "b"}]}, "has exactly one operator"),
        ({"eventName": [{"begins": "a"}]}, "unknown operator 'begins'; known: anything-but, "),
        ({"eventName": [{"prefix": 1}]}, "prefix takes a string"),
        ({"eventName": [{"exists": "yes"}]}, "exists takes true or false"),
        ({"eventName": [{"numeric": ["="]}]}, "numeric takes one or two comparisons"),
        ({"eventName": [{"numeric": ["!=", 1]}]}, "numeric compares by"),
        ({"eventName": [{"numeric": ["=", "1"]}]}, "numeric compares by"),
        ({"eventName": [{"anything-but": [None]}]}, "it takes strings or numbers"),
        ({"eventName": [{"anything-but": {"exists": True}}]}, "it takes one of equals-ignore-case"),
        ({"eventName": [{"wildcard": "a**b"}]}, "wildcards do not follow one another"),
        ({"eventName": [{"wildcard": "a\\b"}]}, "a backslash stands before"),
    ],
)
def test_a_pattern_that_is_none(pattern, problem):
    with pytest.raises(MisuseError) as refused:
        compile_filters([pattern])
    assert problem in str(refused.value)
    assert str(refused.value).startswith("the filter pattern ")


def test_filters_are_a_list():
    with pytest.raises(MisuseError, match="filters are a list of patterns"):
        compile_filters({"eventName": ["INSERT"]})
