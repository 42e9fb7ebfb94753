"""Texts of DynamoDB Accelerator (DAX).

Texts of the control plane are not recorded: its codes are the model's, its texts a guess. Those
of the data plane are the Python client's (amazon-dax-client 2.1).
"""

from __future__ import annotations

DAX_NO_TABLE_OPERATIONS = (
    "Table operations are not supported on DAX. Use the boto DynamoDB client instead."
)
DAX_INVALID_ARN = "The ARN is not valid"
DAX_INVALID_TOKEN = "Invalid token"  # noqa: S105
DAX_DEFAULT_GROUP = "The default parameter group cannot be changed or deleted"


def dax_cluster_exists(name: str) -> str:
    return f"Cluster already exists: {name}"


def dax_cluster_not_found(name: str) -> str:
    return f"Cluster not found: {name}"


def dax_cluster_state(name: str, status: str) -> str:
    return f"Cluster {name} is in state {status}"


def dax_cluster_name(name: str) -> str:
    return (
        f"Invalid cluster name: {name}. A name has 1 to 20 letters, digits and hyphens, begins with"
        " a letter, does not end with a hyphen and has no two of them in a row"
    )


def dax_node_type(name: str) -> str:
    return f"Invalid node type: {name}"


def dax_too_few_nodes(count: int) -> str:
    return f"Invalid replication factor: {count}. A cluster has a node at least"


def dax_zone(name: str) -> str:
    return f"Invalid availability zone: {name}"


def dax_wrong_number_of_zones(zones: int, nodes: int) -> str:
    return f"The number of AvailabilityZones, {zones}, must equal the ReplicationFactor {nodes}"


def dax_too_many_nodes(most: int) -> str:
    return f"A cluster has at most {most} nodes"


def dax_node_not_found(name: str) -> str:
    return f"Node not found: {name}"


def dax_replication_factor(given: int, current: int, *, is_increase: bool) -> str:
    relation = "greater" if is_increase else "less"
    return f"NewReplicationFactor {given} must be {relation} than the current {current}"


def dax_parameter_group_exists(name: str) -> str:
    return f"Parameter group already exists: {name}"


def dax_parameter_group_not_found(name: str) -> str:
    return f"Parameter group not found: {name}"


def dax_parameter_group_in_use(name: str) -> str:
    return f"Parameter group {name} is in use"


def dax_parameter(name: str) -> str:
    return f"Invalid parameter: {name}"


def dax_parameter_value(name: str, value: str) -> str:
    return f"Invalid value {value} for parameter {name}"


def dax_subnet_group_exists(name: str) -> str:
    return f"Subnet group already exists: {name}"


def dax_subnet_group_not_found(name: str) -> str:
    return f"Subnet group not found: {name}"


def dax_subnet_group_in_use(name: str) -> str:
    return f"Subnet group {name} is in use"


def dax_tag_not_found(key: str) -> str:
    return f"Tag not found: {key}"


def dax_deleted(what: str, name: str) -> str:
    return f"{what} {name} has been deleted"


# --- ddbmock's own texts ---


def not_a_dynamodb_client(given: object) -> str:
    return (
        "ddb.dax() takes a DynamoDB client or resource of boto3, or a client of aiobotocore,"
        f" not {given!r}"
    )
