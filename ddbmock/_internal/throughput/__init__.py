"""Throughput: tables and indexes that throttle as they do in production.

    bucket        token buckets
    partitions    ranges of keys, and their throughput
    capacity      the capacity of a table or index, by its settings
    demand        requested units, and throttles
    throughput    the stage that admits accesses, and `ddb.throughput`
    report        hot keys, and advice

1. Time is that of the mock's clock; no real time passes.
2. A request is admitted while each of its buckets has any units left, and may overdraw them.
3. All state belongs to tables, and is covered by snapshots.
"""

from __future__ import annotations

from ddbmock._internal.throughput.demand import Throttle
from ddbmock._internal.throughput.throughput import Throughput, attach

__all__ = ["Throttle", "Throughput", "attach"]
