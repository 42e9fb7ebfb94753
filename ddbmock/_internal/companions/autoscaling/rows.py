"""The operations of Application Auto Scaling by name; the modules that do them add their rows."""

from __future__ import annotations

from typing import Any

from ddbmock._internal.companions.operations import Rows

ROWS: Rows[Any] = Rows()
#: The members that name a target in requests.
PLACE = ("ServiceNamespace", "ResourceId", "ScalableDimension")
