"""The states that commands work on: tables in templates, saved files and running endpoints.

Everything is read into a backend in memory, so that commands work on backends only.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from ddbmock._internal import hosts
from ddbmock._internal.controller.of_service import ServiceController
from ddbmock._internal.data import database
from ddbmock._internal.data.saved_state import is_saved_state
from ddbmock._internal.defaults import DEFAULT_REGION
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.service import Service
from ddbmock._internal.templates import tables_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ddbmock._internal.controller import Controller

Request = dict[str, Any]

_BATCH = 25


def is_url(name: str) -> bool:
    """Return whether this is the URL of a running endpoint.

    >>> is_url("http://127.0.0.1:8000"), is_url("template.yaml")
    (True, False)
    """
    return name.startswith(("http://", "https://"))


def new_state(region_name: str | None) -> ServiceController:
    """Return an empty backend in memory."""
    return ServiceController(Service(), region_name or DEFAULT_REGION)


def read_state(name: str, region_name: str | None, *, with_items: bool = True) -> ServiceController:
    """Read tables and items into memory.

    Args:
        name: A template, a saved file, or the URL of an endpoint on this machine.
        region_name: The region of the tables if the source names none.
        with_items: Whether the items of an endpoint are read too.

    Raises:
        MisuseError: It cannot be read.
    """
    state = new_state(region_name)
    read_into(state, name, with_items=with_items)
    return state


def read_into(state: ServiceController, name: str, *, with_items: bool = True) -> None:
    """Add tables and items to a backend in memory."""
    if is_url(name):
        _read_endpoint(state, name, with_items=with_items)
    elif is_saved_state(Path(name)):
        state.load(name)
    elif database.is_database(Path(name)):
        database.read(name, state.backend)
    else:
        tables_from(name, region=state.region).create(state)


def write(state: ServiceController, name: str) -> None:
    """Write tables and items to an endpoint, into a database, or into a saved file."""
    if is_url(name):
        write_endpoint(state, name, list(state.tables))
    elif database.is_database(Path(name)):
        database.store(name, state.backend)
    else:
        state.save(name)


def create_requests(state: Controller) -> list[Request]:
    """Return the CreateTable requests of all tables, in the order of their names."""
    return [create_request(state, name) for name in sorted(state.tables)]


def create_request(state: Controller, name: str) -> Request:
    """Return the CreateTable request that makes a table like this one."""
    with state.set_up() as set_up:
        response = set_up.request("DescribeTable", {"TableName": name})
    (request,) = tables_from({"Table": response["Table"]}).requests
    return request


# --- running endpoints ---------------------------------------------------------------------------


@contextmanager
def client_of(url: str, region_name: str) -> Iterator[Any]:
    """Yield a client of an endpoint on this machine.

    Its access key is that of the environment, which decides whose tables they are.

    Raises:
        MisuseError: The URL is not one of this machine, or the endpoint refuses a call.
    """
    host = urlsplit(url).hostname or ""
    if host != "localhost" and not hosts.is_loopback_address(host):
        raise MisuseError(f"{url} is not an endpoint on this machine")
    try:
        yield Session().create_client(
            "dynamodb",
            endpoint_url=url,
            region_name=region_name,
            aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "x"),
            aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "x"),
            config=Config(retries={"total_max_attempts": 2}),
        )
    except (BotoCoreError, ClientError) as error:
        raise MisuseError(f"{url}: {error}") from None


def _table_names(client: Any) -> list[str]:
    pages = client.get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"]]


def _read_endpoint(state: Controller, url: str, *, with_items: bool) -> None:
    with client_of(url, state.region) as client:
        names = _table_names(client)
        if not names:
            return
        tables_from(
            *({"Table": client.describe_table(TableName=name)["Table"]} for name in names)
        ).create(state)
        if with_items:
            for name in names:
                state.load({name: [jsonable_item(item) for item in _scan(client, name)]})


def _scan(client: Any, name: str) -> Iterable[Any]:
    for page in client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
        yield from page["Items"]


def write_endpoint(state: Controller, url: str, names: Iterable[str]) -> int:
    """Create the missing tables of a backend at an endpoint, and put all items.

    Returns:
        The number of items.
    """
    count = 0
    with client_of(url, state.region) as client:
        existing = set(_table_names(client))
        for name in names:
            if name not in existing:
                client.create_table(**create_request(state, name))
                client.get_waiter("table_exists").wait(TableName=name)
            count += _put_all(client, name, state.tables[name].items)
    return count


def _put_all(client: Any, name: str, items: list[Any]) -> int:
    for start in range(0, len(items), _BATCH):
        unprocessed: Any = {
            name: [{"PutRequest": {"Item": item}} for item in items[start : start + _BATCH]]
        }
        while unprocessed:
            unprocessed = client.batch_write_item(RequestItems=unprocessed)["UnprocessedItems"]
    return len(items)
