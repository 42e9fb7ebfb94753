"""What ddbmock says, as itself, of data files and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _short(value: object, characters_max: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= characters_max else text[: characters_max - 3] + "..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def not_an_item(value: object) -> str:
    return f"an item is an object of attributes, not {_short(value)}"


def needs_extra(thing: str, library: str, extra: str) -> str:
    return f"to read or write {thing}, install {library}: pip install 'ddbmock[{extra}]'"


NO_TABLES = "no DynamoDB tables in this template"
NO_TEMPLATE_IN_FOLDER = (
    "no template in this folder: no cdk.out, no .tf files, no serverless.yml, no template.yaml"
)
NOT_AN_ASSEMBLY = "not the manifest of a CDK app's output"
UNKNOWN_TEMPLATE = (
    "no template that ddbmock knows: CloudFormation, SAM, serverless.yml, Terraform (.tf, or the"
    " output of `terraform show -json`), CDK's cdk.out, NoSQL Workbench"
)


def _how_to_give(name: str) -> str:
    return f"give it: parameters={{{name!r}: ...}}"


def unresolved(name: str) -> str:
    return f"{name} has no value here; {_how_to_give(name)}"


def unresolved_variable(expression: str) -> str:
    name = expression.partition(",")[0].strip()
    return f"${{{expression}}} has no value here; {_how_to_give(name)}"


def unresolvable_function(name: str) -> str:
    return f"ddbmock does not resolve {name}; write out what it stands for"


def malformed_function(name: str) -> str:
    return f"{name} with arguments that do not fit"


def value_not_allowed(name: str, value: object, allowed: Sequence[str]) -> str:
    return f"{name} is {value!r}; allowed are {', '.join(allowed)}"


def not_in_map(map_name: str, first: str, second: str) -> str:
    return f"the template's Mappings have no {map_name}.{first}.{second}"


def no_such_condition(name: str) -> str:
    return f"the template's Conditions have no {name}"


def circular_condition(name: str) -> str:
    return f"the condition {name} depends on itself"


def circular_variable(name: str) -> str:
    return f"{name} depends on itself"


def not_a_text_variable(variable: str) -> str:
    return f"{variable} stands inside a text and is no text"


def file_is_a_program(path: str) -> str:
    return f"{path} is a program, which ddbmock does not run; give the variable in parameters"


def wrong_property(path: str, expected: str, value: object) -> str:
    return f"{path} takes {expected}, not {_short(value)}"


def unknown_property(path: str) -> str:
    return f"ddbmock does not know the property {path} of a table"


def import_refused(name: str) -> str:
    return (
        f"{name}: ddbmock does not fill a table from Amazon S3 or a backup; take it out, and load"
        " the data with ddb.load(...)"
    )


def without_name(argument: str) -> str:
    return f"{argument} is not known; Terraform has no value for it before it is applied"


def bad_item_json(problem: str) -> str:
    return f"item is not JSON: {problem}"


def seed_without_table(name: str, table_names: Sequence[str]) -> str:
    return f"items for the table {name!r}, which is not in the template: {_listed(table_names)}"


def name_twice(name: str, other: str) -> str:
    return f"the name {name!r} is that of {other} too"


def not_a_target(target: object) -> str:
    return (
        "create() takes what mock_dynamodb() gives, or a boto3 client or resource of DynamoDB,"
        f" not {_short(target)}"
    )


def bad_hcl(problem: str) -> str:
    return f"not HCL: {problem}"


def unknown_expression(kind: str) -> str:
    kind = kind.replace("_", " ")
    return f"ddbmock does not evaluate this ({kind}); use the output of `terraform show -json`"


def failed_expression(problem: str) -> str:
    return f"this expression cannot be evaluated: {problem}"


def unknown_terraform_function(name: str) -> str:
    return f"ddbmock does not know the function {name}; use the output of `terraform show -json`"


def not_a_terraform_text(value: object) -> str:
    return f"not text: {_short(value)}"
