"""What is set on a table beside its key: billing, throughput, protection, and so on.

Settings never change in place. A change makes new ones and hands them to `Table.configure`, which
is how the undo journal can take it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Throughput:
    """Provisioned units a second; zero for both stands for on-demand billing."""

    read_units: int = 0
    write_units: int = 0
    #: Epoch seconds of the last changes, None where there was none.
    increased_at: float | None = None
    decreased_at: float | None = None
    decreases_today: int = 0


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What is set on a global secondary index."""

    throughput: Throughput = field(default_factory=Throughput)
    on_demand_throughput: Mapping[str, int] = field(default_factory=dict)
    warm_throughput: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableSettings:
    """What is set on a table. Structures that only travel through keep the API's shape."""

    table_id: str
    created_at: float
    attribute_types: Mapping[str, str]
    billing_mode: str = "PROVISIONED"
    #: Epoch seconds of the last switch to on-demand billing; None for never.
    on_demand_since: float | None = None
    throughput: Throughput = field(default_factory=Throughput)
    on_demand_throughput: Mapping[str, int] = field(default_factory=dict)
    warm_throughput: Mapping[str, int] = field(default_factory=dict)
    indexes: Mapping[str, IndexSettings] = field(default_factory=dict)
    stream: Mapping[str, Any] = field(default_factory=dict)
    encryption: Mapping[str, Any] = field(default_factory=dict)
    table_class: str | None = None
    deletion_protection: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
