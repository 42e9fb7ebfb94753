"""An in-memory database: tables with indexes, atomic commits, an undo journal, history, due tasks.

It can be tested alone. The rules of this folder:

1. It knows nothing of requests, expressions or botocore.
2. Changes of items go through `Backend.commit`; all other changes are recorded in the `Journal`.
3. What is stored never changes in place, and what leaves is a copy.
4. Everything that happens with time is a task of the `Agenda`.

    values numbers keys packing items        what an item is, and how it is stored
    index expiry order table                 the items of a table in their orders
    changes commit journal                   changes, all or none, and their undo
    settings lifecycle history               a table's settings, its status, its earlier states
    streams table_streams time_to_live       streams of a table's changes, expiry of items
    vectors distances                        vector indexes, and distances of vectors
    global_tables replication                tables of several regions, and their changes in transit
    backups                                  what a table held when it was backed up
    scaling alarms dax kinesis               records of the services around tables
    store agenda clock capacity callbacks    resources of a region, due tasks, time, units
    quotas features                          what accounts may have; what is attached on first use
    backend                                  all of it: accounts, regions, one lock
"""
