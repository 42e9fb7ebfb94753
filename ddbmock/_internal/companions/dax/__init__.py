"""DynamoDB Accelerator: its caches in front of the tables, and its control plane.

    caches       an item cache and a query cache with a time to live and a size
    nodes        the data plane of a cluster: each operation, with the caches
    client       the client of a cluster, a replacement for a client of DynamoDB
    errors       errors as DAX's own client raises them
    dax          the companion: all clusters of a mock
    control_plane, groups    clusters, parameter groups and subnet groups

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.html
"""

from __future__ import annotations

from ddbmock._internal.companions.dax import control_plane, groups
from ddbmock._internal.companions.dax.dax import Dax, attach

__all__ = ["Dax", "attach", "control_plane", "groups"]
