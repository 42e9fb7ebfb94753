"""The roles of a Terraform configuration, with their policies.

Inline policies, policies that are attached, those that AWS manages and the permissions boundary. A
function is found by the role that it runs under.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.access_control import RolePolicies
from ddbmock._internal.access_control.managed import managed_policy, name_of
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.templates.terraform.policy_documents import POLICY, parsed_policy
from ddbmock._internal.templates.terraform.resources import FUNCTION, computed_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.templates.options import TemplateOptions
    from ddbmock._internal.templates.terraform.resources import Resource

    Document = Mapping[str, Any]

_ROLE, _ROLE_POLICY = "aws_iam_role", "aws_iam_role_policy"
_ATTACHMENTS = frozenset({"aws_iam_policy_attachment", "aws_iam_role_policy_attachment"})
_KINDS = {_ROLE, _ROLE_POLICY, POLICY, FUNCTION, *_ATTACHMENTS}


def is_about_roles(kind: str) -> bool:
    """Return whether resources of a type are roles, their policies, or run under roles."""
    return kind in _KINDS


class TerraformRoles:
    """The roles of one configuration, read when they are asked for.

    Args:
        read: Returns the resources that are about roles.
        options: The account of the roles.
    """

    def __init__(self, read: Callable[[], list[Resource]], options: TemplateOptions) -> None:
        self._read = read
        self._options = options

    def names(self) -> list[str]:
        """Return the addresses of the roles and functions."""
        return [each.address for each in self._read() if each.kind in {_ROLE, FUNCTION}]

    def role(self, name: str) -> RolePolicies | None:
        """Return the policies of a role, or of a function's role; None if there is neither.

        Args:
            name: The name, the label or the address of a role or function.

        Raises:
            FileError: A policy is not known, or no JSON.
            MisuseError: The role of the function is not in the configuration.
        """
        resources = self._read()
        for resource in resources:
            if resource.kind in {_ROLE, FUNCTION} and name in self._names(resource):
                if resource.kind == FUNCTION:
                    return self._of_role(self._role_of(resource, resources), resources)
                return self._of_role(resource, resources)
        return None

    def _names(self, resource: Resource) -> set[str]:
        argument = "function_name" if resource.kind == FUNCTION else "name"
        return {resource.label, resource.address, str(self._attribute(resource, argument))}

    def _attribute(self, resource: Resource, name: str) -> Any:
        """Return an argument, or an attribute that the provider computes."""
        value = resource.values.get(name)
        if value is not None:
            return value
        computed = computed_attributes(
            resource.kind, resource.label, resource.values, self._options
        )
        return computed[name]() if name in computed else None

    def _role_of(self, function: Resource, resources: list[Resource]) -> Resource:
        arn = _known(function, "role")
        for resource in resources:
            if resource.kind == _ROLE and self._attribute(resource, "arn") == arn:
                return resource
        raise MisuseError(
            f"the role {arn} of {function.address} is not in the configuration: give its policies"
            " to as_principal() themselves"
        )

    def _of_role(self, role: Resource, resources: list[Resource]) -> RolePolicies:
        documents: dict[str, Document] = {}
        for block in role.values.get("inline_policy") or ():
            if block.get("policy"):
                documents[str(block.get("name"))] = parsed_policy(
                    block["policy"], role.location, "policy"
                )
        for arn in role.values.get("managed_policy_arns") or ():
            documents |= self._managed(arn, resources)
        role_name = self._attribute(role, "name")
        for resource in resources:
            if resource.kind == _ROLE_POLICY and _known(resource, "role") == role_name:
                documents[resource.address] = _policy_of(resource)
            elif resource.kind in _ATTACHMENTS and role_name in _attached_roles(resource):
                documents |= self._managed(_known(resource, "policy_arn"), resources)
        boundary = role.values.get("permissions_boundary")
        limit = None if boundary is None else self._managed(boundary, resources)
        return RolePolicies(
            str(self._attribute(role, "arn")),
            documents,
            None if limit is None else next(iter(limit.values())),
        )

    def _managed(self, arn: Any, resources: list[Resource]) -> dict[str, Document]:
        """Return a policy by its ARN, with its name: the configuration's own, or one of AWS."""
        for resource in resources:
            if resource.kind == POLICY and self._attribute(resource, "arn") == arn:
                return {resource.address: _policy_of(resource)}
        name = name_of(str(arn))
        # No other policy of AWS mentions DynamoDB.
        return {name: managed_policy(name) or {"Version": "2012-10-17", "Statement": []}}


def _attached_roles(attachment: Resource) -> Iterator[str]:
    if attachment.kind == "aws_iam_role_policy_attachment":
        yield _known(attachment, "role")
    else:
        yield from attachment.values.get("roles") or ()


def _policy_of(resource: Resource) -> Document:
    return parsed_policy(_known(resource, "policy"), resource.location, "policy")


def _known(resource: Resource, argument: str) -> Any:
    value = resource.values.get(argument)
    if value is None:
        raise FileError(
            resource.location,
            f"{argument} is not known before Terraform is applied",
            hint="use the .tf files, or `terraform show -json` of the state",
        )
    return value
