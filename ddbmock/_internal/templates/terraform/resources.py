"""Resources of Terraform, from .tf files or from `terraform show -json`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.options import TemplateOptions

TABLE, ITEM = "aws_dynamodb_table", "aws_dynamodb_table_item"
EVENT_SOURCE, FUNCTION = "aws_lambda_event_source_mapping", "aws_lambda_function"

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance of a resource: its address, its type, its values."""

    address: str
    kind: str
    values: Values
    location: Location

    @property
    def label(self) -> str:
        """The name of the resource in the configuration, without module, type and index."""
        return self.address.split("[", 1)[0].rpartition(".")[2] or self.address


#: Types of other services that may be about tables.
_BESIDE = frozenset({
    EVENT_SOURCE, "aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action",
    "aws_appautoscaling_target", "aws_cloudwatch_metric_alarm",
})  # fmt: skip


def is_about_tables(kind: str) -> bool:
    """Return whether resources of a type are tables or change them."""
    return kind.startswith("aws_dynamodb_") or kind in _BESIDE


#: Type -> argument with the name, and the ARN's service and resource.
_ARNS: dict[str, tuple[str, str, str]] = {
    "aws_iam_policy": ("name", "iam", "policy/{name}"),
    "aws_iam_role": ("name", "iam", "role/{name}"),
    "aws_kinesis_stream": ("name", "kinesis", "stream/{name}"),
    "aws_lambda_function": ("function_name", "lambda", "function:{name}"),
    "aws_sns_topic": ("name", "sns", "{name}"),
    "aws_sqs_queue": ("name", "sqs", "{name}"),
}


def computed_attributes(
    kind: str, label: str, values: Values, options: TemplateOptions
) -> dict[str, Callable[[], Any]]:
    """Return attributes that the provider would compute; the service's choices are invented."""
    if kind == TABLE:
        return {
            "id": lambda: values["name"],
            "arn": lambda: options.arns.table(str(values["name"])),
            "stream_arn": lambda: options.stream_arn(str(values["name"])),
        }
    if kind == "aws_kms_key":
        key_id = str(uuid.uuid5(uuid.NAMESPACE_OID, label))
        return {
            "arn": lambda: options.arns.kms_key(key_id),
            "id": lambda: key_id,
            "key_id": lambda: key_id,
        }
    argument, service, path = _ARNS.get(kind, ("name", "", ""))

    def name() -> str:
        given = values.get(argument)
        return label if given is None else str(given)

    def arn() -> str:
        if service == "iam":
            prefix = f"arn:{options.partition}:iam::{options.account_id}"
            return f"{prefix}:{path.format(name=name())}"
        if service:
            return options.arns.resource(path.format(name=name()), service)
        provider_service, _, resource = kind.removeprefix("aws_").partition("_")
        return options.arns.resource(f"{resource or provider_service}/{label}", provider_service)

    computed: dict[str, Callable[[], Any]] = {"arn": arn}
    if kind == FUNCTION:
        computed["function_name"] = name
        computed["id"] = name
        computed["qualified_arn"] = lambda: f"{arn()}:1"
    if kind == "aws_iam_role":
        computed["id"] = computed["name"] = name
    elif kind == "aws_iam_policy":
        computed["id"], computed["name"] = arn, name
    return computed
