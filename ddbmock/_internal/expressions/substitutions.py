"""The names and values that a request substitutes for placeholders."""

from __future__ import annotations

from collections.abc import Mapping

from ddbmock._internal.engine.values import AttributeValue

#: `#name` -> the attribute name.
Names = Mapping[str, str]
#: `:value` -> the attribute value, canonical.
Values = Mapping[str, AttributeValue]
NO_NAMES: Names = {}
NO_VALUES: Values = {}
