"""What the head of a request says about its call: the operation, and who has signed it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock._internal import wire
from ddbmock._internal.errors import UnknownOperationError
from ddbmock._internal.server.authorization import signer_of
from ddbmock._internal.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.server.authorization import Signer

_TARGET_HEADER = wire.TARGET_HEADER.lower()


@lru_cache
def input_shapes(service_name: str) -> dict[str, Any]:
    """Return the operations of a service with the shapes of their inputs, by botocore's model."""
    model = service_model(service_name)
    return {name: model.operation_model(name).input_shape for name in model.operation_names}


class CallHead:
    """The head of a call; its target and its signature are read by `read`.

    Args:
        headers: The headers, names in lower case.
        query_string: The query.
    """

    __slots__ = (
        "_headers",
        "_query_string",
        "companion_name",
        "is_read",
        "operation_name",
        "shape",
        "signer",
    )

    def __init__(self, headers: Mapping[str, str], query_string: str) -> None:
        self._headers = headers
        self._query_string = query_string
        #: Whether everything below is known.
        self.is_read = False
        self.operation_name = ""
        #: The companion that is called; empty for DynamoDB and its streams.
        self.companion_name = ""
        #: The shape of the operation's input, if it is not a companion's.
        self.shape: Any = None
        self.signer: Signer

    def read(self) -> None:
        """Read the target, then the signature.

        Raises:
            ServiceError: One of them is missing or malformed.
        """
        target = self._headers.get(_TARGET_HEADER)
        companion = wire.parse_companion_target(target)
        if companion is not None:
            self.companion_name, self.operation_name = companion
        else:
            self.operation_name, self.shape = _operation(target)
        self.signer = signer_of(self._headers, self._query_string)
        self.is_read = True


@lru_cache
def _operation(target_header: str | None) -> tuple[str, Any]:
    """Return the name of the operation in a target header, and the shape of its input."""
    named = wire.parse_target(target_header)
    if named is not None:
        service_name, operation_name = named
        shapes = input_shapes(service_name)
        if operation_name in shapes:
            return operation_name, shapes[operation_name]
    raise UnknownOperationError("")
