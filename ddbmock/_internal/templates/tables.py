"""`Tables`: the tables of templates."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.cloudformation.roles import role_of
from ddbmock._internal.templates.creation import create
from ddbmock._internal.templates.fixtures import fixture_of
from ddbmock._internal.templates.triggers import TemplateTriggers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.access_control import RolePolicies
    from ddbmock._internal.templates.companions import CompanionRequest
    from ddbmock._internal.templates.contents import Contents, Request, Seed, TableSpec
    from ddbmock._internal.templates.event_sources import EventSource
    from ddbmock._internal.templates.fixtures import Scope


class Tables:
    """The tables of templates, created by `create` on a mock or through a boto3 client."""

    def __init__(self, source: str, contents: Contents) -> None:
        #: The templates, as they were passed.
        self.source = source
        #: The CreateTable request and the settings of each table.
        self.specs: tuple[TableSpec, ...] = tuple(contents.specs)
        #: Items in the templates for tables.
        self.seeds: tuple[Seed, ...] = tuple(contents.seeds)
        #: Functions that receive changes of the tables.
        self.event_sources: tuple[EventSource, ...] = tuple(contents.event_sources)
        #: Requests to other services that scale the tables and create alarms on them.
        self.companions: tuple[CompanionRequest, ...] = tuple(contents.companions)
        self._skipped = tuple(contents.skipped)
        self._stacks = tuple(contents.stacks)
        self._roles = tuple(contents.roles)

    @property
    def names(self) -> list[str]:
        """The names of the tables."""
        return [spec.name for spec in self.specs]

    @property
    def requests(self) -> list[Request]:
        """The CreateTable requests, which the caller may change."""
        return [deepcopy(spec.request) for spec in self.specs]

    @property
    def skipped(self) -> list[str]:
        """The parts of the table definitions that `create` does not apply, with the reasons."""
        return [
            *(str(each) for spec in self.specs for each in spec.all_skipped()),
            *(str(each) for source in self.event_sources for each in source.skipped),
            *(str(each.skipped) for each in self.companions),
            *map(str, self._skipped),
        ]

    def create(self, target: Any, *, skip_existing: bool = False) -> None:
        """Create the tables with their settings and seeds.

        On a mock either all tables are created or none, and nothing is added to `ddb.calls`;
        through a client these are calls like all others.

        Args:
            target: The mock, or a boto3 client or resource of DynamoDB.
            skip_existing: Skip tables that exist with the same keys and indexes. Without
                it, a table that exists is an error.

        Raises:
            FileError: A table is refused; the text has its location in the template.
        """
        create(target, self.specs, self.seeds, self.companions, skip_existing=skip_existing)

    def triggers(
        self, handlers: Mapping[str, Callable[..., Any]], **options: Any
    ) -> TemplateTriggers:
        """Return the triggers that the templates describe, with handlers for their functions.

        >>> from ddbmock import mock_dynamodb, tables_from
        >>> tables = tables_from({"Resources": {
        ...     "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {
        ...         "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        ...         "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        ...         "BillingMode": "PAY_PER_REQUEST",
        ...         "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        ...     }},
        ...     "Projector": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {
        ...         "Changes": {"Type": "DynamoDB", "Properties": {
        ...             "Stream": {"Fn::GetAtt": ["Orders", "StreamArn"]},
        ...             "StartingPosition": "LATEST",
        ...             "BatchSize": 10,
        ...         }},
        ...     }}},
        ... }})
        >>> with mock_dynamodb() as ddb:
        ...     tables.create(ddb)
        ...     (trigger,) = tables.triggers({"Projector": print}).create(ddb)
        ...     trigger.table, trigger.options.batch_size
        ('Orders', 10)

        Args:
            handlers: Functions by name: the function's logical id or its name in the template.
            **options: Options of `ddb.on_change` that replace those of the templates.

        Raises:
            MisuseError: No event source mapping of the templates has such a function.
        """
        return TemplateTriggers(self.event_sources, handlers, options)

    def role(self, name: str) -> RolePolicies:
        """Return the policies of a role, or of a function's role, for `ddb.as_principal`.

        >>> from ddbmock import tables_from
        >>> tables = tables_from({"Resources": {
        ...     "Orders": {
        ...         "Type": "AWS::Serverless::SimpleTable",
        ...         "Properties": {"TableName": "orders"},
        ...     },
        ...     "Handler": {
        ...         "Type": "AWS::Serverless::Function",
        ...         "Properties": {
        ...             "Policies": [{"DynamoDBReadPolicy": {"TableName": {"Ref": "Orders"}}}],
        ...         },
        ...     },
        ... }})
        >>> tables.role("Handler").arn
        'arn:aws:iam::123456789012:role/HandlerRole'

        Args:
            name: The logical id or the name of a role or function of CloudFormation, SAM or CDK,
                the id of its CDK construct, the name of a function in a serverless.yml, or the
                name, label or address of a role or function of Terraform.

        Raises:
            MisuseError: The templates have no such role or function.
            FileError: A statement about DynamoDB cannot be resolved.
        """
        return role_of(self._stacks, name, self._roles)

    def as_fixture(self, scope: Scope = "function") -> Any:
        """Return a pytest fixture that creates the tables and returns `ddb.tables`.

        `orders = tables_from("template.yaml").as_fixture(scope="session")` in a conftest or test
        module is the fixture `orders`. It creates the tables on the mock of its scope: `ddb`,
        `ddb_class`, `ddb_module` or `ddb_session`.
        """
        description = f"The tables {', '.join(self.names)} of {self.source}."
        return fixture_of(self.create, description, scope)

    def __len__(self) -> int:
        return len(self.specs)

    def __iter__(self) -> Iterator[TableSpec]:
        return iter(self.specs)

    def __repr__(self) -> str:
        return f"<tables of {self.source}: {', '.join(self.names)}>"
