"""Tables that are imported from Amazon S3: an ImportTable, and settings that follow it.

CloudFormation and Terraform do the same: they import the table, then they update it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.shapes import typed_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.contents import TableSpec

Request = dict[str, Any]

#: Members of CreateTable that are set after the import -> the operation that sets them.
_AFTERWARDS = {
    "DeletionProtectionEnabled": "UpdateTable",
    "StreamSpecification": "UpdateTable",
    "TableClass": "UpdateTable",
    "Tags": "TagResource",
    "WarmThroughput": "UpdateTable",
}


def imported(spec: TableSpec, source: Mapping[str, Any], location: Location) -> TableSpec:
    """Return a table that is created by an import.

    Args:
        spec: The table as CreateTable would create it.
        source: The members of ImportTable about the source: S3BucketSource, InputFormat, ....
        location: Where the source is.

    Raises:
        FileError: A member is unknown or of another type, or the table cannot be imported.
    """
    afterwards = [
        settings.setting(name, operation, {name: spec.request[name]}, location)
        for name, operation in _AFTERWARDS.items()
        if name in spec.request
    ]
    return replace(
        spec,
        import_request=_request(spec.request, source, location),
        settings=(*afterwards, *spec.settings),
    )


def _request(create: Request, source: Mapping[str, Any], location: Location) -> Request:
    taken = input_shape("ImportTable").members["TableCreationParameters"].members
    for name in create.keys() - taken - _AFTERWARDS.keys():
        raise FileError(location, f"ImportTable takes no {name}: take one of the two out")
    request = typed_request("ImportTable", source, location)
    for name in ("S3BucketSource", "InputFormat"):
        if name not in request:
            raise FileError(location, f"{name} is missing")
    parameters = {name: create[name] for name in create if name in taken}
    return {**request, "TableCreationParameters": parameters}
