"""What a table is: values, keys, items, indexes, capacity, changes and the clock.

A small in-memory database that can be tested alone. Three rules hold in this folder:

1. It knows nothing of requests, expressions or botocore.
2. Every stored change goes through `Table.apply`; nothing else writes.
3. What is stored never changes in place, and what leaves is a copy.
"""
