"""Random policies without conditions mean the same to moto's evaluator, where both apply."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from ddbmock._internal.policies.callers import Caller
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.documents import Policy
from ddbmock._internal.policies.evaluation import AccessRequest, PolicySet, decide

ACTIONS = ["dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:PutItem", "s3:GetObject"]
PATTERNS = [*ACTIONS, "dynamodb:*", "dynamodb:Get*", "*", "s3:*", "dynamodb:*Item"]
CALLER = Caller.of("arn:aws:iam::123456789012:user/ann")

statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(PATTERNS) | st.lists(st.sampled_from(PATTERNS), min_size=1),
        "Resource": st.just("*"),
    }
)


@given(st.lists(statements, min_size=1, max_size=4), st.sampled_from(ACTIONS))
def test_actions(found: list[dict[str, Any]], action: str) -> None:
    document = {"Version": "2012-10-17", "Statement": found}
    request = AccessRequest(CALLER, action, "*", CALLER.account_id, Context({}))
    policies = PolicySet(identity=(Policy.of(document),))
    decision = decide(request, policies)
    theirs = IAMPolicy({"policy_document": json.dumps(document)}).is_action_permitted(action)
    assert decision.is_allowed is (theirs == PermissionResult.PERMITTED)
    is_denied = decision.reason.startswith("with an explicit deny")
    assert is_denied is (theirs == PermissionResult.DENIED)
