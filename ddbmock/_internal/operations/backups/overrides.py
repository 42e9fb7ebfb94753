"""The overrides of a restore: how the restored table differs from its source.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import backups as backup_messages
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.validation.indexes import check_index_names
from ddbmock._internal.validation.settings import check_encryption
from ddbmock._internal.validation.throughput import ON_DEMAND, PROVISIONED, check_warm_throughput
from ddbmock._internal.validation.vector_indexes import search_attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.intent import Request

    Structure = Mapping[str, Any]

#: The lists of indexes of a table, and the parameters that override them.
_INDEX_LISTS = {
    "GlobalSecondaryIndexes": "GlobalSecondaryIndexOverride",
    "LocalSecondaryIndexes": "LocalSecondaryIndexOverride",
}
_MAXIMA = ("MaxReadRequestUnits", "MaxWriteRequestUnits")


def overridden(source: Request, request: Request) -> Request:
    """Return the request of CreateTable for the restored table.

    Args:
        source: The request that would create the source table.
        request: The request to restore it.

    Raises:
        ValidationError: The overrides contradict each other or the table.
    """
    check_encryption(request.get("SSESpecificationOverride"))
    _check_units(source, request)
    _check_maxima(source, request)
    target = {**source, "TableName": request["TargetTableName"]}
    for member, parameter in _INDEX_LISTS.items():
        if request.get(parameter) is not None:
            target[member] = _matched_indexes(source.get(member) or (), request[parameter])
    if request.get("VectorIndexOverride") is not None:
        target["VectorIndexes"] = _matched_vectors(
            source.get("VectorIndexes") or (), request["VectorIndexOverride"]
        )
    billing_mode = request.get("BillingModeOverride")
    if billing_mode is not None:
        _override_billing(target, billing_mode)
    if request.get("ProvisionedThroughputOverride") is not None:
        target["ProvisionedThroughput"] = request["ProvisionedThroughputOverride"]
    if request.get("OnDemandThroughputOverride") is not None:
        target["OnDemandThroughput"] = _limited(request["OnDemandThroughputOverride"])
    if request.get("SSESpecificationOverride") is not None:
        target["SSESpecification"] = _encryption(request["SSESpecificationOverride"])
    _define_attributes(target)
    return target


def _check_units(source: Request, request: Request) -> None:
    """Check that units are given where they are needed, and nowhere else."""
    override = request.get("BillingModeOverride")
    units = request.get("ProvisionedThroughputOverride")
    indexes = request.get("GlobalSecondaryIndexOverride") or ()
    if override == PROVISIONED and units is None:
        raise ValidationError(backup_messages.UNITS_REQUIRED)
    if override == ON_DEMAND:
        if units is not None:
            raise ValidationError(backup_messages.units_with_on_demand(None))
        for index in indexes:
            if index.get("ProvisionedThroughput") is not None:
                raise ValidationError(backup_messages.units_with_on_demand(index["IndexName"]))
    if override is None and source["BillingMode"] == ON_DEMAND:
        given = [index for index in indexes if index.get("ProvisionedThroughput") is not None]
        if units is not None or given:
            raise ValidationError(backup_messages.UNITS_WITHOUT_PROVISIONED)


def _check_maxima(source: Request, request: Request) -> None:
    maxima = request.get("OnDemandThroughputOverride") or {}
    billing_mode = request.get("BillingModeOverride") or source["BillingMode"]
    for name in _MAXIMA:
        units = maxima.get(name)
        if units is None:
            continue
        if billing_mode == PROVISIONED:
            raise ValidationError(backup_messages.maximum_to_restore_without_on_demand(name))
        if units < 1 and units != limits.ON_DEMAND_UNITS_UNLIMITED:
            raise ValidationError(backup_messages.maximum_to_restore_out_of_range(name))


# --- indexes -------------------------------------------------------------------------------------


def _matched_indexes(source: Any, wanted: list[Structure]) -> list[Request]:
    """Return the indexes of an override, each of which must be an index of the source."""
    found = []
    for index in wanted:
        same = [each for each in source if _shape(each) == _shape(index)]
        if not same:
            raise ValidationError(backup_messages.index_not_in_source(index["IndexName"]))
        # Members that are not overridden are those of the source.
        given = {name: value for name, value in index.items() if value is not None}
        found.append({**same[0], **given})
        check_warm_throughput(
            index.get("WarmThroughput"), found[-1].get("ProvisionedThroughput"), index["IndexName"]
        )
    check_index_names(found)
    return found


def _matched_vectors(source: Any, wanted: list[Structure]) -> list[Structure]:
    """Return the vector indexes of an override, as `_matched_indexes` does the others."""
    for index in wanted:
        if not any(_vector_shape(each) == _vector_shape(index) for each in source):
            raise ValidationError(backup_messages.index_not_in_source(index["IndexName"]))
    check_index_names(wanted)
    return wanted


def _vector_shape(index: Structure) -> object:
    projection = index["Projection"]
    return (
        index["VectorAttribute"]["AttributeName"],
        index["Dimensions"],
        index["DistanceFunction"],
        projection.get("ProjectionType"),
        frozenset(projection.get("NonKeyAttributes") or ()),
        [
            (each["AttributeName"], each["SearchSchemaElementType"])
            for each in index.get("SearchSchema") or ()
        ],
    )


def _shape(index: Structure) -> object:
    """Return what identifies an index: key and projection."""
    projection = index["Projection"]
    return (
        [(element["AttributeName"], element["KeyType"]) for element in index["KeySchema"]],
        projection.get("ProjectionType"),
        frozenset(projection.get("NonKeyAttributes") or ()),
    )


# --- settings ------------------------------------------------------------------------------------


def _override_billing(target: Request, billing_mode: str) -> None:
    target["BillingMode"] = billing_mode
    if billing_mode == PROVISIONED and target.get("VectorIndexes"):
        raise ValidationError(request_messages.VECTORS_NEED_ON_DEMAND)
    lost = "OnDemandThroughput" if billing_mode == PROVISIONED else "ProvisionedThroughput"
    target.pop(lost, None)
    indexes = [
        {name: value for name, value in index.items() if name != lost}
        for index in target.get("GlobalSecondaryIndexes") or ()
    ]
    for index in indexes:
        if billing_mode == PROVISIONED and index.get("ProvisionedThroughput") is None:
            raise ValidationError(backup_messages.index_units_to_restore(index["IndexName"]))
    if indexes:
        target["GlobalSecondaryIndexes"] = indexes


def _limited(maxima: Structure) -> dict[str, int]:
    """Return the maxima that are set; -1 stands for none."""
    unlimited = {None, limits.ON_DEMAND_UNITS_UNLIMITED}
    return {name: maxima[name] for name in _MAXIMA if maxima.get(name) not in unlimited}


def _encryption(specification: Structure) -> Structure:
    """Return the SSESpecification; one without members is that of a key that AWS owns."""
    return specification or {"Enabled": False}


def _define_attributes(target: Request) -> None:
    """Remove the definitions of attributes that are no longer in a key."""
    schemas = [
        target["KeySchema"],
        *(index["KeySchema"] for member in _INDEX_LISTS for index in target.get(member) or ()),
    ]
    used = {element["AttributeName"] for schema in schemas for element in schema}
    used |= set(search_attributes(target.get("VectorIndexes") or ()))
    target["AttributeDefinitions"] = [
        each for each in target["AttributeDefinitions"] if each["AttributeName"] in used
    ]
