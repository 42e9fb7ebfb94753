"""The quick tests of each operation, compiled when its input shape is first seen.

Every client has shape objects of its own, and the clients of a session share the model behind
them. Neither may be kept alive by its test: a model takes more than a megabyte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.by_identity import ByIdentity
from ddbmock._internal.validation.quick_tests import request_test
from ddbmock._internal.validation.quick_types import types_test

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape

    Test = Callable[[Any], Any]


class _CompiledTests:
    """Tests of requests of one kind, compiled once for each model."""

    def __init__(self, compile_new: Callable[[Shape], Test]) -> None:
        self.by_shape: ByIdentity[Test] = ByIdentity()
        self.by_model: ByIdentity[Test] = ByIdentity()
        self._compile_new = compile_new

    def compile(self, input_shape: Shape) -> Test:
        """Return the test of an operation's requests, and store it while the shape lives."""
        # botocore's loader reads a model into ordered dictionaries, which have weak references.
        model = getattr(input_shape, "_shape_model", input_shape)
        test = self.by_model.values.get(id(model))
        if test is None:
            test = self._compile_new(input_shape)
            self.by_model.add(model, test)
        self.by_shape.add(input_shape, test)
        return test


_constraints, _types = _CompiledTests(request_test), _CompiledTests(types_test)
#: Returns the test of an input shape's id, or None if `compile_test` must be called. It is on the
#: path of every call, where a wrapping function would cost.
find_test: Callable[[int], Test | None] = _constraints.by_shape.values.get
compile_test = _constraints.compile


def is_valid_request(request: dict[str, Any], input_shape: Shape) -> Any:
    """Return whether a request breaks no constraint of the model, as a truthy or falsy value."""
    return (find_test(id(input_shape)) or compile_test(input_shape))(request)


def has_types_of(request: dict[str, Any], input_shape: Shape) -> Any:
    """Return, as a truthy or falsy value, whether all JSON types are certainly the model's.

    It is needed only for requests that botocore has not checked.
    """
    found = _types.by_shape.values.get(id(input_shape))
    return (found or _types.compile(input_shape))(request)
