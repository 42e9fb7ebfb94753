"""The functions of expressions: where each is allowed, and its operands.

Function names are case-sensitive, unlike keywords.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html#Expressions.OperatorsAndFunctions.Functions
"""

from __future__ import annotations

#: Functions that are conditions.
CONDITION_FUNCTIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}
#: Functions that are operands of a condition.
OPERAND_FUNCTIONS = {"size": 1}
#: Functions that are operands of a SET.
UPDATE_FUNCTIONS = {"if_not_exists": 2, "list_append": 2}

OPERAND_COUNTS = {**CONDITION_FUNCTIONS, **OPERAND_FUNCTIONS, **UPDATE_FUNCTIONS}
#: Functions whose first operand must be a document path.
PATH_FUNCTIONS = frozenset({"attribute_exists", "attribute_not_exists", "if_not_exists"})
#: Functions whose operands may not be the same path twice.
DISTINCT_FUNCTIONS = frozenset({"attribute_type", "begins_with", "contains", "if_not_exists"})

ORDERED_TYPES = frozenset({"S", "N", "B"})
NUMBER = frozenset({"N"})
LIST = frozenset({"L"})
#: The types that a value given as an operand may have (an attribute may have any).
OPERAND_TYPES = {
    **dict.fromkeys(("<", "<=", ">", ">=", "BETWEEN"), ORDERED_TYPES),
    "begins_with": frozenset({"S", "B"}),
    "size": frozenset({"S", "B", "SS", "NS", "BS", "L", "M"}),
    "list_append": LIST,
    "+": NUMBER,
    "-": NUMBER,
}
ACTION_TYPES = {
    "ADD": frozenset({"N", "SS", "NS", "BS"}),
    "DELETE": frozenset({"SS", "NS", "BS"}),
}
#: The names of types in the messages about ADD and DELETE.
LONG_TYPE_NAMES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
    "L": "LIST",
    "M": "MAP",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
}
#: The operand type in the error about an `attribute_type` whose second operand is not a value.
ANY_TYPE = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
