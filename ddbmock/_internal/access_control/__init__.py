"""Access control: calls that are allowed only if the policies of a principal allow them.

A mock without a principal allows everything except what resource policies deny, and this folder is
not imported.

    sources          the forms in which a test gives policies
    sam_policies     the policy templates of AWS SAM
    managed          policies that AWS manages
    principals       callers with their policies, and the use of these
    control          the principals of a mock, and the stage that applies their policies
    reports          the least-privilege policy, and the unused parts of policies

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/security-iam.html
"""

from __future__ import annotations

from ddbmock._internal.access_control.control import AccessControl, attach
from ddbmock._internal.access_control.principals import PolicyWarning, Principal, Refusal
from ddbmock._internal.access_control.sam_policies import sam_policy
from ddbmock._internal.access_control.sources import GivenPolicies, RolePolicies

__all__ = [
    "AccessControl",
    "GivenPolicies",
    "PolicyWarning",
    "Principal",
    "Refusal",
    "RolePolicies",
    "attach",
    "sam_policy",
]
