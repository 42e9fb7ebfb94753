"""What files and objects look like: a reader and a writer for each format.

    registry           the table of file formats, by suffix and by content
    json_lines json_documents yaml_documents csv_files ion    one format each
    documents          the shapes of JSON and YAML documents: scans, requests, items by table, ...
    workbench          models of NoSQL Workbench
    s3_exports export_records    what an export to Amazon S3 consists of, and a line of its data
    s3_imports         the objects that an import from Amazon S3 reads
    dynamodb_json python_values items    from what a record says to attribute values
    records located    what readers yield; documents that know their lines
    files compression file_errors    bytes, and what is wrong with them

Readers yield records with their locations and raise `FileError`, nothing else. They know no tables:
`data/` and the operations that import bring records into tables.
"""

from __future__ import annotations
