"""Buckets of Amazon S3: where exports of tables go, and where imports come from.

    option      what a mock may be given as its S3
    opening     the buckets that are meant by it
    access      what buckets can do
    folders     buckets that are folders on the disk
    s3_clients  those of an S3 client of botocore, which moto or another mock answers

Nothing here reaches Amazon S3 itself. The folder is imported when a table is exported or imported,
except for `option`, which every mock needs.
"""
