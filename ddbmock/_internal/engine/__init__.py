"""An in-memory database: tables with indexes, atomic changes, an undo journal, a past and a future.

It can be tested alone. The rules of this folder:

1. It knows nothing of requests, expressions or botocore.
2. Changes of items go through `Backend.commit`; all other changes are recorded in the `Journal`.
3. What is stored never changes in place, and what leaves is a copy.
4. Everything that comes with time is a task of the `Agenda`.

    values numbers keys packing items        what an item is, and how it is stored
    index expiry order table                 the items of a table in their orders
    changes commit journal                   changes, all or none, and how they are taken back
    settings lifecycle history               how a table is defined, its status, its past
    streams table_streams time_to_live       what follows the changes of a table, and time
    vectors distances                        vector indexes, and what is nearest
    backups                                  what a table held when it was backed up
    store agenda clock capacity callbacks    resources of a region, due tasks, time, units
    backend                                  all of it: accounts, regions, one lock
"""
