"""Amazon Ion as DynamoDB's exports and imports have it: one item a line, or a list of items.

    $ion_1_0 {Item:{id:"42",total:19.9,tags:$dynamodb_SS::["new"],raw:{{aGk=}}}}

Sets are lists with an annotation (`$dynamodb_SS`, `_NS`, `_BS`), numbers are decimals, binary
values are blobs. Reading needs the library amazon.ion. Writing needs none: the library would write
600 as `600.`, where exports have `6d2`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
https://amazon-ion.github.io/ion-docs/docs/spec.html
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location, missing_library, shortened
from ddbmock._internal.formats.python_values import AttributeValueError, plain_text
from ddbmock._internal.formats.records import Record
from ddbmock._internal.messages import values as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ddbmock._internal.engine.values import AttributeValue, Item
    from ddbmock._internal.formats.files import InputFile
    from ddbmock._internal.formats.records import TableItems

#: What an Ion text begins with, and each line of an export.
VERSION_MARKER = "$ion_1_0"
#: Annotation of a list -> type of the set.
_SETS = {"$dynamodb_SS": "SS", "$dynamodb_NS": "NS", "$dynamodb_BS": "BS"}

# --- reading -------------------------------------------------------------------------------------


def read_ion(file: InputFile) -> Iterator[Record]:
    """Yield the items of an Ion file.

    Raises:
        FileError: It is not Ion, or amazon.ion is not installed.
    """
    for location, value in ion_values(file):
        members = struct_members(value, location)
        item = members["Item"] if set(members) == {"Item"} else value
        yield Record(None, ion_item(item, location), location)


def ion_values(file: InputFile) -> Iterator[tuple[Location, Any]]:
    """Yield the top-level values of an Ion file, the elements of lists one by one.

    Files whose lines all begin with the version marker, as exports have them, are read line by
    line, and so with the numbers of their lines.

    Raises:
        FileError: It is not Ion, or amazon.ion is not installed.
    """
    marker = VERSION_MARKER.encode()
    if all(line.content.startswith(marker) for line in file.lines()):
        for line in file.lines():
            location = Location(file.name, line.number)
            for value in _parsed(line.content, location):
                yield location, value
        return
    for value in _parsed(file.text(), Location(file.name)):
        yield Location(file.name), value


def check_installed(location: Location | str) -> None:
    """Do nothing if Ion can be read.

    Raises:
        FileError: amazon.ion is not installed.
    """
    try:
        from amazon.ion import simpleion  # noqa: F401, PLC0415 (optional)
    except ImportError:
        raise missing_library(location, "Amazon Ion", "amazon.ion", "ion") from None


def _parsed(text: str | bytes, location: Location) -> Iterator[Any]:
    check_installed(location)
    from amazon.ion import simpleion  # noqa: PLC0415 (optional)

    try:
        text = text if isinstance(text, str) else text.decode()
        values = list(simpleion.loads(text, single_value=False))
    except Exception as error:  # noqa: BLE001 (the library raises many kinds for a wrong text)
        raise FileError(location, f"not Amazon Ion: {error}") from None
    for value in values:
        yield from value if isinstance(value, list) else [value]


def struct_members(value: Any, location: Location) -> Mapping[str, Any]:
    """Return a top-level value, which is a struct.

    Raises:
        FileError: It is something else.
    """
    if not isinstance(value, Mapping):
        raise FileError(location, f"a record is a struct, not {shortened(value)}")
    return value


def ion_item(struct: Any, location: Location) -> Item:
    """Return a struct as an item.

    >>> ion_item({"id": "42"}, Location("orders.ion", 1))
    {'id': {'S': '42'}}

    Raises:
        FileError: It is not a struct, or has a value of a type that DynamoDB does not have.
    """
    members = struct_members(struct, location)
    try:
        return {str(name): _attribute_value(value, str(name)) for name, value in members.items()}
    except AttributeValueError as error:
        raise FileError(location, str(error)) from None
    except RecursionError:
        raise FileError(location, messages.NESTING_TOO_DEEP) from None


def _attribute_value(value: Any, path: str) -> AttributeValue:
    if isinstance(value, Mapping):
        return {
            "M": {str(name): _attribute_value(e, f"{path}.{name}") for name, e in value.items()}
        }
    if isinstance(value, list) and not _is_ion(value, "SEXP"):
        for annotation in getattr(value, "ion_annotations", ()):
            if annotation.text in _SETS:
                return _set(value, _SETS[annotation.text], path)
        return {"L": [_attribute_value(e, f"{path}[{at}]") for at, e in enumerate(value)]}
    return _scalar(value, path)


def _set(members: list[Any], kind: str, path: str) -> AttributeValue:
    values = [_scalar(member, path) for member in members]
    if any(kind[0] not in value for value in values):
        raise AttributeValueError(f"attribute {path}: a member of another type than {kind} has")
    return {kind: [value[kind[0]] for value in values]}


def _is_ion(value: object, kind: str) -> bool:
    return getattr(getattr(value, "ion_type", None), "name", "") == kind


def _scalar(value: Any, path: str) -> AttributeValue:
    if value is None or type(value).__name__ == "IonPyNull":
        return {"NULL": True}
    if isinstance(value, bool) or _is_ion(value, "BOOL"):
        return {"BOOL": bool(value)}
    if _is_ion(value, "SYMBOL"):
        return {"S": str(value.text)}
    if isinstance(value, str):
        return {"S": plain_text(value)}
    if isinstance(value, int | Decimal):
        return {"N": str(Decimal(value))}
    if isinstance(value, bytes) and not _is_ion(value, "CLOB"):
        return {"B": bytes(value)}
    raise AttributeValueError(f"attribute {path}: DynamoDB has no type for {shortened(value)}")


# --- writing -------------------------------------------------------------------------------------


def write_ion(table: TableItems) -> Iterator[str]:
    """Yield the items of a table as a full export has them."""
    for item in table.items:
        yield ion_line({"Item": ion_struct(item)})


def ion_line(members: Mapping[str, str]) -> str:
    r"""Return a line of an export: a struct of members that are Ion text already.

    >>> ion_line({"Item": ion_struct({"id": {"S": "42"}, "n": {"N": "600"}})})
    '$ion_1_0 {Item:{id:"42",n:6d2}}\n'
    """
    return f"{VERSION_MARKER} {struct_text(members)}\n"


def ion_struct(item: Item) -> str:
    """Return an item as the text of an Ion struct."""
    return struct_text({name: ion_text(value) for name, value in item.items()})


def struct_text(members: Mapping[str, str]) -> str:
    """Return an Ion struct of members that are Ion text already."""
    return "{" + ",".join(f"{_symbol(name)}:{text}" for name, text in members.items()) + "}"


def _list_text(elements: Iterable[str]) -> str:
    return "[" + ",".join(elements) + "]"


def ion_text(value: AttributeValue) -> str:
    """Return an attribute value as Ion text.

    >>> ion_text({"NS": ["1", "2.5"]})
    '$dynamodb_NS::[1.,2.5]'
    """
    ((kind, content),) = value.items()
    return _WRITERS[kind](content)


_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
#: Identifiers that mean something else than a symbol of this name.
_KEYWORDS = {"null", "true", "false", "nan"}
_SYMBOL_ID = re.compile(r"\$[0-9]+")
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f-\x9f]')
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}


def _symbol(name: str) -> str:
    is_bare = _IDENTIFIER.fullmatch(name) and name not in _KEYWORDS
    if is_bare and not _SYMBOL_ID.fullmatch(name) and name != VERSION_MARKER:
        return name
    return "'" + _escaped(name).replace("'", r"\'") + "'"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _decimal_text(number: str) -> str:
    """Return a number as an Ion decimal, without trailing zeros.

    >>> _decimal_text("103"), _decimal_text("600"), _decimal_text("-0.05"), _decimal_text("1e-9")
    ('103.', '6d2', '-0.05', '1d-9')
    """
    number_parts = _EXACT.create_decimal(number).normalize(_EXACT).as_tuple()
    minus, text = "-" if number_parts.sign else "", "".join(map(str, number_parts.digits))
    exponent = int(number_parts.exponent)
    if exponent == 0:
        return f"{minus}{text}."
    if exponent > 0 or len(text) + exponent < -_LEADING_ZEROS_MAX:
        return f"{minus}{text}d{exponent}"
    text = text.rjust(1 - exponent, "0")
    return f"{minus}{text[:exponent]}.{text[exponent:]}"


_EXACT = Context(prec=50, Emin=-999, Emax=999)
#: Smaller numbers are written with an exponent.
_LEADING_ZEROS_MAX = 5

_WRITERS: dict[str, Callable[[Any], str]] = {
    "S": lambda content: f'"{_escaped(content)}"',
    "N": _decimal_text,
    "B": lambda content: "{{" + b64encode(content).decode() + "}}",
    "BOOL": lambda content: "true" if content else "false",
    "NULL": lambda _: "null",
    "L": lambda content: _list_text(map(ion_text, content)),
    "M": ion_struct,
    "SS": lambda content: "$dynamodb_SS::" + _list_text(map(_WRITERS["S"], content)),
    "NS": lambda content: "$dynamodb_NS::" + _list_text(map(_WRITERS["N"], content)),
    "BS": lambda content: "$dynamodb_BS::" + _list_text(map(_WRITERS["B"], content)),
}
