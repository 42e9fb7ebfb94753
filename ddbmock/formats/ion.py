"""Amazon Ion as DynamoDB's exports write it.

Sets are lists with an annotation (`$dynamodb_SS::["a"]`), numbers are decimals, binary values are
blobs, everything else is what it looks like.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location

if TYPE_CHECKING:
    from ddbmock.engine.values import AttributeValue, Item


def ion_values(text: str, location: Location) -> list[Any]:
    """Return the values of an Ion text.

    Raises:
        FileError: The text is no Ion, or the `ion` extra is not installed.
    """
    try:
        from amazon.ion import exceptions, simpleion  # noqa: PLC0415 (optional)
    except ImportError:
        raise FileError(location, messages.needs_extra("Amazon Ion", "amazon.ion", "ion")) from None
    try:
        return list(simpleion.loads(text, single_value=False))
    except (exceptions.IonException, ValueError, TypeError) as error:
        raise FileError(location, messages.bad_ion(str(error))) from None


def ion_item(item: Mapping[str, Any]) -> Item:
    """Return an item of Ion values as attribute values."""
    return {str(name): _attribute_value(value) for name, value in item.items()}


def _attribute_value(value: Any) -> AttributeValue:
    for annotation in getattr(value, "ion_annotations", ()):
        kind = str(annotation.text).removeprefix("$dynamodb_")
        if kind in {"SS", "NS", "BS"}:
            return {kind: [_scalar(member)[kind[0]] for member in value]}
    if isinstance(value, Mapping):
        return {"M": ion_item(value)}
    if isinstance(value, list):
        return {"L": [_attribute_value(element) for element in value]}
    return _scalar(value)


def _scalar(value: Any) -> AttributeValue:
    if value is None or type(value).__name__ == "IonPyNull":
        return {"NULL": True}
    if isinstance(value, str):
        return {"S": str(value)}
    if type(value).__name__ == "IonPyBool" or isinstance(value, bool):
        return {"BOOL": bool(value)}
    if isinstance(value, Decimal):
        return {"N": format(value, "f")}
    return {"B": bytes(value)} if isinstance(value, bytes) else {"N": str(value)}
