"""Exports to Amazon S3, imports from it, and bulk puts.

    exports, imports, bulk_operations    the operations
    records, import_errors               what is remembered of them
    export_requests, export_filters      what an export is asked for
    export_runs, import_runs, bulk_runs  the work of them
    source_items                         the items in objects
    requests, resource_arns, listing     tokens and times; which record an ARN names; pages
    objects                              the buckets, and their errors

The work is done when it is due on the agenda, or at once. No real time passes.
"""
