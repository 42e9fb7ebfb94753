"""`Tables`: what a template says of its tables, as requests that make them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.controller import Controller
from ddbmock.data.loading import load_within, read_record
from ddbmock.data.requests import execute
from ddbmock.errors import MisuseError, ServiceError
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.python_values import AttributeValueError
from ddbmock.formats.reading import path_entries
from ddbmock.formats.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ddbmock.engine.backend import Backend

Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a template."""

    #: What the template calls it: a logical id, an address.
    logical_name: str
    #: The CreateTable request, with indexes, stream and tags.
    request: Request
    location: Location
    #: The TimeToLiveSpecification, None for none.
    time_to_live: Request | None = None
    #: What of the template's resource is not in the requests, by the names of its properties.
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.request["TableName"])


@dataclass(frozen=True, slots=True)
class Seed:
    """Items that a template puts into a table: a file of them, or the items."""

    table_name: str
    source: Path | list[Mapping[str, Any]]
    location: Location


class Tables:
    """The tables of a template, made by `create` on a mock or through a boto3 client.

    As a module's or conftest's global it is a pytest fixture too, which makes the tables on the
    fixture `ddb` and gives `ddb.tables`.
    """

    def __init__(self, source: str, specs: list[TableSpec], seeds: list[Seed]) -> None:
        self.source = source
        self.specs = tuple(specs)
        self.seeds = tuple(seeds)

    @property
    def names(self) -> list[str]:
        """The names of the tables."""
        return [spec.name for spec in self.specs]

    @property
    def requests(self) -> list[Request]:
        """The CreateTable requests, which the caller may change."""
        return [deepcopy(spec.request) for spec in self.specs]

    @property
    def left_out(self) -> list[str]:
        """What the template says of its tables beyond what `create` does."""
        return [f"{name} of {spec.logical_name}" for spec in self.specs for name in spec.left_out]

    def create(self, target: Any) -> None:
        """Make the tables, with their times to live, and put their seeds in.

        On a mock it is all or nothing and not among `ddb.calls`; through a client these are calls
        like any other.

        Args:
            target: What `mock_dynamodb()` gives, or a boto3 client or resource of DynamoDB.

        Raises:
            FileError: A table is refused; the text says where it stands in the template and why.
        """
        if isinstance(target, Controller):
            self._create_in_mock(target)
            return
        if not hasattr(target, "create_table"):
            raise MisuseError(messages.not_a_target(target))
        self._create_through(target)

    def _create_in_mock(self, controller: Controller) -> None:
        backend = controller._backend  # noqa: SLF001 (the mock's own house)
        region_name = controller.region
        with backend.atomic():
            for spec in self.specs:
                _create_table(backend, region_name, spec)
            for seed in self.seeds:
                self._seed_mock(controller, seed)
        backend.settle()
        backend.finish_call()

    def _seed_mock(self, controller: Controller, seed: Seed) -> None:
        backend = controller._backend  # noqa: SLF001 (the mock's own house)
        if not isinstance(seed.source, list):
            load_within(backend, controller.region, seed.source, seed.table_name)
            return
        try:
            load_within(backend, controller.region, {seed.table_name: seed.source})
        except FileError as error:
            raise FileError(seed.location, error.problem) from None

    def _create_through(self, target: Any) -> None:
        # The client of a resource takes items of Python values, a client attribute values.
        is_resource = hasattr(target.meta, "client")
        client = target.meta.client if is_resource else target
        for spec in self.specs:
            client.create_table(**deepcopy(spec.request))
        for spec in self.specs:
            client.get_waiter("table_exists").wait(TableName=spec.name)
            if spec.time_to_live is not None:
                client.update_time_to_live(**_ttl_request(spec))
        for seed in self.seeds:
            for item in self._items(seed):
                shown = _python_values(item) if is_resource else item
                client.put_item(TableName=seed.table_name, Item=shown)

    def _items(self, seed: Seed) -> Iterator[dict[str, Any]]:
        (request,) = (spec.request for spec in self.specs if spec.name == seed.table_name)
        names = [element["AttributeName"] for element in request["KeySchema"]]
        types = {d["AttributeName"]: d["AttributeType"] for d in request["AttributeDefinitions"]}
        if isinstance(seed.source, list):
            records: Any = (Record(None, item, seed.location) for item in seed.source)
        else:
            records = path_entries(seed.source, lambda _: types)
        for record in records:
            if isinstance(record, Record):
                try:
                    yield read_record(record, names)[0]
                except AttributeValueError as error:
                    raise FileError(record.location, str(error)) from None

    def __len__(self) -> int:
        return len(self.specs)

    def __iter__(self) -> Iterator[TableSpec]:
        return iter(self.specs)

    def __repr__(self) -> str:
        return f"<tables of {self.source}: {', '.join(self.names)}>"


def _python_values(item: dict[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 (optional)

    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}


def _create_table(backend: Backend, region_name: str, spec: TableSpec) -> None:
    try:
        execute(backend, region_name, "CreateTable", spec.request)
        if spec.time_to_live is not None:
            execute(backend, region_name, "UpdateTimeToLive", _ttl_request(spec))
    except ServiceError as error:
        raise FileError(spec.location, error.message) from None


def _ttl_request(spec: TableSpec) -> Request:
    return {"TableName": spec.name, "TimeToLiveSpecification": spec.time_to_live}
