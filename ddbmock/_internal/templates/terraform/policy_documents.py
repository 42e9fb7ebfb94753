"""Data sources of IAM: policies that are written in blocks, and policies that AWS manages.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access_control.managed import is_of_dynamodb
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.options import TemplateOptions

    Values = Mapping[str, Any]

POLICY_DOCUMENT, POLICY = "aws_iam_policy_document", "aws_iam_policy"

#: Argument of a statement -> element of the policy language.
_ELEMENTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


def data_attributes(
    kind: str, values: Values, location: Location, options: TemplateOptions
) -> dict[str, Callable[[], Any]]:
    """Return the attributes of a data source of IAM, each to be evaluated when it is needed."""
    if kind == POLICY:
        managed = f"arn:{options.partition}:iam::aws:policy/{{}}"
        return {
            "arn": lambda: values.get("arn") or managed.format(values["name"]),
            "name": lambda: values.get("name") or str(values["arn"]).rpartition("/")[2],
        }

    def text() -> str:
        return json.dumps(_document(values, location))

    return {"json": text, "minified_json": text}


def parsed_policy(text: Any, location: Location, what: str) -> dict[str, Any]:
    """Return a policy that is given as JSON.

    Raises:
        FileError: It is no JSON object.
    """
    try:
        document = json.loads(text)
    except (TypeError, ValueError) as error:
        raise FileError(location, f"{what} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise FileError(location, f"{what} is a JSON object, not {shown(document)}")
    return document


def _document(values: Values, location: Location) -> dict[str, Any]:
    statements = _statements_of(values.get("source_policy_documents"), location)
    own = [_statement(block) for block in values.get("statement") or ()]
    statements += [statement for statement in own if statement is not None]
    for override in _statements_of(values.get("override_policy_documents"), location):
        sid = override.get("Sid")
        places = [at for at, each in enumerate(statements) if sid and each.get("Sid") == sid]
        if places:
            statements[places[0]] = override
        else:
            statements.append(override)
    document = {"Version": values.get("version") or "2012-10-17", "Statement": statements}
    return {"Id": values["policy_id"], **document} if values.get("policy_id") else document


def _statements_of(documents: Any, location: Location) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = []
    for text in documents or ():
        given = parsed_policy(text, location, "a policy document").get("Statement") or []
        statements += [given] if isinstance(given, dict) else given
    return statements


def _statement(block: Values) -> dict[str, Any] | None:
    """Return a statement; None for one of other services that cannot be resolved."""
    try:
        return _resolved(block)
    except UnresolvedError:
        actions = block.get("actions")
        if actions is None or any(map(is_of_dynamodb, actions)):
            raise
        return None


def _resolved(block: Values) -> dict[str, Any]:
    statement: dict[str, Any] = {}
    if block.get("sid"):
        statement["Sid"] = block["sid"]
    statement["Effect"] = block.get("effect") or "Allow"
    for argument, element in _PRINCIPALS.items():
        if block.get(argument):
            statement[element] = _principals(block[argument])
    for argument, element in _ELEMENTS.items():
        if block.get(argument):
            statement[element] = _with_variables(block[argument])
    conditions: dict[str, dict[str, list[str]]] = {}
    for condition in block.get("condition") or ():
        keys = conditions.setdefault(str(condition["test"]), {})
        keys.setdefault(str(condition["variable"]), []).extend(_with_variables(condition["values"]))
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(blocks: Any) -> Any:
    principals: dict[str, list[str]] = {}
    for block in blocks:
        principals.setdefault(str(block["type"]), []).extend(map(str, block["identifiers"]))
    return "*" if principals.keys() == {"*"} else principals


def _with_variables(texts: Any) -> list[str]:
    """Return texts with the variables of the policy language as IAM writes them.

    >>> _with_variables(["user/&{aws:username}"])
    ['user/${aws:username}']
    """
    return [str(text).replace("&{", "${") for text in texts]
