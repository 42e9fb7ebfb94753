"""Application Auto Scaling of tables and indexes.

    throughput   reads and changes the capacity of a table or index
    alarms       the four alarms of a target-tracking policy
    tracking     executes a policy while its alarm is in ALARM
    schedules    when scheduled actions are due
    scaling      the companion
    target_operations, policy_operations, schedule_operations    the operations

https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-dynamodb.html
"""

from __future__ import annotations

from ddbmock._internal.companions.autoscaling import (
    policy_operations,
    schedule_operations,
    target_operations,
)
from ddbmock._internal.companions.autoscaling.scaling import AutoScaling, attach

__all__ = ["AutoScaling", "attach", "policy_operations", "schedule_operations", "target_operations"]
