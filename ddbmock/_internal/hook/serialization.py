"""Faster serialization of requests while a mock is active.

botocore goes through the parameters of each call twice: to check their types, and to copy them into
what it writes as JSON. In most calls every value is one that JSON can write as it is. Then a test
that is compiled for the operation, see `plain_parameters`, takes the place of both.

1. Parameters that do not pass the test are left to botocore, which writes or refuses them.
2. An operation's first requests are left to botocore too. One is written in both ways, and if they
   differed, botocore would write the others.
3. Only botocore's own validator and serializer are replaced. One that a program derives, replaces
   or patches is called.

`mock_dynamodb(compile_requests=False)` turns it off. Nothing of it is in place without a mock.
"""

from __future__ import annotations

import base64
from json import JSONEncoder
from types import MethodType
from typing import TYPE_CHECKING, Any

import botocore.serialize
import botocore.validate

from ddbmock._internal import wire
from ddbmock._internal.by_identity import ByIdentity
from ddbmock._internal.hook import active
from ddbmock._internal.hook.plain_parameters import parameters_test

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from ddbmock._internal.hook.plain_parameters import StructuresTest

_SERVICES = frozenset(wire.SERVICES_BY_TARGET.values())
_Validator: Any = botocore.validate.ParamValidator
_Serializer: Any = botocore.serialize.JSONSerializer


def _base64_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _own(function: Any, module: Any) -> Any:
    """Return a function of a module, or None if another library has replaced it."""
    code = getattr(function, "__code__", None)
    return function if code is not None and code.co_filename == module.__file__ else None


#: What the compiled functions stand for.
_VALIDATE = _own(_Validator.validate, botocore.validate)
_SERIALIZE = _own(_Serializer.serialize_to_request, botocore.serialize)
_SERIALIZE_VALIDATED = _own(
    vars(botocore.validate.ParamValidationDecorator)["serialize_to_request"], botocore.validate
)

#: As botocore writes it, with the standard separators and all characters in ASCII.
_write_json = JSONEncoder(default=_base64_text, check_circular=False).encode


class _Operation:
    """How the requests of an operation of a client are serialized."""

    __slots__ = ("accepts", "request")

    def __init__(self) -> None:
        #: Whether all of some parameters can be written as they are; None until it is known that
        #: botocore writes them so.
        self.accepts: StructuresTest | None = None
        #: A request of the operation, from which all but its body is taken.
        self.request: dict[str, Any] = {}


def _refuse(_: Any) -> bool:
    return False


_operations: ByIdentity[_Operation] = ByIdentity()
#: The tests by the model of an operation's input, which the clients of a session share.
_tests: ByIdentity[StructuresTest] = ByIdentity()


def serialize_to_request(wrapped: Any, decorator: Any, args: Any, kwargs: Any) -> Any:
    """Check the parameters of a call and return them as a request."""
    current = active.current
    if current is None or not current.compiles_requests or kwargs:
        return wrapped(*args, **kwargs)
    parameters, model = args
    operation = _operations.values.get(id(model))
    if operation is None or operation.accepts is None:
        return _learn(operation, wrapped, decorator, parameters, model)
    if operation.accepts((parameters,)) and _is_own(wrapped, decorator):
        # The request that was learned, with headers and body of its own.
        request = operation.request.copy()
        request["headers"] = request["headers"].copy()
        request["body"] = _write_json(parameters).encode()
        return request
    return wrapped(parameters, model)


def _is_own(wrapped: Any, decorator: Any) -> bool:
    """Return whether it is botocore's own code that would serialize a request."""
    validator, serializer = decorator._param_validator, decorator._serializer  # noqa: SLF001
    return (
        wrapped.__class__ is MethodType
        and wrapped.__func__ is _SERIALIZE_VALIDATED
        and validator.__class__ is _Validator
        and serializer.__class__ is _Serializer
        and _Validator.validate is _VALIDATE
        and _Serializer.serialize_to_request is _SERIALIZE
        and "validate" not in validator.__dict__
        and "serialize_to_request" not in serializer.__dict__
    )


def _learn(
    operation: _Operation | None, wrapped: Any, decorator: Any, parameters: Any, model: Any
) -> Any:
    """Have botocore serialize one of the first requests of an operation, and learn from it."""
    request = wrapped(parameters, model)
    if operation is None:
        operation = _Operation()
        _operations.add(model, operation)
        if "host_prefix" in request or not _can_be_compiled(model, wrapped, decorator):
            operation.accepts = _refuse
        elif id(_input_model(model)) not in _tests.values:
            return request  # many operations are called once; a second time, a test is compiled
    if operation.accepts is None:
        accepts = _test_of(model)
        if accepts((parameters,)):
            operation.request = {**request, "headers": {**request["headers"]}}
            is_equal = _write_json(parameters).encode() == request["body"]
            operation.accepts = accepts if is_equal else _refuse
    return request


def _can_be_compiled(model: OperationModel, wrapped: Any, decorator: Any) -> bool:
    return (
        model.service_model.service_name in _SERVICES
        and model.input_shape is not None
        and _is_own(wrapped, decorator)
    )


def _input_model(model: OperationModel) -> Any:
    return model.input_shape._shape_model  # noqa: SLF001


def _test_of(model: OperationModel) -> StructuresTest:
    input_model = _input_model(model)
    test = _tests.values.get(id(input_model))
    if test is None:
        test = parameters_test(model.input_shape)
        _tests.add(input_model, test)
    return test
