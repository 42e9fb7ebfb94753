"""PartiQL statements of a request, as intents.

A statement is compiled into a plan once for its text; the parameters come with each request.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.engine.values import AttributeValue, Item, normalize_value
from ddbmock._internal.errors import EmptyKeyValueError, ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.partiql import (
    DeletePlan,
    ExistsPlan,
    InsertPlan,
    Plan,
    SelectPlan,
    UpdatePlan,
    compile_statement,
)

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.expressions.substitutions import Values

_IAM_ACTIONS: dict[type[Plan], str] = {
    SelectPlan: "PartiQLSelect",
    ExistsPlan: "PartiQLSelect",
    InsertPlan: "PartiQLInsert",
    UpdatePlan: "PartiQLUpdate",
    DeletePlan: "PartiQLDelete",
}


class Statement(Intent):
    """One statement of a request with its parameters."""

    __slots__ = (
        "error",
        "iam_action",
        "index_name",
        "parameters",
        "plan",
        "table_name",
        "values",
    )

    iam_action: str
    index_name: str | None
    table_name: str

    def __init__(
        self, request: Request, plan: Plan, values: Values, parameters: list[AttributeValue]
    ) -> None:
        #: The member of the request that has the statement.
        self.request = request
        self.plan: Plan = plan
        #: Placeholder -> value, of the parameters and of the constants in the text.
        self.values: Values = values
        self.parameters: list[AttributeValue] = parameters
        self.table_name = plan.table_name
        self.index_name = plan.index_name
        self.iam_action = _IAM_ACTIONS[type(plan)]
        #: The error of a SELECT from an index, deferred because the service checks the index first.
        self.error: ValidationError | None = None

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the key values in the WHERE clause, or those of the item that it inserts."""
        plan = self.plan.select if isinstance(self.plan, ExistsPlan) else self.plan
        if isinstance(plan, InsertPlan):
            item = plan.item(self.values)
            return [{name: item[name] for name in schema.names if name in item}]
        assert isinstance(plan, (SelectPlan, UpdatePlan, DeletePlan))  # noqa: S101 (no others)
        item_plan = plan.item_plan(schema.names)
        return [
            {
                name: self.values[placeholders[0]]
                for name, placeholders in item_plan.equalities.items()
            }
        ]

    def fixed_keys(self, schema: KeySchema) -> list[Item]:
        """Return the key values in the WHERE clause, as policies see them.

        As observed, a SELECT has none if it contradicts itself about the partition key, or bounds
        the sort key from both sides.
        """
        plan = self.plan.select if isinstance(self.plan, ExistsPlan) else self.plan
        if isinstance(plan, SelectPlan):
            equalities = plan.item_plan(schema.names).equalities
            for name in schema.partition_names:
                values = [self.values[each] for each in equalities.get(name, ())]
                if any(value != values[0] for value in values):
                    return []
            if any(plan.range_count(name) > 1 for name in schema.sort_names):
                return []
        return self.keys(schema)

    def attributes(self) -> frozenset[str]:
        """Return the attributes that the statement names anywhere."""
        return self.plan.attributes(self.values)

    def selects(self) -> str:
        """Return the equivalent of a Query's `Select` for a SELECT."""
        plan = self.plan.select if isinstance(self.plan, ExistsPlan) else self.plan
        if isinstance(plan, SelectPlan) and plan.columns is not None:
            return "SPECIFIC_ATTRIBUTES"
        return super().selects()

    def returns(self) -> str:
        """Return the equivalent of `ReturnValues` for an UPDATE or DELETE."""
        plan = self.plan
        return plan.returned if isinstance(plan, (UpdatePlan, DeletePlan)) else "NONE"


def read_parameters(request: Request) -> list[AttributeValue]:
    """Return the parameters of a statement, checked and canonical."""
    parameters: list[AttributeValue] = request.get("Parameters") or []
    for parameter in parameters:
        normalize_value(parameter)
    return parameters


def read_statement(request: Request) -> Statement:
    """Return a statement of a request, after the checks that need no table."""
    parameters = read_parameters(request)
    plan = compile_statement(request["Statement"])
    try:
        return Statement(request, plan, plan.values(parameters), parameters)
    except ValidationError as error:
        if plan.index_name is None or not isinstance(plan, SelectPlan):
            raise
        statement = Statement(request, plan, {}, parameters)
        statement.error = error.with_traceback(None)
        return statement


def read_lone_statement(request: Request) -> Statement:
    """Return a statement that is not part of a transaction."""
    statement = read_statement(request)
    if isinstance(statement.plan, ExistsPlan):
        raise ValidationError(partiql_messages.EXISTS_OUTSIDE_TRANSACTION)
    return statement


def table_to_select_from(statement: Statement, door: Door) -> Table:
    """Return the table of a SELECT, after checking its index, and then its values.

    Raises:
        ValidationError: The index has several attributes in its key, or the statement is wrong.
        ResourceNotFoundError: There is no such table.
    """
    try:
        table = door.table(statement.table_name)
    except ResourceNotFoundError:
        if statement.error is not None:
            raise statement.error from None
        raise
    index = None if statement.index_name is None else table.indexes.get(statement.index_name)
    if index is not None and index.key_schema.has_several_attributes:
        raise ValidationError(partiql_messages.INDEX_OF_SEVERAL_ATTRIBUTES)
    if statement.error is not None:
        raise statement.error
    return table


def select_key(table: Table, statement: Statement, refusal: str) -> Item:
    """Return the key if the WHERE clause of a SELECT is exactly that, or raise the refusal."""
    plan = statement.plan
    assert isinstance(plan, SelectPlan)  # noqa: S101 (the callers know)
    item_plan = plan.item_plan(table.key_schema.names)
    if item_plan.condition is not None:
        raise ValidationError(refusal)
    for placeholders in item_plan.equalities.values():
        first, *others = [statement.values[placeholder] for placeholder in placeholders]
        if any(other != first for other in others):
            raise ValidationError(refusal)
    if len(item_plan.equalities) < len(table.key_schema.names):
        raise ValidationError(refusal)
    return {
        name: statement.values[placeholders[0]]
        for name, placeholders in item_plan.equalities.items()
    }


def select_order_key(table: Table, statement: Statement, refusal: str) -> OrderKey:
    """Return the order key of the item of a SELECT, after checking its values."""
    key = select_key(table, statement, refusal)
    for attribute in table.key_schema.attributes:
        check_key_value(attribute.name, attribute.kind, key[attribute.name])
    return order_key_of(table, key)


def check_key_value(name: str, kind: str, value: AttributeValue) -> None:
    """Refuse a value that a key attribute cannot have."""
    (found,) = value
    if found not in ("S", "N", "B"):
        raise ValidationError(partiql_messages.key_value_of_no_key_type(name, found))
    if found != kind:
        raise ValidationError(partiql_messages.key_value_of_other_type(name))
    if not value[kind]:
        raise EmptyKeyValueError(item_messages.empty_key(kind, name))


def found_item(plan: Plan, stored: StoredItem | None) -> Item | None:
    """Return what a SELECT returns of its item, None if the item does not exist."""
    if stored is None:
        return None
    item = stored.load()
    columns = plan.columns if isinstance(plan, SelectPlan) else None
    return item if columns is None else columns.apply(item)
