"""The features of a mock, and what switches each of them on: one row for each.

Those that operations use first are in `engine.features`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.features import Feature
from ddbmock._internal.options import DEFAULTS

if TYPE_CHECKING:
    from ddbmock._internal.access_control import AccessControl
    from ddbmock._internal.companions.autoscaling import AutoScaling
    from ddbmock._internal.companions.dax import Dax
    from ddbmock._internal.companions.metrics import Metrics
    from ddbmock._internal.conflicts import Conflicts
    from ddbmock._internal.faults import Faults
    from ddbmock._internal.options import Options
    from ddbmock._internal.throughput import Throughput
    from ddbmock._internal.triggers import Triggers

# What options switch on is attached in this order.
LAG: Feature[None] = Feature("optional_stages.lag", option="lag")
THROUGHPUT: Feature[Throughput] = Feature("throughput", option="throughput")
FAULTS: Feature[Faults] = Feature("faults", option="chaos")
METRICS: Feature[Metrics] = Feature("companions.metrics", option="metrics")
AUTOSCALING: Feature[AutoScaling] = Feature("companions.autoscaling", option="autoscaling")
DAX: Feature[Dax] = Feature("companions.dax", option="dax")
DATABASE: Feature[None] = Feature("data.database", option="db")
ACCESS_CONTROL: Feature[AccessControl] = Feature(
    "access_control", option="policy", is_of_each_mock=True
)
CONFLICTS: Feature[Conflicts] = Feature("conflicts")
QUORUM: Feature[None] = Feature("optional_stages.quorum")
TRIGGERS: Feature[Triggers] = Feature("triggers")
#: The URL of the console.
CONSOLE: Feature[str] = Feature("console")

FEATURES: tuple[Feature[Any], ...] = tuple(
    value for value in list(vars().values()) if isinstance(value, Feature)
)
_BY_OPTION = tuple((each.option, each) for each in FEATURES if each.option is not None)


def switched_on(options: Options) -> list[Feature[Any]]:
    """Return the features that the options of a mock switch on."""
    if options is DEFAULTS:
        return []
    return [
        feature
        for option, feature in _BY_OPTION
        if getattr(options, option) != getattr(DEFAULTS, option)
    ]
