"""The roles of a service's functions: the provider's statements, and those of single functions.

    provider.iam.role: statements, managedPolicies       provider.iamRoleStatements (older)
    functions.NAME: iamRoleStatements, iamRoleStatementsInherit (serverless-iam-roles-per-function)

https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.access_control import RolePolicies
from ddbmock._internal.access_control.managed import managed_policy, name_of
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.file_errors import Location
from ddbmock._internal.templates.cloudformation.roles import statements_of_tables
from ddbmock._internal.templates.serverless.events import functions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.serverless.variables import Variables

_PROVIDER = "provider"


class ServiceRoles:
    """The roles of one service, read when they are asked for."""

    def __init__(
        self, document: Mapping[str, Any], variables: Variables, stack: Stack, source: str
    ) -> None:
        self._document = document
        self._variables = variables
        self._stack = stack
        self._location = Location(source)

    def names(self) -> list[str]:
        """Return the names of the functions."""
        return [name for name, _ in functions_of(self._document, self._variables)]

    def role(self, name: str) -> RolePolicies | None:
        """Return the policies of a function's role, None for a name that is no function's.

        Raises:
            FileError: A statement about DynamoDB cannot be resolved.
            MisuseError: The function has a role that the service does not define.
        """
        functions = dict(functions_of(self._document, self._variables))
        if name not in functions:
            return None
        function = self._variables.mapping(functions[name])
        if function.get("role") is not None:
            raise MisuseError(
                f"the function {name} has a role of its own: name that role, or give its policies"
                " to as_principal() themselves"
            )
        own = self._statements(function.get("iamRoleStatements"))
        documents: dict[str, Mapping[str, Any]] = {}
        inherits = self._variables.resolve(function.get("iamRoleStatementsInherit"))
        if function.get("iamRoleStatements") is None or inherits is True:
            documents |= self._of_provider()
        if own:
            documents[name] = _document(own)
        options = self._stack.options
        arn = f"arn:{options.partition}:iam::{options.account_id}:role/{name}"
        return RolePolicies(arn, documents)

    def _of_provider(self) -> dict[str, Mapping[str, Any]]:
        provider = self._variables.mapping(self._document.get(_PROVIDER))
        role = self._variables.mapping(self._variables.mapping(provider.get("iam")).get("role"))
        statements = [
            *self._statements(role.get("statements")),
            *self._statements(provider.get("iamRoleStatements")),
        ]
        documents: dict[str, Mapping[str, Any]] = {_PROVIDER: _document(statements)}
        for given in self._variables.list(role.get("managedPolicies")):
            managed = name_of(str(self._stack.resolver.resolve(given, self._location)))
            document = managed_policy(managed)
            if document is not None:
                documents[managed] = document
        return documents

    def _statements(self, given: Any) -> list[Any]:
        listed = [self._variables.resolve(each) for each in self._variables.list(given)]
        return statements_of_tables(
            listed, lambda statement: self._stack.resolver.resolve(statement, self._location)
        )


def _document(statements: list[Any]) -> Mapping[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}
