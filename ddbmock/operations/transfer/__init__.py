"""Exports to Amazon S3, imports from it, and bulk puts: many items at once, as objects of a bucket.

exports, imports, bulk_operations    the operations and their records
export_requests, export_filters      what an export is asked for
export_runs                          the work of an export
requests, resource_arns, listing     tokens and times; which record an ARN names; pages
objects                              the buckets, and their errors
"""
