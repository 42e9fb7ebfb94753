"""One item: edit, create, delete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ddbmock._internal.console.layout import note, page
from ddbmock._internal.console.markup import Markup, element, field
from ddbmock._internal.console.queries import read_item
from ddbmock._internal.console.requests import BAD_REQUEST, NOT_FOUND, OK, json_text, redirect
from ddbmock._internal.console.tables import trail
from ddbmock._internal.errors import ConditionalCheckFailedError, ServiceError
from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.formats.python_values import AttributeValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Place
    from ddbmock._internal.console.requests import Request, Response

_EXAMPLES: Mapping[str, str | bytes] = {"S": "", "N": "0", "B": b""}


def show(request: Request, place: Place, forms: Forms) -> Response:
    """Return the page of an item, or apply its form."""
    key_text = request.query.get("key", "")
    try:
        key = read_item(key_text) if key_text else None
        if request.method != "POST":
            return _show_stored(place, forms, key)
        if request.form.get("do") == "delete" and key is not None:
            place.request("DeleteItem", Key=key)
            return redirect(place.url(done="deleted"))
        return _save(place, key, request.form.get("item", ""))
    except (AttributeValueError, ServiceError, ValueError) as error:
        text = request.form.get("item", key_text)
        return _editor(place, forms, key_text, text, error=_message(error))


def _show_stored(place: Place, forms: Forms, key: Mapping[str, Any] | None) -> Response:
    if key is None:
        attributes = place.table.key_schema.attributes
        empty = {each.name: {each.kind: _EXAMPLES[each.kind]} for each in attributes}
        return _editor(place, forms, "", _written(empty))
    item = place.request("GetItem", Key=key, ConsistentRead=True).get("Item")
    if item is None:
        message = note("There is no such item; it may have been deleted.", is_error=True)
        return page("item", message, trail=trail(place), status=NOT_FOUND)
    return _editor(place, forms, json_text(jsonable_item(dict(key))), _written(item))


def _save(place: Place, key: Mapping[str, Any] | None, text: str) -> Response:
    """Put the item; with a changed key, the old item remains."""
    item = read_item(text)
    names = place.table.key_schema.names
    if key is not None and {name: item.get(name) for name in names} == key:
        place.request("PutItem", Item=item)
        return redirect(place.url(done="saved"))
    condition = {
        "ConditionExpression": "attribute_not_exists(#k)",
        "ExpressionAttributeNames": {"#k": names[0]},
    }
    place.request("PutItem", Item=item, **condition)
    return redirect(place.url(done="created"))


def _editor(
    place: Place, forms: Forms, key_text: str, text: str, *, error: str | None = None
) -> Response:
    is_new = not key_text
    buttons: list[Markup] = [
        element("button", "Create" if is_new else "Save", name="do", value="save", class_="main")
    ]
    if not is_new:
        buttons.append(element("button", "Delete", name="do", value="delete"))
    editor = element("textarea", f"\n{text}", name="item", spellcheck="false", autofocus=True)
    form = forms.form(
        place.url("item", key=key_text),
        field("DynamoDB JSON", editor),
        element("div", *buttons, class_="actions"),
        class_="editor",
    )
    message = "" if error is None else note(error, is_error=True)
    title = "new item" if is_new else "item"
    status = OK if error is None else BAD_REQUEST
    return page(title, message, form, trail=trail(place), status=status)


def _written(item: Mapping[str, Any]) -> str:
    """Return an item as JSON with an attribute on each line."""
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in jsonable_item(dict(item)).items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}"


def _message(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"This is not JSON: {error}"
    if isinstance(error, ConditionalCheckFailedError):
        return "An item with this key exists already."
    return str(error)
