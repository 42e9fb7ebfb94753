"""Buckets of Amazon S3: where exports of tables go, and where imports come from.

    option      the option `s3` of a mock
    opening     the buckets of that option
    access      the interface of buckets
    folders     buckets that are folders on the disk
    s3_clients  those of an S3 client of botocore, which moto or another mock answers

Amazon S3 itself is never called. The folder is imported when a table is exported or imported,
except for `option`, which every mock needs.
"""
