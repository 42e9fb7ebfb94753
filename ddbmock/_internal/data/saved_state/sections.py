"""The sections of a saved state, which write and read the resources of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.saved_state import backups, pasts, replicas, streams, tables
from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine.alarms import Alarm, HistoryItem
from ddbmock._internal.engine.backups import Backup
from ddbmock._internal.engine.dax import (
    AVAILABLE,
    DELETING,
    DaxCluster,
    DaxEvent,
    ParameterGroup,
    SubnetGroup,
)
from ddbmock._internal.engine.global_tables import Replica
from ddbmock._internal.engine.history import History
from ddbmock._internal.engine.scaling import (
    ScalableTarget,
    ScalingActivity,
    ScalingPolicy,
    ScheduledAction,
)
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.engine.table import Table
from ddbmock._internal.operations.transactions.tokens import TransactionToken
from ddbmock._internal.operations.transfer.records import BulkOperation, Export, Import

if TYPE_CHECKING:
    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.scaling import Scaler

Lines = Iterator[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """The section of one kind of resource.

    To save another kind, add a row to `SECTIONS`; `record_section` suffices for most. Kinds are in
    the order in which they are written, those that others refer to first.
    """

    #: The class of the resources in `Region.store`.
    kind: type[Any]
    #: Yields the lines of a region's resources.
    write: Callable[[Region], Lines]
    #: Name of a line -> the function that reads it.
    readers: Mapping[str, Callable[[LoadedState, Any], None]]
    #: Yields the lines of one resource by its key, without the items of a table and the records of
    #: a stream, which a database writes one by one; none for a resource that is not saved.
    lines_of: Callable[[Region, str], Lines]
    #: Returns the resources of a region by key, if they are not in its store.
    find: Callable[[Region], Mapping[str, Any]] | None = None

    @property
    def name(self) -> str:
        """The name of the first lines."""
        return next(iter(self.readers))

    def resources(self, region: Region) -> Mapping[str, Any]:
        """Return the resources of this kind in a region, by key."""
        if self.find is not None:
            return self.find(region)
        return resources_of(region, self.kind)


def resources_of(region: Region, kind: type[Any]) -> Mapping[str, Any]:
    """Return the resources of one kind, without creating an unused kind in the store."""
    return region.store.of(kind).records if kind in region.store.kinds() else {}


def record_section(
    name: str,
    kind: type[Any],
    is_saved: Callable[[Any], bool] | None = None,
    *,
    settled: Callable[[Any], Any] | None = None,
    begin: Callable[[Region, Any], None] | None = None,
) -> Section:
    """Return the section of a kind that is a frozen record: one line for each resource.

    Args:
        name: The name of the lines, such as `backup`.
        kind: The class of the records, a dataclass.
        is_saved: Whether a record is to be written; all are by default.
        settled: Returns a record without transitions in progress.
        begin: Starts the tasks of a record that was read.
    """

    def write(region: Region) -> Lines:
        for key in resources_of(region, kind):
            yield from lines_of(region, key)

    def lines_of(region: Region, key: str) -> Lines:
        record = resources_of(region, kind)[key]
        if is_saved is None or is_saved(record):
            yield {name: {"key": key, "content": to_json(record)}}

    def read(state: LoadedState, value: Any) -> None:
        saved = from_json(dict[str, Any], value, name)
        key = from_json(str, saved.get("key"), f"{name}.key")
        record = from_json(kind, saved.get("content"), f"{name}.content")
        if settled is not None:
            record = settled(record)
        region = state.region
        region.store.of(kind).put(key, record)
        if begin is not None:
            state.at_start.append(partial(begin, region, record))

    return Section(kind, write, {name: read}, lines_of)


def _has_ended(record: Export | Import | BulkOperation) -> bool:
    return record.ended_at is not None


def _begin_schedule(region: Region, action: ScheduledAction) -> None:
    """Schedule a scheduled action again; only a mock with auto scaling executes any."""
    scaler: Scaler | None = region.backend.scaler
    if scaler is not None:
        scaler.schedule(region, action, region.backend.clock.seconds())


def _stays(cluster: DaxCluster) -> bool:
    return cluster.transition != DELETING


def _settled(cluster: DaxCluster) -> DaxCluster:
    return replace(cluster, transition=AVAILABLE, until=0.0)


def _ended(activity: ScalingActivity) -> ScalingActivity:
    return replace(activity, until=0.0)


SECTIONS = (
    Section(Table, tables.write, tables.READERS, tables.lines_of),
    Section(Stream, streams.write, streams.READERS, streams.lines_of),
    Section(
        Replica, replicas.write, replicas.READERS, replicas.lines_of, find=replicas.replicas_in
    ),
    Section(History, pasts.write, pasts.READERS, pasts.lines_of, find=pasts.pasts_in),
    Section(Backup, backups.write, backups.READERS, backups.lines_of),
    record_section("scalable_target", ScalableTarget),
    record_section("scaling_policy", ScalingPolicy),
    record_section("scaling_activity", ScalingActivity, settled=_ended),
    record_section("scheduled_action", ScheduledAction, begin=_begin_schedule),
    record_section("alarm", Alarm),
    record_section("alarm_history", HistoryItem),
    record_section("dax_parameter_group", ParameterGroup),
    record_section("dax_subnet_group", SubnetGroup),
    record_section("dax_cluster", DaxCluster, _stays, settled=_settled),
    record_section("dax_event", DaxEvent),
    record_section("export", Export, _has_ended),
    record_section("import", Import, _has_ended),
    record_section("bulk_operation", BulkOperation, _has_ended),
)
#: Kinds that are deliberately not saved.
NOT_SAVED: tuple[type[Any], ...] = (TransactionToken,)
