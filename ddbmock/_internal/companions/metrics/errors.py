"""Errors of CloudWatch, named by their codes; the model has other names for some.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from ddbmock._internal.errors import ServiceError


class CloudWatchError(ServiceError):
    """An error response of CloudWatch."""

    type_prefix = "com.amazonaws.cloudwatch#"


class InvalidParameterValueError(CloudWatchError):
    """The value of a parameter is wrong."""

    code = "InvalidParameterValue"
    type_name = "InvalidParameterValueException"


class InvalidParameterCombinationError(CloudWatchError):
    """Parameters cannot be combined."""

    code = "InvalidParameterCombination"
    type_name = "InvalidParameterCombinationException"


class MissingParameterError(CloudWatchError):
    """A parameter is missing."""

    code = "MissingParameter"
    type_name = "MissingRequiredParameterException"


class AlarmNotFoundError(CloudWatchError):
    """There is no such alarm."""

    code = "ResourceNotFound"
    type_name = "ResourceNotFound"
    http_status = 404


class InvalidFormatError(CloudWatchError):
    """A text has the wrong format."""

    code = "InvalidFormat"
    type_name = "InvalidFormatFault"


class InvalidTokenError(CloudWatchError):
    """The token of a page is invalid."""

    code = "InvalidNextToken"
    type_name = "InvalidNextToken"


class CloudWatchValidationError(CloudWatchError):
    """A parameter breaks a constraint of the model."""

    code = "ValidationError"
    type_name = "ValidationError"
