"""The rules of throughput: which one each billing mode allows, and its bounds.

The checks are about an index when an index name is given, about the table otherwise.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    Units = Mapping[str, int]

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"

_UNIT_NAMES = ("ReadCapacityUnits", "WriteCapacityUnits")
_ON_DEMAND_NAMES = ("MaxReadRequestUnits", "MaxWriteRequestUnits")
#: Warm units, the corresponding provisioned units, and the initial ones of on-demand tables.
_WARM_NAMES = (
    ("ReadUnitsPerSecond", "ReadCapacityUnits", limits.INITIAL_READ_UNITS_PER_SECOND),
    ("WriteUnitsPerSecond", "WriteCapacityUnits", limits.INITIAL_WRITE_UNITS_PER_SECOND),
)


def check_provisioned_throughput(throughput: Units | None, billing_mode: str) -> None:
    """Raise ValidationError when a table's ProvisionedThroughput is missing, given or too big."""
    if billing_mode == ON_DEMAND:
        if throughput is not None:
            raise ValidationError(messages.THROUGHPUT_FORBIDDEN)
    elif throughput is None:
        raise ValidationError(messages.THROUGHPUT_MISSING)
    else:
        check_units(throughput)


def check_index_throughput(index_name: str, throughput: Units | None, billing_mode: str) -> None:
    """Raise ValidationError when an index's ProvisionedThroughput is missing, given or too big."""
    if billing_mode == ON_DEMAND:
        if throughput is not None:
            raise ValidationError(messages.index_throughput_forbidden(index_name))
    elif throughput is None:
        raise ValidationError(messages.index_throughput_missing(index_name))
    else:
        check_units(throughput, index_name)


def check_units(throughput: Units, index_name: str | None = None) -> None:
    """Raise ValidationError when provisioned units are more than the service can count."""
    for name in _UNIT_NAMES:
        units = throughput[name]
        if units > limits.THROUGHPUT_UNITS_MAX:
            raise ValidationError(messages.units_out_of_bounds(units, name, index_name))


def check_on_demand_throughput(
    maximum: Units | None, billing_mode: str, index_name: str | None = None
) -> None:
    """Raise ValidationError when an OnDemandThroughput is not allowed or below one.

    -1 removes a maximum, so it is not valid for what is being created.
    """
    given = [name for name in _ON_DEMAND_NAMES if (maximum or {}).get(name) is not None]
    if given and billing_mode == PROVISIONED:
        raise ValidationError(messages.on_demand_forbidden(given[0], index_name))
    for name in given:
        if maximum is not None and maximum[name] < 1:
            raise ValidationError(messages.on_demand_out_of_range(name, index_name))


def check_warm_throughput(
    warm: Units | None, provisioned: Units | None, index_name: str | None = None
) -> None:
    """Raise ValidationError when a WarmThroughput is less than the initial or provisioned one."""
    for name, capacity_name, initial_units in _WARM_NAMES:
        units = (warm or {}).get(name)
        if units is None:
            continue
        if provisioned is None:
            if units < initial_units:
                raise ValidationError(messages.warm_below_initial(name, index_name))
        elif units < provisioned[capacity_name]:
            text = messages.warm_below_provisioned(name, index_name, capacity_name)
            raise ValidationError(text)
