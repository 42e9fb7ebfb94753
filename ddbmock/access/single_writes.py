"""How PutItem, UpdateItem and DeleteItem tell what is wrong with a request.

Whatever these three refuse before they look for the table is told as a violated constraint,
"1 validation error detected: …", and a wrong attribute value anywhere in the request comes first,
told as it would be in an item. Two things are told plainly all the same: a value with no type or
several, and an item that is too large.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock import messages
from ddbmock.access.writes import ItemTooLargeError, Write
from ddbmock.engine.values import (
    InvalidValueError,
    MalformedValueError,
    check_names,
    normalize_value,
)
from ddbmock.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.access.call import Request
    from ddbmock.engine.values import AttributeValue

WriteT = TypeVar("WriteT", bound=Write)


def parse_single(read: Callable[[Request], WriteT], request: Request) -> WriteT:
    """Return the write of a request that is not part of a batch or transaction."""
    try:
        return read(request)
    except ValidationError as error:
        raise _told(_first_error(request, error)) from None


def _told(error: ValidationError) -> ValidationError:
    if isinstance(error, MalformedValueError | ItemTooLargeError):
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
