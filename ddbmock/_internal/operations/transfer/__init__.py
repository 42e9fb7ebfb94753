"""Exports to Amazon S3, imports from it, and bulk puts.

    exports, imports, bulk_operations    the operations
    records, import_errors               their records, and the errors of imports
    export_requests, export_filters      the requests of exports
    export_runs, import_runs, bulk_runs  their execution
    source_items                         the items in objects
    requests, resource_arns, listing     tokens and times; records by ARN; pages
    objects                              buckets, and their errors

They are executed when they are due on the agenda, or at once. No real time passes.
"""
