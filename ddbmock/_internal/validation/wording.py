"""The wording of validation errors by operation.

The service checks requests in one of two layers:

1. The *current* layer stops at the first problem. It handles PutItem, UpdateItem and DeleteItem in
   an envelope, "1 validation error detected: …", and GetItem, BatchGetItem and Query with the same
   text bare.
2. The *older* layer has other texts for some problems and lists every broken constraint. It handles
   all other operations, and requests that the current layer cannot read at all.

An error knows its text in both layers (`ValidationError.legacy_message`). The wording of the
operation chooses between them, when an error leaves `read` or `run`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.values import InvalidValueError, check_names, normalize_value
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import values as messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.values import AttributeValue


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of the validation errors of a family of operations."""

    #: Whether the current layer handles a request that it can read.
    is_current: bool = False
    #: Whether an error is reported as a violated constraint, and one about an attribute value,
    #: wherever in the request that is, comes before all others.
    is_enveloped: bool = False
    #: The members without which the current layer cannot read a request.
    needed: tuple[str, ...] = ()

    def is_current_for(self, request: Mapping[str, Any]) -> bool:
        """Return whether the current layer handles a request."""
        return (
            self.is_current
            and all(request.get(name) is not None for name in self.needed)
            and not _is_too_deep(request)
        )

    def of_request(self, error: ValidationError, request: Mapping[str, Any]) -> ValidationError:
        """Return an error of the request alone, in the operation's wording."""
        if not self.is_current_for(request):
            return ValidationError(error.legacy_message)
        if not self.is_enveloped:
            return error
        error = _first_error(request, error)
        return error if error.is_always_bare else self.enveloped(error.message)

    def of_data(self, error: ValidationError) -> ValidationError:
        """Return an error found with the table, in the operation's wording: always bare."""
        if self.is_current or error.legacy_message == error.message:
            return error
        return ValidationError(error.legacy_message)

    def enveloped(self, text: str) -> ValidationError:
        """Return an error in the envelope of the operation, if it has one."""
        return ValidationError(messages.one_validation_error(text) if self.is_enveloped else text)


#: GetItem, BatchGetItem, Query.
CURRENT = Wording(is_current=True)
#: PutItem, DeleteItem.
ENVELOPED = Wording(is_current=True, is_enveloped=True)
#: UpdateItem.
UPDATE = Wording(is_current=True, is_enveloped=True, needed=("Key",))
#: All others.
OLDER = Wording()


def _first_error(request: Mapping[str, Any], error: ValidationError) -> ValidationError:
    """Return the error that the current layer finds first: one about names or values, if any."""
    try:
        check_names((request.get("ExpressionAttributeNames") or {}).values())
        for value in _values(request):
            normalize_value(value)
    except InvalidValueError as found:
        return found
    return error


def _values(request: Mapping[str, Any]) -> Iterator[AttributeValue]:
    """Yield every attribute value of a write."""
    for parameter in ("Item", "Key", "ExpressionAttributeValues"):
        yield from (request.get(parameter) or {}).values()
    for parameter in ("AttributeUpdates", "Expected"):
        for condition in (request.get(parameter) or {}).values():
            if condition.get("Value") is not None:
                yield condition["Value"]
            yield from condition.get("AttributeValueList") or ()


def _is_too_deep(request: Mapping[str, Any]) -> bool:
    """Return whether documents are nested more deeply than the current layer can read."""
    waiting: list[tuple[Any, int]] = [(request, 0)]
    while waiting:
        node, level = waiting.pop()
        if level > limits.CURRENT_LAYER_NESTING_LEVELS:
            return True
        if isinstance(node, dict):
            # Lists and maps are nested values; other members may contain such values.
            waiting += [(each, level + (name in {"L", "M"})) for name, each in node.items()]
        elif isinstance(node, list):
            waiting += [(each, level) for each in node]
    return False
