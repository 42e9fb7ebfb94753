"""The settings of a table other than its key: billing, throughput, protection, and so on.

Settings are immutable. A change creates new ones and passes them to `Table.configure`, which
records the undo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"


@dataclass(frozen=True, slots=True)
class Throughput:
    """Provisioned units per second; both are zero with on-demand billing."""

    read_units: int = 0
    write_units: int = 0
    #: Epoch seconds of the last changes, None where there was none.
    increased_at: float | None = None
    decreased_at: float | None = None
    #: How many decreases there were on the day of the last one.
    decreases: int = 0

    def decreases_today(self, now: float) -> int:
        """Return how many decreases there were on this UTC day.

        >>> Throughput(decreased_at=86_399.0, decreases=4).decreases_today(86_400.0)
        0
        """
        if (
            self.decreased_at is None
            or self.decreased_at // limits.DAY_SECONDS != now // limits.DAY_SECONDS
        ):
            return 0
        return self.decreases


@dataclass(frozen=True, slots=True)
class WarmThroughput:
    """The warm throughput of a table or index, in units per second; it never decreases."""

    read_units: int
    write_units: int

    def raised_to(self, read_units: int, write_units: int) -> WarmThroughput:
        """Return the maximum of this and other units.

        >>> WarmThroughput(5, 5).raised_to(10, 1)
        WarmThroughput(read_units=10, write_units=5)
        """
        return WarmThroughput(max(self.read_units, read_units), max(self.write_units, write_units))


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """The settings of a global secondary index."""

    throughput: Throughput = field(default_factory=Throughput)
    on_demand_throughput: Mapping[str, int] = field(default_factory=dict)
    warm_throughput: WarmThroughput = field(default_factory=lambda: WarmThroughput(0, 0))


@dataclass(frozen=True, slots=True)
class TimeToLive:
    """The attribute with the time at which an item expires, and when it was chosen."""

    attribute_name: str
    enabled: bool
    changed_at: float
    #: Until when the status is ENABLING or DISABLING.
    settled_at: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """Point-in-time recovery: the times that a table can be restored to."""

    #: The earliest of them, as long as the period reaches back so far.
    since: float
    period_days: int = limits.RECOVERY_PERIOD_DAYS_MAX

    @property
    def period_seconds(self) -> int:
        """How far back the times reach."""
        return self.period_days * limits.DAY_SECONDS

    def earliest(self, now: float) -> float:
        """Return the earliest time that the table can be restored to."""
        return max(self.since, now - self.period_seconds)

    def latest(self, now: float) -> float:
        """Return the latest time that the table can be restored to, some minutes ago.

        >>> Recovery(since=0.0).latest(1_000.0)
        700.0
        """
        return max(self.since, now - limits.RECOVERY_LAG_SECONDS)


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a table or one of its indexes that is in progress until a given time.

    The settings are those after the change; `before` is what is shown until then, if it differs.
    """

    kind: str
    until: float
    index_name: str = ""
    detail: str = ""
    before: Any = None
    #: Of an index that is being created: when its backfilling begins.
    backfilling_at: float = 0.0


@dataclass(frozen=True, slots=True)
class ContributorInsights:
    """The contributor insights of a table or index: which keys are counted, and since when."""

    mode: str
    enabled: bool
    changed_at: float
    #: Until when the status is ENABLING or DISABLING.
    settled_at: float
    #: Kind of rule -> the epoch milliseconds of its creation.
    rules: Mapping[str, int] = field(default_factory=dict)
    #: Whether the account had no more rules left.
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class KinesisDestination:
    """A Kinesis data stream that gets the changes of a table."""

    stream_arn: str
    #: The status after the transition in progress.
    status: str
    #: The status during the transition.
    status_before: str
    settled_at: float
    #: The unit of the times in its records; None until one was set, which means milliseconds.
    precision: str | None = None
    #: Why it could not be enabled.
    problem: str | None = None

    def status_at(self, now: float) -> str:
        """Return the status at a time."""
        return self.status_before if now < self.settled_at else self.status


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The policy of a table or stream; None as document is one that was deleted."""

    document: str | None
    #: Epoch milliseconds of the change.
    revision: int
    #: Whether the document was given with a version.
    has_version: bool = True


@dataclass(frozen=True, slots=True)
class TableSettings:
    """The settings of a table. Structures that are only passed on have the API's shape."""

    table_id: str
    created_at: float
    attribute_types: Mapping[str, str]
    billing_mode: str = PROVISIONED
    #: Epoch seconds of the last switch to on-demand billing; None if there was none.
    on_demand_since: float | None = None
    throughput: Throughput = field(default_factory=Throughput)
    on_demand_throughput: Mapping[str, int] = field(default_factory=dict)
    warm_throughput: WarmThroughput = field(default_factory=lambda: WarmThroughput(0, 0))
    indexes: Mapping[str, IndexSettings] = field(default_factory=dict)
    stream: Mapping[str, Any] = field(default_factory=dict)
    #: ARN of the KMS key, None for encryption with a key that AWS owns.
    encryption_key: str | None = None
    #: Epoch seconds of the changes of the encryption and of the table's class.
    encryption_changes: tuple[float, ...] = ()
    table_class: str | None = None
    table_class_changes: tuple[float, ...] = ()
    deletion_protection: bool = False
    #: Epoch seconds of the last change of that, None where there was none.
    protection_changed_at: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    time_to_live: TimeToLive | None = None
    #: None when point-in-time recovery is off.
    recovery: Recovery | None = None
    #: Index name -> its contributor insights; "" for those of the table.
    contributor_insights: Mapping[str, ContributorInsights] = field(default_factory=dict)
    kinesis_destinations: tuple[KinesisDestination, ...] = ()
    #: Stream label -> the policy of the stream; "" for that of the table.
    resource_policies: Mapping[str, ResourcePolicy] = field(default_factory=dict)
    #: The replication mode of the settings, if a table of one region has one.
    replication_mode: str | None = None
    #: The disassociation protection of a replica; None where it was never set.
    disassociation_protection: bool | None = None
    #: The transitions in progress. A finished one may remain until the next call.
    transitions: tuple[Transition, ...] = ()
