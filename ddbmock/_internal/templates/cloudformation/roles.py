"""The roles of functions in CloudFormation and SAM, with their policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.access_control import RolePolicies, sam_policy
from ddbmock._internal.access_control.managed import is_of_dynamodb, managed_policy, name_of
from ddbmock._internal.access_control.sam_policies import is_sam_policy
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.policies.conditions import PolicyError
from ddbmock._internal.policies.documents import texts
from ddbmock._internal.templates.cloudformation.identifiers import attribute, physical_name
from ddbmock._internal.templates.parameters import UnresolvedError

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.cloudformation.stacks import Stack

_ROLE, _SAM_FUNCTION, _FUNCTION = (
    "AWS::IAM::Role",
    "AWS::Serverless::Function",
    "AWS::Lambda::Function",
)
_POLICIES = frozenset({"AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"})
_NAMES = {_ROLE: "RoleName", _SAM_FUNCTION: "FunctionName", _FUNCTION: "FunctionName"}


class OtherRoles(Protocol):
    """Roles that are not resources of a stack, such as those of a serverless.yml."""

    def names(self) -> list[str]:
        """Return the names of the functions that have a role."""

    def role(self, name: str) -> RolePolicies | None:
        """Return the policies of a function's role, None if there is no such function."""


def role_of(stacks: Iterable[Stack], name: str, others: Iterable[OtherRoles] = ()) -> RolePolicies:
    """Return the policies of a role, or of the role of a function.

    Args:
        stacks: The stacks that are searched.
        others: Other sources of roles.
        name: The logical id or the name of a role or function, or the id of its CDK construct.

    Raises:
        MisuseError: There is no such role or function.
        FileError: A statement about DynamoDB cannot be resolved.
    """
    found = [
        (stack, resource)
        for each in stacks
        for stack in each.all_stacks()
        for resource in stack.resources.values()
        if resource.kind in _NAMES
    ]
    for stack, resource in found:
        if name in {resource.logical_name, resource.construct_id, _name(resource)}:
            return _Reader(stack).role_policies(resource)
    others = list(others)
    for other in others:
        policies = other.role(name)
        if policies is not None:
            return policies
    known = [resource.logical_name for _, resource in found]
    known += [each for other in others for each in other.names()]
    names = ", ".join(sorted(known)) or "none"
    raise MisuseError(f"no role or function {name!r} in the templates; they have {names}")


def _name(resource: Resource) -> str:
    return physical_name(resource, _NAMES[resource.kind])


class _Reader:
    """Reads the policies of roles of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def role_policies(self, resource: Resource) -> RolePolicies:
        """Return the policies of a role or of a function's role."""
        if resource.kind == _ROLE:
            return self._of_role(resource)
        if resource.properties.get("Role") is not None:
            arn = str(resource.value("Role"))
            for role in self._stack.resources.values():
                if role.kind == _ROLE and self._arn(role) == arn:
                    return self._of_role(role)
            raise MisuseError(
                f"the role {arn} of {resource.logical_name} is not in the template: give its"
                " policies to as_principal() themselves"
            )
        options = self._stack.options
        arn = f"arn:{options.partition}:iam::{options.account_id}:role/{_name(resource)}Role"
        listed = resource.reveal(resource.properties.get("Policies"), "Policies")
        documents = dict(self._sam_policies(resource, listed))
        boundary = resource.properties.get("PermissionsBoundary")
        return RolePolicies(arn, documents, self._boundary(resource, boundary))

    def _of_role(self, role: Resource) -> RolePolicies:
        documents: dict[str, Mapping[str, Any]] = {}
        for policy in role.elements("Policies"):
            name = str(role.resolve(policy.get("PolicyName"), "PolicyName"))
            documents[name] = self._document(role, policy.get("PolicyDocument"))
        for given in role.reveal(role.properties.get("ManagedPolicyArns"), "Policies") or ():
            name, document = self._managed(role, given)
            documents[name] = document
        for other in self._stack.resources.values():
            if other.kind in _POLICIES and self._is_attached(other, role):
                given = other.properties.get("PolicyDocument")
                documents[other.logical_name] = self._document(other, given)
        boundary = role.properties.get("PermissionsBoundary")
        return RolePolicies(self._arn(role), documents, self._boundary(role, boundary))

    def _arn(self, role: Resource) -> str:
        return str(attribute(role, "Arn", self._stack.options))

    def _is_attached(self, policy: Resource, role: Resource) -> bool:
        names = policy.value("Roles") or [policy.value("RoleName")]
        return _name(role) in names

    def _boundary(self, resource: Resource, given: Any) -> Mapping[str, Any] | None:
        return None if given is None else self._managed(resource, given)[1]

    def _managed(self, resource: Resource, given: Any) -> tuple[str, Mapping[str, Any]]:
        """Return the name and the document of a managed policy, of AWS or of the template."""
        arn = str(resource.resolve(given, "ManagedPolicyArns"))
        name = name_of(arn)
        for other in self._stack.resources.values():
            if other.kind == "AWS::IAM::ManagedPolicy" and self._refers(arn, other):
                return other.logical_name, self._document(
                    other, other.properties.get("PolicyDocument")
                )
        document = managed_policy(name)
        # No other policy of AWS mentions DynamoDB.
        return name, {"Statement": []} if document is None else document

    def _refers(self, arn: str, policy: Resource) -> bool:
        return name_of(arn) in {policy.logical_name, physical_name(policy, "ManagedPolicyName")}

    def _sam_policies(
        self, function: Resource, listed: Any
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        entries = listed if isinstance(listed, list | tuple) else [listed]
        for number, entry in enumerate(entries, start=1):
            policy = function.reveal(entry, "Policies")
            if isinstance(policy, str):
                yield self._managed(function, policy)
            elif isinstance(policy, Mapping) and "Statement" in policy:
                yield f"policy {number}", self._document(function, policy)
            elif isinstance(policy, Mapping) and len(policy) == 1:
                (name,) = policy
                if is_sam_policy(name):
                    parameters = function.resolve(policy[name], "Policies")
                    yield name, self._template(function, name, parameters)

    def _template(self, function: Resource, name: str, parameters: Any) -> Mapping[str, Any]:
        try:
            return sam_policy(name, parameters, self._stack.options.arns)
        except (PolicyError, AttributeError) as error:
            problem = f"{name} of {function.logical_name}: {error}"
            raise MisuseError(problem) from None

    def _document(self, resource: Resource, document: Any) -> Mapping[str, Any]:
        """Return a document, resolved; statements of other services need not be resolvable."""
        revealed = resource.reveal(document, "PolicyDocument") or {}
        given = resource.reveal(revealed.get("Statement"), "PolicyDocument") or []
        statements = [given] if isinstance(given, Mapping) else given
        resolved = statements_of_tables(
            statements, lambda statement: resource.resolve(statement, "PolicyDocument")
        )
        version = resource.resolve(revealed.get("Version"), "PolicyDocument")
        return {"Version": str(version or "2012-10-17"), "Statement": resolved}


def statements_of_tables(statements: Iterable[Any], resolve: Callable[[Any], Any]) -> list[Any]:
    """Return statements, resolved, without those of other services that cannot be resolved.

    Raises:
        FileError: A statement about DynamoDB cannot be resolved.
    """
    resolved = [_resolved(statement, resolve) for statement in statements]
    return [statement for statement in resolved if statement is not None]


def _resolved(statement: Any, resolve: Callable[[Any], Any]) -> Any:
    try:
        return resolve(statement)
    except UnresolvedError:
        actions = resolve(statement.get("Action")) if isinstance(statement, Mapping) else None
        if actions is None or any(map(is_of_dynamodb, texts(actions, "Action"))):
            raise
        return None
