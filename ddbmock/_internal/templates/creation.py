"""Creates tables of templates on a mock, all of them or none, or through a boto3 client."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import WaiterError

from ddbmock._internal.controller import Controller
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.items import read_record
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.formats.reading import path_entries
from ddbmock._internal.formats.records import Record
from ddbmock._internal.templates.shapes import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.data import SetUp
    from ddbmock._internal.templates.companions import CompanionRequest
    from ddbmock._internal.templates.contents import Request, Seed, TableSpec
    from ddbmock._internal.templates.settings import Setting


def create(
    target: Any,
    specs: Sequence[TableSpec],
    seeds: Sequence[Seed],
    companions: Sequence[CompanionRequest] = (),
    *,
    skip_existing: bool,
) -> None:
    """Create tables with their settings and seeds.

    Raises:
        FileError: A table, a setting or an item is refused.
        MisuseError: The target is neither a mock nor a client.
    """
    if isinstance(target, Controller):
        with target.set_up() as set_up:
            _create(_Mock(set_up), specs, seeds, skip_existing=skip_existing)
            _create_companions(target, companions)
    elif hasattr(target, "create_table"):
        _create(_Client(target), specs, seeds, skip_existing=skip_existing)
    else:
        raise MisuseError(
            "create() takes what mock_dynamodb() gives, or a boto3 client or resource of DynamoDB,"
            f" not {shown(target)}"
        )


def _create(
    target: _Mock | _Client,
    specs: Sequence[TableSpec],
    seeds: Sequence[Seed],
    *,
    skip_existing: bool,
) -> None:
    created = []
    for spec in specs:
        if skip_existing and (existing := target.description(spec.name)) is not None:
            _check_same(spec, existing)
        else:
            _create_table(target, spec)
            created.append(spec)
    for spec in created:
        _create_settings(target, spec)
    names = {spec.name for spec in created}
    for seed in seeds:
        if seed.table_name in names:
            target.seed(seed, next(spec for spec in created if spec.name == seed.table_name))


def _create_companions(target: Controller, companions: Sequence[CompanionRequest]) -> None:
    """Send the requests to the companions of a mock, in the block that creates its tables."""
    for each in sorted(companions, key=lambda each: each.order):
        companion = target.companions.get(each.service_name)
        if companion is not None:
            try:
                companion.execute_within(target.region, each.operation, each.request)
            except ServiceError as error:
                raise FileError(each.location, f"{each.name}: {error.message}") from None


def _create_table(target: _Mock | _Client, spec: TableSpec) -> None:
    if spec.import_request is None:
        target.request("CreateTable", spec.request, spec)
        return
    response = target.request("ImportTable", spec.import_request, spec)
    description = target.finished_import(response["ImportTableDescription"]["ImportArn"])
    if description["ImportStatus"] != "COMPLETED":
        failure = f"{description.get('FailureCode')}: {description.get('FailureMessage')}"
        raise FileError(spec.location, f"the import of {spec.name} failed: {failure}")


def _check_same(spec: TableSpec, existing: Request) -> None:
    """Refuse a table that exists with keys other than in the template."""
    expected, found = (_keys(description) for description in (spec.request, existing))
    if expected != found:
        raise FileError(spec.location, f"the table {spec.name} exists with other keys or indexes")


def _keys(description: Request) -> object:
    schemas = [(None, description["KeySchema"])]
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        schemas += [(i["IndexName"], i["KeySchema"]) for i in description.get(member) or ()]
    return {
        name: [(element["AttributeName"], element["KeyType"]) for element in schema]
        for name, schema in schemas
    }


def _create_settings(target: _Mock | _Client, spec: TableSpec) -> None:
    target.wait_for(spec.name)
    for setting in spec.settings:
        if setting.reason_skipped is None:
            named = _arn(target, spec, setting) if _takes_arn(setting) else spec.name
            request = {setting.table_member: named, **setting.request}
            target.request(setting.operation, request, setting)


def _takes_arn(setting: Setting) -> bool:
    return setting.table_member == "ResourceArn"


def _arn(target: _Mock | _Client, spec: TableSpec, setting: Setting) -> str:
    description = target.description(spec.name, setting.region) or {}
    member = "LatestStreamArn" if setting.is_of_stream else "TableArn"
    if member not in description:
        raise FileError(setting.location, f"{setting.name}: the table {spec.name} has no {member}")
    return str(description[member])


class _Mock:
    """A mock as a target."""

    def __init__(self, set_up: SetUp) -> None:
        self._set_up = set_up

    def request(self, operation: str, request: Request, origin: TableSpec | Setting) -> Request:
        region = getattr(origin, "region", None)
        try:
            return self._set_up.request(operation, request, region=region)
        except ServiceError as error:
            raise FileError(origin.location, error.message) from None

    def description(self, name: str, region: str | None = None) -> Request | None:
        try:
            response = self._set_up.request("DescribeTable", {"TableName": name}, region=region)
        except ServiceError:
            return None
        description: Request = response["Table"]
        return description

    def wait_for(self, name: str) -> None:
        """Do nothing: requests to a mock take effect immediately."""

    def finished_import(self, arn: str) -> Request:
        response = self._set_up.request("DescribeImport", {"ImportArn": arn})
        description: Request = response["ImportTableDescription"]
        return description

    def seed(self, seed: Seed, spec: TableSpec) -> None:
        if self._set_up.is_remote:
            for item in _items(seed, spec.request):
                put = {"TableName": seed.table_name, "Item": item}
                self._set_up.request("PutItem", put)
            return
        if not isinstance(seed.source, list):
            self._set_up.load(seed.source, seed.table_name)
            return
        try:
            self._set_up.load({seed.table_name: seed.source})
        except FileError as error:
            raise FileError(seed.location, error.problem, hint=error.hint) from None


class _Client:
    """A boto3 client or resource as a target."""

    def __init__(self, target: Any) -> None:
        # The client of a resource takes items of Python values, a client attribute values.
        self._is_resource = hasattr(target.meta, "client")
        self._client = target.meta.client if self._is_resource else target

    def request(self, operation: str, request: Request, origin: TableSpec | Setting) -> Request:
        region = getattr(origin, "region", None)
        if region not in {None, self._client.meta.region_name}:
            problem = f"a client of {self._client.meta.region_name} cannot set it in {region}"
            raise FileError(origin.location, problem)
        response: Request = getattr(self._client, xform_name(operation))(**deepcopy(request))
        return response

    def description(self, name: str, region: str | None = None) -> Request | None:  # noqa: ARG002
        try:
            description: Request = self._client.describe_table(TableName=name)["Table"]
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return description

    def wait_for(self, name: str) -> None:
        self._client.get_waiter("table_exists").wait(TableName=name)

    def finished_import(self, arn: str) -> Request:
        with suppress(WaiterError):  # it has failed; the description says why
            self._client.get_waiter("import_completed").wait(ImportArn=arn)
        response = self._client.describe_import(ImportArn=arn)
        description: Request = response["ImportTableDescription"]
        return description

    def seed(self, seed: Seed, spec: TableSpec) -> None:
        for item in _items(seed, spec.request):
            written = _python_values(item) if self._is_resource else item
            self._client.put_item(TableName=seed.table_name, Item=written)


def _items(seed: Seed, request: Request) -> Iterator[dict[str, Any]]:
    key_names = [element["AttributeName"] for element in request["KeySchema"]]
    types = {d["AttributeName"]: d["AttributeType"] for d in request["AttributeDefinitions"]}
    if isinstance(seed.source, list):
        records: Any = (Record(None, item, seed.location) for item in seed.source)
    else:
        records = path_entries(seed.source, lambda _: types)
    for record in records:
        if isinstance(record, Record):
            try:
                yield read_record(record, key_names)[0]
            except AttributeValueError as error:
                raise FileError(record.location, str(error)) from None


def _python_values(item: dict[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 (optional)

    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}
