"""Access control: calls that are allowed only if the policies of a principal allow them.

A mock without a principal allows everything, apart from what resource policies deny, and this
folder is not even imported.

    sources          what a test may give as policies
    sam_policies     the policy templates of AWS SAM
    managed          policies that AWS manages
    principals       who calls, and what was used of its policies
    control          the principals of a mock, and the stage that asks them
    reports          the least policy, and what of a policy was not used

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
