"""What two threads do at once: each case failed for a switch between them at some instruction.

Of calls as a whole, only some instructions are taken; `DDBMOCK_STRESS=50` takes all of them.
"""

from __future__ import annotations

import functools
import os
import random
import sys
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal import features
from ddbmock._internal.access_control import control, principals, reports
from ddbmock._internal.companions.dax import dax, nodes
from ddbmock._internal.companions.metrics import cloudwatch, series
from ddbmock._internal.companions.metrics.catalog import SeriesId
from ddbmock._internal.conflicts import conflicts
from ddbmock._internal.controller.top_keys import TopKeys
from ddbmock._internal.engine import backend as backends
from ddbmock._internal.engine import clock as clocks
from ddbmock._internal.engine import commit, journal, packing, store
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.engine.features import CONTRIBUTOR_INSIGHTS
from ddbmock._internal.engine.journal import Journal
from ddbmock._internal.engine.store import Store
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.faults import chaos
from ddbmock._internal.faults import faults as faults_module
from ddbmock._internal.hook import before_call, guard, sessions
from ddbmock._internal.optional_stages import key_counts
from ddbmock._internal.options import Options
from ddbmock._internal.service import Service
from ddbmock._internal.stages import Phase, Pipeline
from ddbmock._internal.stages import pipeline as pipelines
from ddbmock._internal.throughput import throughput
from tests.interleaving import check_interleavings
from tests.properties.service import REGION, Client

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.interleaving import Run

ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def new_client(**options: Any) -> Client:
    """Return a client of a service with these options, which has a table."""
    client = Client()
    client.service = Service(Options(**options))
    for feature in features.switched_on(client.service.options):
        client.service.use(feature)
    create_table(client, "tab")
    return client


def create_table(client: Client, name: str) -> None:
    client(
        "CreateTable",
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put(client: Client, pk: str = "a", name: str = "tab") -> None:
    client("PutItem", TableName=name, Item={"pk": {"S": pk}})


def test_a_lost_update_is_found() -> None:
    def begin() -> Run:
        counts = SimpleNamespace(total=0)

        def count() -> None:
            counts.total += 1

        def check() -> None:
            assert counts.total == 2

        return count, count, check

    here = SimpleNamespace(__file__=__file__)
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        check_interleavings(begin, here)  # type: ignore[arg-type]


class TestCalls:
    """All modules that two calls run through, whatever is attached to the service."""

    STEP = max(1, 50 // int(os.environ.get("DDBMOCK_STRESS", "1")))

    @pytest.mark.parametrize("options", [{}, {"lag": 1, "throughput": True, "metrics": True}])
    @pytest.mark.parametrize(
        ("first", "second"), [("count", "move"), ("move", "read"), ("roll_back", "count")]
    )
    def test_each_is_one_step(self, first, second, options):
        def begin() -> Run:
            calls = _Calls(new_client(**options, stored_calls=None))
            return getattr(calls, first), getattr(calls, second), calls.check

        ours = [
            module
            for name, module in sys.modules.items()
            if name.startswith("ddbmock._internal.") and getattr(module, "__file__", None)
        ]
        check_interleavings(begin, *ours, step=self.STEP)


class _Calls:
    """Calls of a service, and what they must have done together."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._count = self._made = 0
        self._is_rolled_back = False
        for name in "ab":
            client("PutItem", TableName="tab", Item={"pk": {"S": name}, "n": {"N": "10"}})
        self._begin = client.service.calls.call_count

    def count(self) -> None:
        self._client("UpdateItem", **_addition("c", 1))
        self._count += 1
        self._made += 1

    def move(self) -> None:
        actions = [{"Update": _addition("a", -3)}, {"Update": _addition("b", 3)}]
        self._client("TransactWriteItems", TransactItems=actions)
        self._made += 1

    def read(self) -> None:
        items = self._client("Scan", TableName="tab", ConsistentRead=True)["Items"]
        assert sum(int(item["n"]["N"]) for item in items if item["pk"]["S"] in "ab") == 20
        self._made += 1

    def roll_back(self) -> None:
        """Roll back, whatever another thread does meanwhile."""
        calls = self._client.service.calls
        with self._client.service.backend.rollback():
            assert len(list(calls)) >= self._begin
        assert str(calls)
        self._is_rolled_back = True

    def check(self) -> None:
        table = self._client.table("tab")
        table._check()
        loaded = {stored.load()["pk"]["S"]: stored.load() for stored in table.items.values()}
        assert int(loaded["a"]["n"]["N"]) + int(loaded["b"]["n"]["N"]) == 20
        count = int(loaded["c"]["n"]["N"]) if "c" in loaded else 0
        assert count == self._count or (self._is_rolled_back and count == 0)
        calls = self._client.service.calls
        assert calls.call_count == len(calls) == self._begin + self._made
        assert not [call for call in calls if call.error is not None]


def _addition(pk: str, number: int) -> dict[str, Any]:
    return {
        "TableName": "tab",
        "Key": {"pk": {"S": pk}},
        "UpdateExpression": "ADD n :n",
        "ExpressionAttributeValues": {":n": {"N": str(number)}},
    }


class TestClock:
    def test_two_advances(self):
        def begin() -> Run:
            clock = Clock()
            clock.freeze(0)

            def check() -> None:
                assert clock.seconds() == 3

            return partial(clock.advance, 1), partial(clock.advance, 2), check

        check_interleavings(begin, clocks)

    def test_a_time_is_read_while_the_clock_starts_again(self):
        def begin() -> Run:
            clock = Clock()
            clock.freeze(100)

            def read() -> None:
                assert clock.seconds() >= 100

            return read, clock.unfreeze, read

        check_interleavings(begin, clocks)

    def test_another_time_is_shown_to_one_thread_only(self):
        def begin() -> Run:
            clock = Clock()

            def show() -> None:
                with clock.showing(40):
                    assert clock.seconds() == 40

            def read() -> None:
                assert clock.seconds() > 1e9
                assert not clock.is_frozen

            return show, read, read

        check_interleavings(begin, clocks)

    def test_an_advance_while_another_time_is_shown(self):
        def begin() -> Run:
            clock = Clock()
            clock.freeze(100)

            def show() -> None:
                with clock.showing(40):
                    pass

            def check() -> None:
                assert clock.seconds() == 105

            return show, partial(clock.advance, 5), check

        check_interleavings(begin, clocks)


class TestBackend:
    def test_one_collection_for_a_kind(self):
        def begin() -> Run:
            kinds, found = Store(Journal()), list[Any]()

            def find() -> None:
                found.append(kinds.of(int))

            def check() -> None:
                assert found[0] is found[1]

            return find, find, check

        check_interleavings(begin, store)

    def test_one_random_number_generator(self):
        def begin() -> Run:
            backend, found = Backend(), list[random.Random]()

            def find() -> None:
                found.append(backend.random)

            def check() -> None:
                assert found[0] is found[1] is backend.random

            return find, find, check

        check_interleavings(begin, backends, functools)

    def test_two_observers(self):
        def begin() -> Run:
            client, seen = new_client(), list[int]()
            observe = client.service.backend.observe

            def check() -> None:
                put(client)
                assert sorted(seen) == [1, 2]

            return (
                partial(observe, lambda _: seen.append(1)),
                partial(observe, lambda _: seen.append(2)),
                check,
            )

        check_interleavings(begin, backends, commit)

    def test_a_form_is_compiled_although_a_number_was_missed(self, monkeypatch):
        def begin() -> Run:
            monkeypatch.setattr(packing, "_forms", {})
            monkeypatch.setattr(packing, "_likely_forms", {})
            names = ("a", "b")

            def pack() -> None:
                packing.normalize_and_pack({name: {"S": "x"} for name in names})

            for _ in range(packing._SEEN_BEFORE_COMPILED + packing._READ_BEFORE_COMPILED):
                pack()

            def check() -> None:
                pack()
                pack()
                assert packing._likely_forms[names].read is not None

            return pack, pack, check

        check_interleavings(begin, packing)


class TestPipeline:
    def test_two_stages(self):
        def begin() -> Run:
            pipeline = Pipeline()

            def check() -> None:
                assert {*pipeline.stages} == {print, repr}

            attach = pipeline.attach
            return partial(attach, Phase.RUN, print), partial(attach, Phase.RUN, repr), check

        check_interleavings(begin, pipelines)

    def test_one_comes_and_one_goes(self):
        def begin() -> Run:
            pipeline = Pipeline((Phase.RUN, print))

            def check() -> None:
                assert pipeline.stages == (repr,)

            return partial(pipeline.detach, print), partial(pipeline.attach, Phase.RUN, repr), check

        check_interleavings(begin, pipelines)


class TestFaults:
    def test_two_faults(self):
        def begin() -> Run:
            client = new_client()
            faults = client.service.use(features.FAULTS)

            def check() -> None:
                assert len(faults) == 2
                assert client.service.pipeline.stages.count(faults._stages[0][1]) == 1

            first, second = (
                partial(faults.add, operation=name, error="ThrottlingException")
                for name in ("PutItem", "GetItem")
            )
            return first, second, check

        check_interleavings(begin, faults_module)

    def test_the_end_of_a_pause(self):
        def begin() -> Run:
            faults = Service().use(features.FAULTS)
            pause, other = faults.paused(), faults.paused()
            pause.__enter__()
            other.__enter__()

            def check() -> None:
                assert faults._pauses == 0

            end, end_other = (partial(each.__exit__, None, None, None) for each in (pause, other))
            return end, end_other, check

        check_interleavings(begin, faults_module)

    def test_the_attempts_of_chaos(self):
        def begin() -> Run:
            client = new_client()
            faults = client.service.use(features.FAULTS)
            faults.start_chaos(1)

            def attempt() -> None:
                with suppress(Exception):
                    put(client)

            def check() -> None:
                assert "of 2 attempts affected" in str(faults)

            return attempt, attempt, check

        check_interleavings(begin, chaos)


class TestContributorInsights:
    def test_no_access_is_lost(self):
        def begin() -> Run:
            client = new_client()
            client("UpdateContributorInsights", TableName="tab", ContributorInsightsAction="ENABLE")
            client.service.use(CONTRIBUTOR_INSIGHTS)

            def check() -> None:
                counts = TopKeys(client.service, client.table("tab"), "")
                assert counts.accessed_partition_keys == [("a", 6.0)]

            return partial(put, client), partial(put, client), check

        check_interleavings(begin, key_counts)


class TestThroughput:
    @pytest.mark.parametrize("name", ["clear", "report"])
    def test_another_table_is_used_for_the_first_time(self, name):
        def begin() -> Run:
            client = new_client(throughput=True)
            put(client)
            create_table(client, "more")
            read = getattr(client.service.use(features.THROUGHPUT), name)
            return read, partial(put, client, "b", "more"), read

        check_interleavings(begin, throughput)


class TestAccessControl:
    def test_the_principal_ends_during_a_call(self):
        def begin() -> Run:
            client = new_client()
            of_service = client.service.use(features.ACCESS_CONTROL)
            principal = of_service.begin(ALLOW_ALL, region_name=REGION)
            return partial(put, client), partial(of_service.end, principal), partial(put, client)

        check_interleavings(begin, control)

    def test_two_begin(self):
        def begin() -> Run:
            client = new_client()
            of_service = client.service.use(features.ACCESS_CONTROL)
            begin_one = partial(of_service.begin, ALLOW_ALL, region_name=REGION)

            def check() -> None:
                assert len(of_service._principals) == 2
                assert client.service.pipeline.stages.count(of_service._authorize) == 1

            return begin_one, begin_one, check

        check_interleavings(begin, control)

    def test_a_report_during_a_call(self):
        def begin() -> Run:
            client = new_client()
            create_table(client, "more")
            principal = client.service.use(features.ACCESS_CONTROL).begin(
                ALLOW_ALL, region_name=REGION
            )
            put(client)
            return (
                principal.least_privilege_policy,
                partial(put, client, "b", "more"),
                principal.report,
            )

        check_interleavings(begin, principals, reports)


class TestMetrics:
    def test_an_alarm_is_reported_once(self):
        def begin() -> Run:
            metrics = Service(Options(metrics=True)).use(features.METRICS)
            events = list[Any]()
            metrics.on_alarm(None, events.append)
            event: Any = SimpleNamespace(name="busy")
            metrics.report(event)

            def check() -> None:
                assert events == [event]

            return metrics._deliver, metrics._deliver, check

        check_interleavings(begin, cloudwatch)

    def test_all_samples_since_a_savepoint_are_rolled_back(self):
        def samples() -> Run:
            backend = Backend()
            of_region = series.Series(backend)
            busy = SeriesId.of("Busy", TableName="tab")
            mark = backend.snapshot()
            defer = partial(of_region.defer, 60.0, lambda value: [(busy, value)])

            def check() -> None:
                found = of_region.at(busy, 1)
                assert found is not None
                assert found.count == 2
                backend.restore(mark)
                assert of_region.at(busy, 1) is None

            return partial(defer, 1.0), partial(defer, 2.0), check

        check_interleavings(samples, series)

    def test_a_savepoint_is_made_while_a_sample_is_added(self):
        def begin() -> Run:
            backend = Backend()
            of_region = series.Series(backend)
            busy = SeriesId.of("Busy", TableName="tab")
            outer = backend.snapshot()

            def roll_back() -> None:
                with backend.rollback():
                    pass

            def check() -> None:
                backend.restore(outer)

            return roll_back, partial(of_region.defer, 60.0, lambda: [(busy, 1.0)]), check

        check_interleavings(begin, journal)


class TestDax:
    def test_one_cluster_of_a_name(self):
        def begin() -> Run:
            of_service = Service(Options(dax=True)).use(features.DAX)
            found = list[Any]()

            def find() -> None:
                found.append(of_service.cluster(REGION, "shop"))

            def check() -> None:
                assert found[0] is found[1]

            return find, find, check

        check_interleavings(begin, dax)

    def test_no_hit_is_lost(self):
        def begin() -> Run:
            cluster = Service(Options(dax=True)).use(features.DAX).cluster(REGION, "shop")
            count = partial(cluster._count, "ItemCacheHits")

            def check() -> None:
                assert cluster.counts["ItemCacheHits"] == 2

            return count, count, check

        check_interleavings(begin, nodes)


class TestConflicts:
    def test_an_item_is_held_once(self):
        def begin() -> Run:
            client = new_client()
            of_service = client.service.use(features.CONFLICTS)
            write = {"Put": {"TableName": "tab", "Item": {"pk": {"S": "a"}}}}
            blocks = [of_service.write(REGION, write) for _ in range(2)]
            refused = list[MisuseError]()

            def enter(block: AbstractContextManager[None]) -> None:
                try:
                    block.__enter__()
                except MisuseError as error:
                    refused.append(error)

            def check() -> None:
                assert len(of_service._held) == len(refused) == 1

            first, second = (partial(enter, block) for block in blocks)
            return first, second, check

        check_interleavings(begin, conflicts)


class TestHook:
    def test_the_guard_ends_while_it_is_asked(self, monkeypatch):
        def begin() -> Run:
            monkeypatch.setattr(guard, "_guards", [])
            one = guard.Guard(is_on=False)
            one.begin()
            return guard.is_on, one.end, lambda: None

        check_interleavings(begin, guard)

    def test_files_are_read_while_their_sizes_are_added(self, monkeypatch):
        def begin() -> Run:
            files = {name: sessions._File((), b"") for name in "abc"}
            monkeypatch.setattr(sessions, "_files", files)
            read = partial(files.__setitem__, "d", sessions._File((), None))
            return partial(sessions._pack_if_room, {}), read, lambda: None

        check_interleavings(begin, sessions)

    def test_a_handler_that_is_added_while_the_route_of_a_call_is_found(self, monkeypatch):
        client = boto3.Session().client(
            "dynamodb", REGION, aws_access_key_id="key", aws_secret_access_key="secret"
        )
        signed = list[str]()

        def note(event_name: str, **_: Any) -> None:
            signed.append(event_name)

        is_validated = before_call._is_validated

        def add_handler() -> bool:
            monkeypatch.undo()
            client.meta.events.register("before-sign.dynamodb", note)
            return is_validated()

        monkeypatch.setattr(before_call, "_is_validated", add_handler)
        with mock_dynamodb():
            client.list_tables()
            client.list_tables()
        assert signed == ["before-sign.dynamodb.ListTables"]
