"""File formats: a reader and a writer for each.

    registry           the table of file formats, by suffix and by content
    json_lines json_documents yaml_documents csv_files ion    one format each
    documents          the shapes of JSON and YAML documents: scans, requests, items by table, ...
    workbench          models of NoSQL Workbench
    s3_exports export_records    the objects of an export to Amazon S3, and the lines of its data
    s3_imports         the objects that an import from Amazon S3 reads
    dynamodb_json python_values items    converters of records to attribute values
    records located    the records that readers yield; documents that know their lines
    files compression file_errors    bytes and text, and errors about them

Readers yield records with their locations and raise only `FileError`. They do not know the tables:
`data/` and the operations for imports write records to tables.
"""

from __future__ import annotations
