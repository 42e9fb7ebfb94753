"""How an operation words what is wrong with a request.

The service checks requests in one of two layers. The *current* layer stops at the first problem;
PutItem, UpdateItem and DeleteItem say it as a violated constraint ("1 validation error detected"),
GetItem, BatchGetItem and Query say the same text bare. The *older* layer has other texts for some
problems. An error knows its texts; the wording of the operation chooses among them, in one place,
when the error leaves `read`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.engine.values import (
    InvalidValueError,
    MalformedValueError,
    check_names,
    normalize_value,
)
from ddbmock.errors import ItemTooLargeError, ValidationError
from ddbmock.expressions import InvalidExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.access.intent import Request
    from ddbmock.engine.values import AttributeValue

#: Told bare by every operation.
_ALWAYS_BARE = (MalformedValueError, ItemTooLargeError)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a family of operations words the errors of its requests."""

    #: Whether an error is told as a violated constraint, and one about an attribute value, wherever
    #: in the request that is, comes before all others.
    is_enveloped: bool = False
    #: Whether numbers and sets are read, and worded, by the older layer.
    has_older_values: bool = False
    #: Whether the error about an expression that is too long tells its size.
    tells_expression_size: bool = False

    def of_request(self, error: ValidationError, request: Request) -> ValidationError:
        """Return an error that was found in a request alone, worded as the operation does."""
        if self.is_enveloped:
            return _enveloped(_first_error(request, error))
        if self.has_older_values and isinstance(error, InvalidValueError):
            return ValidationError(error.legacy_message)
        if self.tells_expression_size and isinstance(error, InvalidExpressionError):
            return ValidationError(error.scan_message)
        return error


#: What is wrong is told as it is: GetItem, BatchGetItem, Query, operations on tables.
PLAIN = Wording()
#: PutItem, UpdateItem and DeleteItem.
SINGLE_WRITE = Wording(is_enveloped=True)
BATCH_WRITE = Wording(has_older_values=True)
SCAN = Wording(tells_expression_size=True)
#: Parameters of PartiQL statements.
STATEMENTS = Wording(has_older_values=True)


def _enveloped(error: ValidationError) -> ValidationError:
    if isinstance(error, _ALWAYS_BARE):
        return error
    return ValidationError(messages.one_validation_error(error.message))


def _first_error(request: Request, error: ValidationError) -> ValidationError:
    """Return the error that the service finds first: one about names or values, if any."""
    try:
        check_names((request.get("ExpressionAttributeNames") or {}).values())
        for value in _values(request):
            normalize_value(value)
    except InvalidValueError as found:
        return found
    return error


def _values(request: Request) -> Iterator[AttributeValue]:
    """Yield every attribute value of the request."""
    for parameter in ("Item", "Key", "ExpressionAttributeValues"):
        yield from (request.get(parameter) or {}).values()
    for parameter in ("AttributeUpdates", "Expected"):
        for condition in (request.get(parameter) or {}).values():
            if condition.get("Value") is not None:
                yield condition["Value"]
            yield from condition.get("AttributeValueList") or ()
