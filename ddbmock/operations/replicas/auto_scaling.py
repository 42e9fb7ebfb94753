"""The auto scaling of a global table's replicas.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-RWCU.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ddbmock import messages
from ddbmock.access.operation import Plane
from ddbmock.errors import ResourceNotFoundError
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent


@operation("DescribeTableReplicaAutoScaling", plane=Plane.CONTROL)
def describe_table_replica_auto_scaling(intent: Intent, door: Door) -> NoReturn:
    """Answer that there is no global table of that name.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html
    """
    raise _not_found(intent, door)


@operation("UpdateTableReplicaAutoScaling", plane=Plane.CONTROL)
def update_table_replica_auto_scaling(intent: Intent, door: Door) -> NoReturn:
    """Answer that there is no global table of that name.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
    """
    raise _not_found(intent, door)


def _not_found(intent: Intent, door: Door) -> ResourceNotFoundError:
    name = door.region.arns.table_name(intent.request["TableName"])
    return ResourceNotFoundError(messages.no_global_table(name))
