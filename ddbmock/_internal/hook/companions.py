"""Calls of the clients of companions (CloudWatch, ...), answered on before-call.

The parameters are taken on before-parameter-build, as the program passed them, because botocore has
changed the protocols of some services. Calls that are not the companion's own go to moto where it
is active; otherwise they are refused, so that no test leaves the process by accident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.ownership import Ownership
from ddbmock._internal.companions.requests import canonical
from ddbmock._internal.errors import ServiceError, UnsupportedError
from ddbmock._internal.hook import active, guard, regions
from ddbmock._internal.hook.before_call import UnsentResponse, unsent_response

if TYPE_CHECKING:
    from ddbmock._internal.service import Companion

#: The services of companions, as botocore's events name them.
EVENT_NAMES = ("cloudwatch", "application-auto-scaling", "dax")
_PARAMETERS, _OWN_PART = "ddbmock_parameters", "ddbmock_own_part"


def note_parameters(*, params: Any, model: Any, context: Any, **_: Any) -> None:
    """Remember what a program passed, until the call is answered."""
    if _companion_of(model) is not None:
        context[_PARAMETERS] = params


def answer_companion_call(
    *, model: Any, context: Any, **_: Any
) -> tuple[UnsentResponse, dict[str, Any]] | None:
    """Answer a call of another service, or return None to have botocore send it."""
    answering, companion = active.current, _companion_of(model)
    if answering is None or companion is None or _PARAMETERS not in context:
        return None
    parameters = canonical(context.pop(_PARAMETERS), model.input_shape)
    region_name = regions.region_of(context, answering)
    ownership = companion.ownership(region_name, model.name, parameters)
    is_beside_moto = active.other_services is not None or guard.is_answered_by_moto()
    if is_beside_moto and ownership is not Ownership.OWN:
        if ownership is Ownership.SHARED:
            context[_OWN_PART] = companion.execute(region_name, model.name, parameters)
        return None
    if ownership is Ownership.OTHER:
        raise UnsupportedError(companion.reason_unsupported(model.name, parameters))
    try:
        companion.check(model.name, parameters, model.input_shape)
        response = companion.execute(region_name, model.name, parameters)
    except ServiceError as error:
        return unsent_response(answering, error.http_status, parsed_error(error, model))
    return unsent_response(answering, 200, response)


def add_own_part(*, parsed: Any, context: Any, **_: Any) -> None:
    """Add the companion's entries to the lists in another mock's response."""
    for name, own in context.pop(_OWN_PART, {}).items():
        if isinstance(own, list):
            parsed[name] = [*own, *parsed.get(name, ())]


def _companion_of(model: Any) -> Companion | None:
    answering = active.current
    if answering is None:
        return None
    return answering.service.companions.get(model.service_model.service_name)


def parsed_error(error: ServiceError, model: Any) -> dict[str, Any]:
    """Return an error as botocore's own parsers would.

    A service that once had the query protocol has two names for an error: that of its shape decides
    which exception is raised, and clients see the other one.
    """
    details: dict[str, Any] = {"Message": error.message, "Code": error.code}
    parsed: dict[str, Any] = {"Error": details, "message": error.message, **error.members}
    if "awsQueryCompatible" in model.service_model.metadata:
        shape = model.service_model.shape_for_error_code(error.code)
        if shape is not None:
            details["QueryErrorCode"] = shape.name
    return parsed
