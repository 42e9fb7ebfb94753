"""Names and ARNs of resources that a template defines.

What the service would choose is invented: a resource without a name is called by its logical id. So
a table's key or stream destination need not be given, though no such resource exists.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.parameters import UnresolvedError

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.options import TemplateOptions

FUNCTION_TYPES = {"AWS::Lambda::Function", "AWS::Serverless::Function"}
#: Type -> the property that `Ref` gives as it is.
_PROPERTIES = {
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Version": "FunctionName",
}

#: Type -> property with the name, and the ARN's service and resource.
_ARNS: dict[str, tuple[str, str, str]] = {
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "iam", "policy/{name}"),
    "AWS::IAM::Role": ("RoleName", "iam", "role/{name}"),
    "AWS::IAM::User": ("UserName", "iam", "user/{name}"),
    "AWS::Kinesis::Stream": ("Name", "kinesis", "stream/{name}"),
    "AWS::Lambda::Function": ("FunctionName", "lambda", "function:{name}"),
    "AWS::S3::Bucket": ("BucketName", "s3", "{name}"),
    "AWS::SNS::Topic": ("TopicName", "sns", "{name}"),
    "AWS::SQS::Queue": ("QueueName", "sqs", "{name}"),
    "AWS::Serverless::Function": ("FunctionName", "lambda", "function:{name}"),
}
_WITHOUT_REGION = {"iam": ("", "{account}"), "s3": ("", "")}


#: Type -> the property with what `Ref` gives.
_NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::S3::Bucket": "BucketName",
    **dict.fromkeys(FUNCTION_TYPES, "FunctionName"),
}


#: A target of Application Auto Scaling.
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


def target_id(resource: Resource) -> str:
    """Return what `Ref` gives for a scalable target."""
    names = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    return "|".join(str(resource.value(name)) for name in names)


def reference(resource: Resource, options: TemplateOptions) -> Any:
    """Return what `Ref` gives for a resource other than a table; None when that is not known."""
    kind = resource.kind
    if kind in _NAMES:
        return physical_name(resource, _NAMES[kind])
    if kind == "AWS::IAM::ManagedPolicy":
        return attribute(resource, "Arn", options)
    if kind == "AWS::KMS::Key":
        return key_id(resource.logical_name)
    if kind == TARGET:
        return target_id(resource)
    return resource.value(_PROPERTIES[kind]) if kind in _PROPERTIES else None


def attribute(resource: Resource, name: str, options: TemplateOptions) -> Any:
    """Return an attribute of a resource other than a table; None when that is not known."""
    if name != "Arn":
        return None
    if resource.kind == "AWS::KMS::Key":
        return options.arns.kms_key(key_id(resource.logical_name))
    if resource.kind in _ARNS:
        name_property, service, path = _ARNS[resource.kind]
        path = path.format(name=physical_name(resource, name_property))
        if service in _WITHOUT_REGION:
            region, account = _WITHOUT_REGION[service]
            account = account.format(account=options.account_id)
            return f"arn:{options.partition}:{service}:{region}:{account}:{path}"
        return options.arns.resource(path, service)
    parts = resource.kind.split("::")
    if parts[0] != "AWS":
        return None
    return options.arns.resource(f"{parts[-1].lower()}/{resource.logical_name}", parts[1].lower())


def physical_name(resource: Resource, name_property: str) -> str:
    """Return the name of a resource: that in the template, or else its logical id."""
    try:
        name = resource.value(name_property)
    except UnresolvedError:
        name = None
    return resource.logical_name if name is None else str(name)


def key_id(name: str) -> str:
    """Return the id of a key of AWS KMS, the same one for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))
