"""The section of global tables: their replicas, and the updates in transit.

Isolations of regions are not saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine.global_tables import GlobalTable, Replica, Update, Version
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.formats.dynamodb_json import jsonable_item, typed_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.values import Item


#: The name of the lines of replicas.
REPLICA = "replica"


@dataclass(frozen=True, slots=True)
class _Version:
    """The version of an item."""

    key: Mapping[str, Any]
    at: float
    number: int


@dataclass(frozen=True, slots=True)
class _Update:
    """An update in transit to another region; without an item for a deletion."""

    region: str
    version: _Version
    item: Mapping[str, Any] | None
    due_at: float


@dataclass(frozen=True, slots=True)
class _Replica:
    """One table of a global table."""

    table_name: str
    #: The identity of the group.
    group: str
    #: The position in the group.
    position: int
    is_strong: bool
    witness: str | None
    joined_at: float
    source: str | None
    replicated_write_units: float
    versions: tuple[_Version, ...]
    updates: tuple[_Update, ...]


# --- writing -------------------------------------------------------------------------------------


def replicas_in(region: Region) -> dict[str, Replica]:
    """Return the replicas of a region by the names of their tables."""
    found = {}
    for table in region.tables.values():
        replica = region.backend.replicator.replica_of(table)
        if replica is not None:
            found[table.name] = replica
    return found


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the replicas of a region."""
    for name in replicas_in(region):
        yield from lines_of(region, name)


def lines_of(region: Region, table_name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the line of a replica; none for one that is being deleted."""
    replica = replicas_in(region)[table_name]
    lasting = _lasting(replica.group)
    if replica in lasting and len(lasting) > 1:
        yield {REPLICA: to_json(_saved(replica, lasting))}


def _lasting(group: GlobalTable) -> list[Replica]:
    return [replica for replica in group.replicas if replica.takes_part]


def _saved(replica: Replica, lasting: list[Replica]) -> _Replica:
    group, schema = replica.group, replica.table.key_schema
    return _Replica(
        table_name=replica.table.name,
        group=lasting[0].table.settings.table_id,
        position=lasting.index(replica),
        is_strong=group.is_strong,
        witness=group.witness,
        joined_at=replica.joined_at,
        source=replica.source,
        replicated_write_units=replica.replicated_write_units,
        versions=tuple(
            _saved_version(schema, key, version) for key, version in replica.versions.items()
        ),
        updates=tuple(
            _Update(
                target.region_name,
                _saved_version(schema, update.key, update.version),
                None if update.item is None else jsonable_item(update.item.load()),
                update.due_at,
            )
            for target, updates in replica.links.items()
            for update in updates
        ),
    )


def _saved_version(schema: KeySchema, key: OrderKey, version: Version) -> _Version:
    item: Item = {
        attribute.name: {attribute.kind: str(content) if attribute.kind == "N" else content}
        for attribute, content in zip(schema.attributes, key[1:], strict=True)
    }
    return _Version(jsonable_item(item), version.at, version.number)


# --- reading -------------------------------------------------------------------------------------


def _read(state: LoadedState, value: Any) -> None:
    saved = from_json(_Replica, value, REPLICA)
    state.commit()
    table = state.region.tables.get(saved.table_name)
    if table is None:
        raise state.error(f"no table {saved.table_name} for this replica before it")
    state.replicas.setdefault(saved.group, []).append((state.region, table, saved))


def finish(state: LoadedState) -> None:
    """Create global tables from the replicas that were read.

    Raises:
        FileError: A group is incomplete, or a region has two of its replicas.
    """
    for parts in state.replicas.values():
        _begin_group(state, sorted(parts, key=lambda part: part[2].position))


def _begin_group(state: LoadedState, parts: list[tuple[Any, Any, _Replica]]) -> None:
    replicator = state.backend.replicator
    regions = [region.name for region, _, _ in parts]
    names = {saved.table_name for _, _, saved in parts}
    if len(parts) == 1 or len(set(regions)) < len(parts) or len(names) > 1:
        raise state.error("a global table has replicas of one name, one in each of its regions")
    first = parts[0][2]
    group = GlobalTable(is_strong=first.is_strong, witness=first.witness)
    for region, table, saved in parts:
        replica = Replica(
            replicator.send,
            state.backend.clock,
            region.name,
            table,
            group,
            account_id=region.account_id,
            joined_at=saved.joined_at,
            source=saved.source,
        )
        replica.replicated_write_units = saved.replicated_write_units
        replica.versions = {
            _key(state, table.key_schema, each): Version(each.at, each.number)
            for each in saved.versions
        }
        replicator.add(replica)
    for (_, table, saved), replica in zip(parts, group.replicas, strict=True):
        for update in saved.updates:
            target = group.replica_in(update.region)
            if target is None or target is replica:
                raise state.error(f"no replica in {update.region!r} for an update")
            replicator.resume(replica, target, _update(state, table.key_schema, update))
    state.backend.run_due_after_calls()


def _key(state: LoadedState, schema: KeySchema, saved: _Version) -> OrderKey:
    key = typed_item(saved.key)
    normalize_item(key)
    order_key = schema.order_key(key)
    if order_key is None:
        raise state.error("the key of a replicated item is not that of the table")
    return order_key


def _update(state: LoadedState, schema: KeySchema, saved: _Update) -> Update:
    stored = None
    key = _key(state, schema, saved.version)
    if saved.item is not None:
        item = typed_item(saved.item)
        stored = StoredItem(item, normalize_item(item))
        if schema.order_key(item) != key:
            raise state.error("a replicated item has another key than its version")
    return Update(Version(saved.version.at, saved.version.number), key, stored, saved.due_at)


READERS = {REPLICA: _read}
