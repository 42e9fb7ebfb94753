"""What stands around a table and is reached through clients of other services.

    operations   the operations of a companion, and how its requests are checked and done
    shares       whose a call is: a companion's, or somebody else's
    metrics/     CloudWatch, for the namespaces AWS/DynamoDB and AWS/DAX
    autoscaling/ Application Auto Scaling of tables and indexes
    dax/         DynamoDB Accelerator: its caches and its control plane
    cost/        what the service would have charged

A companion is there when a mock is asked for it (`mock_dynamodb(metrics=True)`). It answers the
calls that are its own, see `Companion.share`; others go where they would go without it.
"""

from __future__ import annotations
