"""The controller, which `with mock_dynamodb() as ddb` and the fixture `ddb` yield."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ddbmock._internal.buckets.option import check_s3
from ddbmock._internal.calls import Budget
from ddbmock._internal.controller.budget import BudgetBlock
from ddbmock._internal.controller.kinesis import KinesisRecords
from ddbmock._internal.controller.regions import (
    Accounts,
    AccountView,
    Regions,
    RegionView,
    Tables,
    TablesOfDefaultRegion,
)
from ddbmock._internal.controller.state_text import state_text
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import (
    ACCESS_CONTROL,
    CONFLICTS,
    DAX,
    FAULTS,
    METRICS,
    THROUGHPUT,
    TRIGGERS,
)
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.options import check_kinesis

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from typing_extensions import Unpack

    from ddbmock._internal.access_control import Principal
    from ddbmock._internal.calls import CallLog, Calls
    from ddbmock._internal.companions.cost import Bill, CostComparison
    from ddbmock._internal.companions.metrics.view import MetricsView
    from ddbmock._internal.controller.views import TableView
    from ddbmock._internal.data import SetUp, Source
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.journal import Savepoint
    from ddbmock._internal.faults import Faults
    from ddbmock._internal.report import AccessPatterns
    from ddbmock._internal.service import Companion, Service
    from ddbmock._internal.throughput import Throughput
    from ddbmock._internal.triggers import Delivery, Handler, Trigger, TriggerArguments, Triggers

#: How many rounds of deliveries, in which handlers cause each other's changes, there may be.
DELIVERY_ROUNDS = 100


class Controller(ABC):
    """The controller of an active mock, from `with mock_dynamodb() as ddb`.

    `print(ddb)` shows the calls and the items of the tables.
    """

    @property
    @abstractmethod
    def _service(self) -> Service:
        """The service; a MisuseError when the mock is not active."""

    @property
    def _backend(self) -> Backend:
        return self._service.backend

    @property
    def _triggers(self) -> Triggers:
        return self._service.use(TRIGGERS)

    @property
    @abstractmethod
    def region(self) -> str:
        """The region of clients that name none, which `tables` searches first."""

    @property
    def s3(self) -> Any:
        """Where exports of tables go and imports come from; it can be set at any time.

        It is a folder, whose folders are buckets; the URL of a server; an S3 client of boto3; or
        None for whatever answers the S3 clients of this process, such as moto.
        """
        return self._backend.s3

    @s3.setter
    def s3(self, value: Any) -> None:
        check_s3(value)
        self._backend.s3 = value

    @property
    def kinesis(self) -> Any:
        """The target of records of Kinesis destinations; it can be set at any time.

        It is a list, a function that is called with each record, a Kinesis client of boto3, or
        None for whatever answers the Kinesis clients of this process, such as moto.
        """
        return self._backend.used_kinesis().target

    @kinesis.setter
    def kinesis(self, value: Any) -> None:
        check_kinesis(value)
        self._backend.used_kinesis().target = value

    @property
    def kinesis_records(self) -> Mapping[str, list[dict[str, Any]]]:
        """The records that Kinesis destinations have received, by the name or ARN of the stream.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     ddb.kinesis_records["changes"]
        []
        """
        return KinesisRecords(self._backend.used_kinesis().records)

    # --- calls ---

    @property
    def calls(self) -> CallLog:
        """The calls so far, oldest first."""
        return self._service.calls

    def budget(
        self,
        *,
        at_most: float | None = None,
        read_at_most: float | None = None,
        write_at_most: float | None = None,
        scans: int | None = None,
        calls_at_most: int | None = None,
    ) -> AbstractContextManager[Calls]:
        """Assert at the end of a `with` block that the calls within it are within bounds.

        All calls of the mock count, including those of other threads. If the block raises, nothing
        is asserted. The block yields the calls within it.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     with ddb.budget(read_at_most=1, scans=0) as calls:
        ...         _ = boto3.client("dynamodb").list_tables()
        ...     len(calls)
        1

        Args:
            at_most: The maximum of capacity units, read and write units together.
            read_at_most: The maximum of read capacity units.
            write_at_most: The maximum of write capacity units.
            scans: The maximum of scans, by Scan or by a PartiQL SELECT without a partition key.
            calls_at_most: The maximum of calls of any operation.

        Raises:
            AssertionError: At the end of the block: a bound was exceeded; the text lists the calls.
            MisuseError: No bound is given, or one that is no number.
        """
        budget = Budget(
            at_most=at_most,
            read_at_most=read_at_most,
            write_at_most=write_at_most,
            scans=scans,
            calls_at_most=calls_at_most,
        )
        return BudgetBlock(self.calls, budget)

    def access_patterns(self, calls: Calls | None = None) -> AccessPatterns:
        """Return the expensive access patterns so far.

        They are scans that read many items to return few, with an alternative; filters of queries
        that discard most items; indexes that are written and never read; keys that get most of a
        table's units. `print(patterns)` lists them, the most expensive first.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     orders = boto3.resource("dynamodb").create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     _ = orders.put_item(Item={"id": "1"})
        ...     _ = orders.scan(
        ...         FilterExpression="id = :id", ExpressionAttributeValues={":id": "2"}
        ...     )
        ...     patterns = ddb.access_patterns()
        >>> patterns[0].kind, patterns[0].advice
        ('scan', 'query the table by id')

        Args:
            calls: The calls, such as those of `ddb.budget` or `ddb.calls(table="orders")`. Default:
                all.
        """
        from ddbmock._internal import report  # noqa: PLC0415 (most tests ask for none)

        measures = report.measure_calls(self._service, self.calls if calls is None else calls)
        return report.AccessPatterns(report.findings({"": measures}))

    # --- companions ---

    @property
    def companions(self) -> Mapping[str, Companion]:
        """The other services of the mock, by the names of their clients."""
        return self._service.companions

    @property
    def metrics(self) -> MetricsView:
        """The metrics of CloudWatch, in a mock with `metrics=True`.

        Raises:
            MisuseError: The mock has none.
        """
        if "cloudwatch" not in self._service.companions:
            raise MisuseError(messages.companion_is_off("metrics", "metrics"))
        from ddbmock._internal.companions.metrics.view import MetricsView  # noqa: PLC0415 (off in most mocks)

        return MetricsView(self._service.use(METRICS), self._backend.region(self.region))

    def dax(
        self,
        client: Any,
        *,
        cluster: str = "dax",
        item_ttl: float | None = None,
        query_ttl: float | None = None,
        max_entries: int | None = None,
    ) -> Any:
        """Return a client of DynamoDB Accelerator (DAX) for a client of DynamoDB.

        It has the operations of DAX's own client, and its caches: items and queries for five
        minutes each, writes through the item cache, stale queries. A resource of boto3 gives a
        resource, a client of aiobotocore one with coroutines.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(region="eu-west-1") as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     dax = ddb.dax(client)
        ...     for _ in range(3):
        ...         _ = dax.get_item(TableName="orders", Key={"id": {"S": "42"}})
        ...     len(ddb.calls("GetItem")), dax.counts["ItemCacheHits"]
        (1, 2)

        Args:
            client: A client or resource of DynamoDB.
            cluster: The name of the cluster; clients of one cluster share its caches. It need not
                have been created.
            item_ttl: The time to live of cached items in seconds, 0 for no expiry; the first client
                of a cluster decides. Default: the cluster's parameter group, or else five minutes.
            query_ttl: The same for queries, where 0 disables the cache.
            max_entries: The maximum number of entries of each cache. Default: unlimited.

        Raises:
            MisuseError: This is no client of DynamoDB.
        """
        return self._service.use(DAX).client(
            client,
            cluster=cluster,
            ttl_seconds=(item_ttl, query_ttl),
            max_entries=max_entries,
        )

    def cost(
        self,
        calls: Calls | None = None,
        *,
        prices: Mapping[str, float] | None = None,
        at: str | None = None,
    ) -> Bill:
        """Return an estimate of the service's bill for the calls and the stored data.

        On-demand units come from the calls; provisioned units, storage, point-in-time recovery and
        backups from the time on the mock's clock since they exist. `print(bill)` lists it.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     with ddb.budget(write_at_most=1) as calls:
        ...         _ = client.put_item(TableName="orders", Item={"id": {"S": "1"}})
        ...     f"{ddb.cost(calls).monthly(times_per_second=10):.2f} dollars a month"
        '16.43 dollars a month'

        Args:
            calls: The calls, such as those of `ddb.budget` or `ddb.calls(table="orders")`. Default:
                all.
            prices: Prices of your own in dollars for one unit, such as
                `{"write request units": 0.0000005}`, in place of those of the price book.
            at: The date of the prices, such as `"2024-10-31"`. Default: the newest.

        Raises:
            MisuseError: There is no such price.
        """
        from ddbmock._internal.companions import cost  # noqa: PLC0415 (most tests ask for no prices)

        book = cost.price_book(at).with_own(prices or {})
        return cost.bill(self._service, self.calls if calls is None else calls, book)

    def compare_billing_modes(  # noqa: PLR0913 (options by name)
        self,
        table_name: str,
        *,
        minimum: int = 1,
        maximum: int = 40_000,
        target: float = 70.0,
        prices: Mapping[str, float] | None = None,
        at: str | None = None,
    ) -> CostComparison:
        """Return the costs of a table's load so far with on-demand billing and with auto scaling.

        The load is the consumption in each minute of the mock's clock, of the table and its indexes
        together, extrapolated to a month.

        Args:
            table_name: The name of a table of the mock's region.
            minimum: The minimum throughput of auto scaling.
            maximum: The maximum throughput of auto scaling.
            target: The target utilization, in percent.
            prices: Prices of your own, see `cost`.
            at: The date of the prices, see `cost`.

        Raises:
            MisuseError: Nothing was consumed, calls are no longer stored, or there is no such
            price.
        """
        from ddbmock._internal.companions import cost  # noqa: PLC0415 (most tests ask for no prices)

        book = cost.price_book(at).with_own(prices or {})
        region, scaling = self._backend.region(self.region), cost.Scaling(minimum, maximum, target)
        return cost.compare_modes(self._service, region, table_name, book, scaling)

    # --- faults ---

    @property
    def faults(self) -> Faults:
        """The faults of calls: `ddb.faults.add(operation="PutItem", error=..., times=2)`.

        A mock inside another one removes its own faults when it ends.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     with ddb.faults.add(error="InternalServerError", probability=0.01):
        ...         len(ddb.faults)
        1
        """
        return self._service.use(FAULTS)

    @property
    def throughput(self) -> Throughput:
        """The throughput and throttling of tables, with `mock_dynamodb(throughput=True)`.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(throughput=True) as ddb:
        ...     print(ddb.throughput)
        nothing was throttled

        Raises:
            MisuseError: The mock does not throttle.
        """
        return self._service.use(THROUGHPUT)

    @contextmanager
    def open_transaction(
        self,
        items: Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        token: str | None = None,
        region: str | None = None,
    ) -> Iterator[None]:
        """Hold a transaction open for a `with` block, so that calls on its items conflict with it.

        Writes of its items fail with a TransactionConflictException, other transactions are
        cancelled by a TransactionConflict, and the same client token gets a
        TransactionInProgressException. Other reads see the items before the transaction. It is
        executed at the end of the block, or not at all if the block raises.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     with ddb.open_transaction({"orders": [{"id": "42"}]}):
        ...         try:
        ...             client.put_item(TableName="orders", Item={"id": {"S": "42"}})
        ...         except client.exceptions.TransactionConflictException as error:
        ...             print(error.response["Error"]["Message"])
        Transaction is ongoing for the item

        Args:
            items: The `TransactItems` of a TransactWriteItems request; or keys by table, whose
                items are not written.
            token: Its ClientRequestToken.
            region: The name of its region. Default: that of the mock.

        Raises:
            MisuseError: The transaction cannot be executed, or conflicts with another open one.
        """
        with self._service.use(CONFLICTS).transaction(region or self.region, items, token):
            yield

    @contextmanager
    def open_write(self, write: Mapping[str, Any], *, region: str | None = None) -> Iterator[None]:
        """Hold a write of one item open for a `with` block, so that transactions conflict with it.

        Transactions on the item, including reads, are cancelled by a TransactionConflict. Other
        calls succeed, as the service executes them in sequence. The write is executed at the end.

        Args:
            write: An entry of `TransactItems`: `{"Put": ...}`, `{"Update": ...}` or
                `{"Delete": ...}`.
            region: The name of its region. Default: that of the mock.

        Raises:
            MisuseError: The write cannot be executed, or conflicts with an open transaction.
        """
        with self._service.use(CONFLICTS).write(region or self.region, write):
            yield

    # --- views ---

    @property
    def tables(self) -> Mapping[str, TableView]:
        """The tables of the mock's region by name.

        A table that exists in exactly one other region only is found by its name too.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     len(ddb.tables)
        0
        """
        return TablesOfDefaultRegion(self._service, self.region)

    @property
    def regions(self) -> Mapping[str, RegionView]:
        """The regions by name, with the same views.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     len(ddb.regions["eu-west-1"].tables), len(ddb.regions["eu-west-1"].calls)
        (0, 0)
        """
        return Regions(self._service)

    @property
    def accounts(self) -> Mapping[str, AccountView]:
        """The accounts by their twelve digits: `ddb.accounts["222233334444"].tables["orders"]`.

        `tables` and `regions` show the default account, 123456789012.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     list(ddb.accounts), len(ddb.accounts["222233334444"].tables)
        (['123456789012'], 0)
        """
        return Accounts(self._service, self.region)

    @contextmanager
    def as_principal(
        self,
        policy: Any = None,
        *,
        arn: str | None = None,
        tags: Mapping[str, str] | None = None,
        context: Mapping[str, str | tuple[str, ...]] | None = None,
        **narrowing: Any,
    ) -> Iterator[Principal]:
        """Check the calls in a `with` block against IAM policies.

        The block yields the principal, which has the least-privilege policy of the calls, and the
        unused parts of the policy. Without a policy everything is allowed, and recorded.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     with ddb.as_principal({"DynamoDBReadPolicy": {"TableName": "orders"}}):
        ...         boto3.client("dynamodb").list_tables()
        Traceback (most recent call last):
            ...
        botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the\
 ListTables operation: User: arn:aws:iam::123456789012:user/ddbmock is not authorized to perform:\
 dynamodb:ListTables on resource: arn:aws:dynamodb:us-east-1:123456789012:table/* because no\
 identity-based policy allows the dynamodb:ListTables action

        Args:
            policy: A document (a mapping, JSON, or the path of a JSON file), a policy template of
                AWS SAM, the name of a policy that AWS manages, a role of
                `tables_from(...).role(...)`, or a list of these.
            arn: The ARN of the calling user, role or session.
            tags: Its tags, for `aws:PrincipalTag`.
            context: Further condition keys of all calls, such as `aws:SourceIp`.
            **narrowing: Policies that must allow the calls as well: `boundary`, `session_policy`,
                `service_control_policy`, `resource_control_policy`, `endpoint_policy`.

        Raises:
            MisuseError: A policy is wrong.
            TypeError: Another option is given.
        """
        __tracebackhide__ = True
        control = self._service.use(ACCESS_CONTROL)
        principal = control.begin(
            policy, region_name=self.region, arn=arn, tags=tags, context=context, **narrowing
        )
        try:
            yield principal
        finally:
            control.end(principal)

    @property
    def clock(self) -> Clock:
        """The clock of the mock: `.now()`, `.freeze(at)`, `.advance(seconds=...)`.

        It shows the real time, as changed by freezegun and time-machine, until it is frozen or
        moved. A waiter advances a stopped clock by its delay, instead of sleeping.
        """
        return self._backend.clock

    def settle(self) -> None:
        """Complete everything in progress, without moving the clock.

        Transitions of tables and indexes (`delays`) end, and reads that lag (`lag`) see all writes
        so far.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(delays=60) as ddb:
        ...     ddb.settle()
        """
        self._backend.settle()

    def expire(self) -> int:
        """Delete all items whose time to live has passed, and return their number.

        Without this, expired items stay readable, as in the service, until the clock is past the
        mock's `ttl_window`.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     ddb.expire()
        0
        """
        return self._backend.expire()

    def on_change(
        self,
        table_name: str,
        handler: Handler,
        *,
        region: str | None = None,
        **options: Unpack[TriggerArguments],
    ) -> Trigger:
        """Register a handler of the changes of a table, with the events of a Lambda function.

        The handler is called with an event `{"Records": [...]}`, and with a context if it takes two
        arguments. It may be asynchronous. It runs in `deliver()`, or at the end of each write with
        `deliver="immediately"`. Its exceptions are raised there.

        The changes are those of the table's current stream: a table that is created again, or a
        stream that is enabled again, needs a trigger of its own, as in the service.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...         StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        ...     )
        ...     _ = ddb.on_change("orders", lambda event: print(event["Records"][0]["eventName"]))
        ...     _ = client.put_item(TableName="orders", Item={"id": {"S": "42"}})
        ...     _ = ddb.deliver()
        INSERT

        Args:
            table_name: A table with an enabled stream.
            handler: The function.
            region: The table's region. Default: the mock's, or the only one that has the table.
            **options: The settings of an event source mapping, see
                `ddbmock.TriggerOptions`: `batch_size`, `filters`, `starting_position`,
                `maximum_retry_attempts`, `on_failure`, `deliver`, ...

        Raises:
            MisuseError: There is no such table or stream, the handler is no function, or an option
                is invalid.
        """
        tables = self.tables if region is None else Tables(self._service, region)
        view = tables[table_name]
        region_of_table = self._backend.region(view.region)
        return self._triggers.add(region_of_table, view.name, handler, options)

    def deliver(self, *, rounds: int = DELIVERY_ROUNDS) -> list[Delivery]:
        """Call the handlers of `on_change` until all changes are delivered; return the deliveries.

        Changes that handlers make are delivered too, round after round.

        Args:
            rounds: The maximum number of rounds.

        Raises:
            Exception: A handler raised it, and there is no failure destination.
            MisuseError: Handlers still cause each other's changes after the last round, or a
                handler called this.
        """
        return self._triggers.deliver(rounds)

    def load(self, source: Source, table: str | None = None) -> int:
        """Put items of a file, a folder or a mapping into tables, and return their number.

        If one is refused, none is loaded. Files contain DynamoDB JSON or plain values, as JSON,
        JSON lines, YAML, CSV or Amazon Ion, compressed or not. Outputs and request files of the
        AWS CLI, exports to Amazon S3, models of NoSQL Workbench and the files of `dump` and `save`
        are read too.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     _ = boto3.client("dynamodb").create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     ddb.load({"orders": [{"id": "42", "total": 3}, {"id": {"S": "43"}}]})
        2

        Args:
            source: A path, or a mapping of table names to lists of items or to paths.
            table: The name or ARN of the table for a source that names none, or that is to be
                loaded into another table. Default: the table that the file is named after.

        Raises:
            FileError: What is wrong, with file, line and item; nothing was changed.
            MisuseError: The source is neither a path nor a mapping of table names.
        """
        __tracebackhide__ = True
        from ddbmock._internal import data  # noqa: PLC0415 (most tests load no files)

        return data.load(self._backend, self.region, source, table)

    @contextmanager
    def set_up(self) -> Iterator[SetUp]:
        """Make requests and load items without recording them in `calls`, all of them or none.

        They are checked as the service checks them and take effect at once, whatever `delays` says.
        No other call runs in the meantime.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     with ddb.set_up() as set_up:
        ...         _ = set_up.request("CreateTable", {
        ...             "TableName": "orders",
        ...             "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        ...             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        ...             "BillingMode": "PAY_PER_REQUEST",
        ...         })
        ...         _ = set_up.load({"orders": [{"id": "42"}]})
        ...     len(ddb.calls), ddb.tables["orders"].item_count
        (0, 1)
        """
        from ddbmock._internal.data import SetUp  # noqa: PLC0415 (most tests load no files)

        backend = self._backend
        with backend.set_up():
            yield SetUp(backend, self.region)
        backend.catch_up()
        backend.finish_call()

    def dump(self, path: str | os.PathLike[str], table: str | None = None) -> int:
        """Write the items of one table, or of all, for `load`, and return their number.

        The suffix gives the format: `.jsonl` (the default) has one item in DynamoDB JSON on each
        line; `.json` is as `aws dynamodb scan` prints it, or has items by table; `.yaml`, `.csv`
        and `.ion`. An existing folder gets a `.jsonl` file for each table. A further `.gz` or
        `.zst` compresses. An existing file is replaced only once the new one is complete.

        Raises:
            FileError: The file cannot be written, or no format has its suffix.
            MisuseError: There is no such table, or a file for one table would get several.
        """
        __tracebackhide__ = True
        from ddbmock._internal import data  # noqa: PLC0415 (most tests write no files)

        return data.dump(self._backend.region(self.region), path, table)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state of the mock to a file: tables with their settings, items, clock.

        `load` restores it, in this mock after a `reset()` or in another one.

        Raises:
            FileError: The file cannot be written.
        """
        __tracebackhide__ = True
        from ddbmock._internal import data  # noqa: PLC0415 (most tests write no files)

        data.save_state(self._backend, path)

    def import_errors(self, import_arn: str) -> list[dict[str, Any]]:
        """Return the errors of items of an ImportTable: the service's log entries.

        The service writes them to CloudWatch Logs, each with the object, the position of the item
        in it, and the texts. There are 10,000 at most.

        Raises:
            MisuseError: There is no such import.
        """
        from ddbmock._internal.operations.transfer.import_errors import import_errors  # noqa: PLC0415 (lazy)

        return import_errors(self._backend, import_arn)

    def reset(self) -> None:
        """Delete all tables and streams, in all regions."""
        self._backend.reset()

    def snapshot(self) -> Savepoint:
        """Return a savepoint of the present state, for `restore`.

        It costs nothing itself; each change after it costs a little more.
        """
        return self._backend.snapshot()

    def restore(self, savepoint: Savepoint) -> None:
        """Roll back every change since a savepoint of `snapshot`.

        Raises:
            MisuseError: It is not a savepoint of this mock, or an earlier one was restored since.
        """
        self._backend.restore(savepoint)

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Roll back all changes of a `with` block at its end."""
        with self._backend.rollback():
            yield

    def __str__(self) -> str:
        try:
            return state_text(self._service) or "no calls, no tables"
        except MisuseError:  # not active
            return repr(self)
