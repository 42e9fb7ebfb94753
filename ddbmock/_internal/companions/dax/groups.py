"""The parameter groups and subnet groups of DAX's control plane.

A change of a parameter takes effect at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.companions.dax.errors import (
    DaxParameterValueError,
    InvalidParameterGroupStateFault,
    ParameterGroupAlreadyExistsFault,
    ParameterGroupNotFoundFault,
    SubnetGroupAlreadyExistsFault,
    SubnetGroupInUseFault,
    SubnetGroupNotFoundFault,
)
from ddbmock._internal.companions.dax.pages import PAGING, listed
from ddbmock._internal.companions.dax.rows import ROWS
from ddbmock._internal.engine.dax import (
    DEFAULT_GROUP,
    DEFAULT_SUBNETS,
    ITEM_TTL,
    QUERY_TTL,
    DaxCluster,
    ParameterGroup,
    SubnetGroup,
)
from ddbmock._internal.messages import dax as messages

if TYPE_CHECKING:
    from ddbmock._internal.companions.dax.dax import Dax
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_DEFAULT = ParameterGroup(DEFAULT_GROUP, "Default parameter group for DAX 1.0")
_DEFAULT_SUBNETS = SubnetGroup(
    DEFAULT_SUBNETS, "Default CacheSubnetGroup", ("subnet-0ddb0001", "subnet-0ddb0002")
)


def find_parameter_group(region: Region, name: str) -> ParameterGroup:
    """Return a parameter group.

    Raises:
        ParameterGroupNotFoundFault: There is none with this name.
    """
    if name == DEFAULT_GROUP:
        return _DEFAULT
    group = region.store.of(ParameterGroup, in_order=True).records.get(name)
    if group is None:
        raise ParameterGroupNotFoundFault(messages.dax_parameter_group_not_found(name))
    return group


def find_subnet_group(region: Region, name: str) -> SubnetGroup:
    """Return a subnet group.

    Raises:
        SubnetGroupNotFoundFault: There is none with this name.
    """
    if name == DEFAULT_SUBNETS:
        return _DEFAULT_SUBNETS
    group = region.store.of(SubnetGroup, in_order=True).records.get(name)
    if group is None:
        raise SubnetGroupNotFoundFault(messages.dax_subnet_group_not_found(name))
    return group


@ROWS.operation("CreateParameterGroup", "ParameterGroupName", "Description")
def create_parameter_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Create a parameter group with the default times to live."""
    name = parameters["ParameterGroupName"]
    groups = region.store.of(ParameterGroup, in_order=True)
    if name == DEFAULT_GROUP or name in groups.records:
        raise ParameterGroupAlreadyExistsFault(messages.dax_parameter_group_exists(name))
    group = ParameterGroup(name, parameters.get("Description", ""))
    groups.put(name, group)
    return {"ParameterGroup": group.described()}


@ROWS.operation("UpdateParameterGroup", "ParameterGroupName", "ParameterNameValues")
def update_parameter_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Change times to live."""
    group = find_parameter_group(region, parameters["ParameterGroupName"])
    if group is _DEFAULT:
        raise InvalidParameterGroupStateFault(messages.DAX_DEFAULT_GROUP)
    values = dict(group.values)
    for parameter in parameters["ParameterNameValues"]:
        name, value = parameter.get("ParameterName", ""), parameter.get("ParameterValue", "")
        if name not in {ITEM_TTL, QUERY_TTL}:
            raise DaxParameterValueError(messages.dax_parameter(name))
        if not (value.isascii() and value.isdigit()):
            raise DaxParameterValueError(messages.dax_parameter_value(name, value))
        values[name] = value
    changed = replace(group, values=values)
    region.store.of(ParameterGroup).put(group.name, changed)
    return {"ParameterGroup": changed.described()}


@ROWS.operation("DescribeParameterGroups", "ParameterGroupNames", *PAGING)
def describe_parameter_groups(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return parameter groups, the default one included."""
    names = parameters.get("ParameterGroupNames") or [
        DEFAULT_GROUP,
        *region.store.of(ParameterGroup, in_order=True).records,
    ]
    groups = [find_parameter_group(region, name).described() for name in names]
    return listed("ParameterGroups", groups, parameters)


@ROWS.operation("DescribeParameters", "ParameterGroupName", "Source", *PAGING)
def describe_parameters(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return the parameters of a group."""
    group = find_parameter_group(region, parameters["ParameterGroupName"])
    source = parameters.get("Source")
    found = [each for each in group.parameters() if source in {None, each["Source"]}]
    return listed("Parameters", found, parameters)


@ROWS.operation("DescribeDefaultParameters", *PAGING)
def describe_default_parameters(_dax: Dax, _region: Region, parameters: Parameters) -> Response:
    """Return the parameters with their defaults."""
    return listed("Parameters", _DEFAULT.parameters(defaults=True), parameters)


@ROWS.operation("DeleteParameterGroup", "ParameterGroupName")
def delete_parameter_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Delete a parameter group that no cluster uses."""
    group = find_parameter_group(region, parameters["ParameterGroupName"])
    if group is _DEFAULT:
        raise InvalidParameterGroupStateFault(messages.DAX_DEFAULT_GROUP)
    clusters = region.store.of(DaxCluster, in_order=True).records.values()
    if any(cluster.parameter_group == group.name for cluster in clusters):
        raise InvalidParameterGroupStateFault(messages.dax_parameter_group_in_use(group.name))
    region.store.of(ParameterGroup).remove(group.name)
    return {"DeletionMessage": messages.dax_deleted("Parameter group", group.name)}


@ROWS.operation("CreateSubnetGroup", "SubnetGroupName", "Description", "SubnetIds")
def create_subnet_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Create a subnet group."""
    name = parameters["SubnetGroupName"]
    groups = region.store.of(SubnetGroup, in_order=True)
    if name == DEFAULT_SUBNETS or name in groups.records:
        raise SubnetGroupAlreadyExistsFault(messages.dax_subnet_group_exists(name))
    group = SubnetGroup(name, parameters.get("Description", ""), tuple(parameters["SubnetIds"]))
    groups.put(name, group)
    return {"SubnetGroup": group.described(region.name)}


@ROWS.operation("UpdateSubnetGroup", "SubnetGroupName", "Description", "SubnetIds")
def update_subnet_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Change a subnet group."""
    group = find_subnet_group(region, parameters["SubnetGroupName"])
    changed = replace(
        group,
        description=parameters.get("Description", group.description),
        subnet_ids=tuple(parameters.get("SubnetIds", group.subnet_ids)),
    )
    region.store.of(SubnetGroup, in_order=True).put(group.name, changed)
    return {"SubnetGroup": changed.described(region.name)}


@ROWS.operation("DescribeSubnetGroups", "SubnetGroupNames", *PAGING)
def describe_subnet_groups(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return subnet groups."""
    names = parameters.get("SubnetGroupNames") or [
        *region.store.of(SubnetGroup, in_order=True).records
    ]
    groups = [find_subnet_group(region, name).described(region.name) for name in names]
    return listed("SubnetGroups", groups, parameters)


@ROWS.operation("DeleteSubnetGroup", "SubnetGroupName")
def delete_subnet_group(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Delete a subnet group that no cluster uses."""
    group = find_subnet_group(region, parameters["SubnetGroupName"])
    clusters = region.store.of(DaxCluster, in_order=True).records.values()
    if any(cluster.subnet_group == group.name for cluster in clusters):
        raise SubnetGroupInUseFault(messages.dax_subnet_group_in_use(group.name))
    region.store.of(SubnetGroup).remove(group.name)
    return {"DeletionMessage": messages.dax_deleted("Subnet group", group.name)}
