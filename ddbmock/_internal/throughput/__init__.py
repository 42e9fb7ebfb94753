"""Throughput: tables and indexes that throttle as they do in production.

    bucket        units that come back with time
    partitions    ranges of keys, and what one of them can serve
    capacity      what a table or index can serve, by its settings
    demand        what was asked for, and what was throttled
    throughput    the stage that admits accesses, and what a test holds: `ddb.throughput`
    report        which key was hot, and what would have helped

1. Everything passes on the mock's clock; nobody waits.
2. A request is admitted while anything is left of each bucket that it draws on, and may overdraw
   them.
3. All state belongs to tables, and is covered by snapshots.
"""

from __future__ import annotations

from ddbmock._internal.throughput.demand import Throttle
from ddbmock._internal.throughput.throughput import Throughput, attach

__all__ = ["Throttle", "Throughput", "attach"]
