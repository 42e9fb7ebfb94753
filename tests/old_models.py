"""What an old botocore's model lacks is not there for a test to send, to get or to wait for."""

from __future__ import annotations

from functools import cache

import botocore
import pytest
from botocore.exceptions import ParamValidationError

from ddbmock import FileError
from ddbmock._internal.service_model import service_model

#: The first botocore whose model has everything that most tests send.
_COMPLETE = (1, 40)

IS_OLD = tuple(map(int, botocore.__version__.split(".")[:2])) < _COMPLETE
REASON = "the model of this botocore does not have it yet"
#: For tests in which something else than an exception shows what the model lacks.
needs_complete_model = pytest.mark.skipif(IS_OLD, reason=REASON)


def is_of_old_model(error: BaseException) -> bool:
    """Return whether a test failed since the model of an old botocore lacks something."""
    if not IS_OLD:
        return False
    text = str(error)
    if isinstance(error, (ParamValidationError, FileError)):
        return "Unknown parameter" in text or "unknown property" in text
    if isinstance(error, KeyError):
        return error.args[0] not in _names()
    if isinstance(error, AttributeError):
        return "botocore.errorfactory" in text
    return isinstance(error, ValueError) and "Waiter does not exist" in text


@cache
def _names() -> frozenset[str]:
    """Return the names of all members of the structures of the model."""
    shapes = service_model("dynamodb")._service_description["shapes"]
    return frozenset(name for shape in shapes.values() for name in shape.get("members", ()))
