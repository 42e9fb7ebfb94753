"""The language of IAM policies: documents, patterns, conditions, and what they decide together.

This folder knows neither requests of DynamoDB nor tables. A request is a name of an action, an ARN
and a context of condition keys, see `AccessRequest`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from ddbmock.policies.callers import Caller
from ddbmock.policies.conditions import Condition, PolicyError
from ddbmock.policies.context import Context, Value
from ddbmock.policies.documents import Policy, Statement
from ddbmock.policies.evaluation import AccessRequest, Decision, PolicySet, decide

__all__ = [
    "AccessRequest",
    "Caller",
    "Condition",
    "Context",
    "Decision",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Statement",
    "Value",
    "decide",
]
