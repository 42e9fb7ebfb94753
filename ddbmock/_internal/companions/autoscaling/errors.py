"""Errors of Application Auto Scaling."""

from __future__ import annotations

from ddbmock._internal.errors import ServiceError


class ScalingError(ServiceError):
    """An error response of Application Auto Scaling."""

    type_prefix = "com.amazonaws.autoscaling.application#"
    message_member = "Message"


class ScalingValidationError(ScalingError):
    """A request is wrong."""

    code = "ValidationException"


class ObjectNotFoundError(ScalingError):
    """There is no such target, policy or scheduled action."""

    code = "ObjectNotFoundException"


class ScalingTokenError(ScalingError):
    """The token of a page is invalid."""

    code = "InvalidNextTokenException"


class ScalingResourceNotFoundError(ScalingError):
    """An ARN names no target."""

    code = "ResourceNotFoundException"
