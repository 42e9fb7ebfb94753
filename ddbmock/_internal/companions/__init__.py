"""Companions: services around DynamoDB that have clients of their own.

    operations   the operations of a companion, and how its requests are checked and executed
    ownership    whether a call belongs to a companion or to another mock of the service
    metrics/     CloudWatch, for the namespaces AWS/DynamoDB and AWS/DAX
    autoscaling/ Application Auto Scaling of tables and indexes
    dax/         DynamoDB Accelerator: its caches and its control plane
    cost/        what the service would have charged for the calls

A companion is enabled by an option (`mock_dynamodb(metrics=True)`). It answers the
calls that are its own, see `Companion.ownership`; others go where they would go without it.
"""

from __future__ import annotations
