"""The rules of the stream, encryption and class of a new table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE_CLASSES = ("STANDARD", "STANDARD_INFREQUENT_ACCESS")


def check_stream(specification: Mapping[str, Any] | None) -> None:
    """Raise ValidationError unless a view type is given exactly when the stream is enabled."""
    if specification is None:
        return
    has_view_type = specification.get("StreamViewType") is not None
    if specification["StreamEnabled"] and not has_view_type:
        raise ValidationError(messages.STREAM_WITHOUT_VIEW_TYPE)
    if not specification["StreamEnabled"] and has_view_type:
        raise ValidationError(messages.VIEW_TYPE_WITHOUT_STREAM)


def check_encryption(specification: Mapping[str, Any] | None) -> None:
    """Raise ValidationError when the members of an SSESpecification contradict each other.

    `Enabled` may be absent: then the other members count as if it were true.
    """
    if not specification:
        return
    given = [name for name in ("SSEType", "KMSMasterKeyId") if specification.get(name) is not None]
    if specification.get("Enabled") is False and given:
        raise ValidationError(messages.encryption_not_enabled(given[0]))
    if specification.get("SSEType") == "AES256":
        raise ValidationError(messages.AES256_NOT_SUPPORTED)
    if given == ["KMSMasterKeyId"]:
        raise ValidationError(messages.KMS_TYPE_REQUIRED)


def check_table_class(table_class: str | None) -> None:
    """Raise ValidationError for an unknown table class."""
    if table_class is not None and table_class not in TABLE_CLASSES:
        raise ValidationError(messages.TABLE_CLASS_UNKNOWN)
