"""Exports to Amazon S3, imports from it, and bulk puts: many items at once, as objects of a bucket.

exports, imports, bulk_operations    the operations and their records
listing                              pages of those records
resource_arns                        which record an ARN names
"""
