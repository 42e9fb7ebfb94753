"""The stream of a table: CreateTable's and UpdateTable's StreamSpecification.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.table_streams import disable_stream, enable_stream
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import streams as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table


def start_stream(region: Region, table: Table) -> None:
    """Enable the stream of a new table, if it was created with one."""
    specification = table.settings.stream
    if specification.get("StreamEnabled"):
        enable_stream(region, table, specification["StreamViewType"])


def change_stream(
    region: Region, table: Table, specification: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Enable or disable the stream of a table; return its new StreamSpecification.

    Raises:
        ValidationError: The stream is already enabled, or already disabled.
    """
    has_view_type = specification.get("StreamViewType") is not None
    has_stream = table.stream is not None and table.stream.is_enabled
    if specification["StreamEnabled"]:
        if not has_view_type:
            raise ValidationError(messages.ENABLED_STREAM_WITHOUT_VIEW_TYPE)
        if has_stream:
            raise ValidationError(messages.stream_already_enabled(table.name))
        enable_stream(region, table, specification["StreamViewType"])
        return specification
    if has_view_type:
        raise ValidationError(messages.DISABLED_STREAM_WITH_VIEW_TYPE)
    if not has_stream:
        raise ValidationError(messages.no_stream_to_disable(table.name))
    disable_stream(region, table)
    return {}
