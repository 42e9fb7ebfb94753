from __future__ import annotations

import pytest

from ddbmock._internal.policies.callers import Caller
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.documents import Policy
from ddbmock._internal.policies.evaluation import AccessRequest, PolicySet, decide

ACCOUNT, OTHER = "123456789012", "210987654321"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
ANN = Caller.of(f"arn:aws:iam::{ACCOUNT}:user/ann")
APP = Caller.of(f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session")
STRANGER = Caller.of(f"arn:aws:iam::{OTHER}:user/bob")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def policy(effect, action="dynamodb:*", **elements):
    elements = {"Effect": effect, "Action": action, "Resource": "*", **elements}
    return Policy.of({"Version": "2012-10-17", "Statement": elements})


def for_(effect, principal, action="dynamodb:*"):
    return policy(effect, action, Principal={"AWS": principal})


def decided(caller=ANN, resource_policy=None, **policies):
    request = AccessRequest(caller, "dynamodb:GetItem", TABLE, ACCOUNT, Context({}))
    given = {
        name: found if found is None or isinstance(found, tuple) else (found,)
        for name, found in policies.items()
    }
    decision = decide(request, PolicySet(**given), resource_policy)
    return "allowed" if decision.is_allowed else decision.reason


ALLOW, DENY, NOTHING = policy("Allow"), policy("Deny"), policy("Allow", "s3:*")


class TestIdentityPolicies:
    def test_none_is_no_narrowing(self):
        assert decided() == "allowed"

    def test_allowed(self):
        assert decided(identity=ALLOW) == "allowed"
        assert decided(identity=(NOTHING, ALLOW)) == "allowed"

    @pytest.mark.parametrize("identity", [(), (NOTHING,)])
    def test_not_allowed(self, identity):
        assert decided(identity=identity) == (
            "because no identity-based policy allows the dynamodb:GetItem action"
        )

    def test_denied(self):
        assert decided(identity=(ALLOW, DENY)) == (
            "with an explicit deny in an identity-based policy"
        )


class TestResourcePolicies:
    """Of the same account."""

    def test_the_very_user_needs_nothing_else(self):
        assert decided(ANN, for_("Allow", ANN.arn), identity=NOTHING) == "allowed"
        assert decided(ANN, for_("Allow", ANN.arn), identity=(), boundary=NOTHING) == "allowed"

    def test_the_very_session_needs_nothing_else(self):
        policies = {"identity": (), "boundary": (), "session": ()}
        assert decided(APP, for_("Allow", APP.arn), **policies) == "allowed"

    def test_a_role_needs_its_boundary_and_session_policy(self):
        assert decided(APP, for_("Allow", ROLE), identity=()) == "allowed"
        assert decided(APP, for_("Allow", ROLE), identity=(), boundary=NOTHING) == (
            "because no permissions boundary allows the dynamodb:GetItem action"
        )
        assert decided(APP, for_("Allow", ROLE), identity=(), session=NOTHING) == (
            "because no session policy allows the dynamodb:GetItem action"
        )

    def test_the_account_leaves_it_to_its_policies(self):
        assert decided(ANN, for_("Allow", ACCOUNT), identity=NOTHING) == (
            "because no identity-based policy allows the dynamodb:GetItem action"
        )
        assert decided(ANN, for_("Allow", ACCOUNT), identity=ALLOW) == "allowed"

    def test_a_policy_for_others(self):
        assert decided(ANN, for_("Allow", STRANGER.arn), identity=ALLOW) == "allowed"
        assert decided(ANN, for_("Allow", STRANGER.arn), identity=()) == (
            "because no identity-based policy allows the dynamodb:GetItem action"
        )

    def test_denied(self):
        text = "with an explicit deny in a resource-based policy"
        assert decided(ANN, for_("Deny", "*"), identity=ALLOW) == text
        assert decided(ANN, for_("Deny", ACCOUNT)) == text
        assert decided(APP, for_("Deny", ROLE)) == text
        assert decided(ANN, for_("Deny", ROLE), identity=ALLOW) == "allowed"


class TestOtherAccounts:
    NOBODY = "because no resource-based policy allows the dynamodb:GetItem action"

    def test_without_a_resource_policy(self):
        assert decided(STRANGER) == self.NOBODY
        assert decided(STRANGER, identity=ALLOW) == self.NOBODY

    @pytest.mark.parametrize("principal", [STRANGER.arn, OTHER, f"arn:aws:iam::{OTHER}:root"])
    def test_both_must_allow(self, principal):
        allowing = for_("Allow", principal)
        assert decided(STRANGER, allowing) == "allowed"
        assert decided(STRANGER, allowing, identity=ALLOW) == "allowed"
        assert decided(STRANGER, allowing, identity=NOTHING) == (
            "because no identity-based policy allows the dynamodb:GetItem action"
        )

    def test_another_action(self):
        assert decided(STRANGER, for_("Allow", OTHER, "dynamodb:Query")) == self.NOBODY

    def test_denied(self):
        assert decided(STRANGER, for_("Deny", OTHER), identity=ALLOW) == (
            "with an explicit deny in a resource-based policy"
        )


@pytest.mark.parametrize(
    ("kind", "name", "article"),
    [
        ("boundary", "permissions boundary", "a"),
        ("session", "session policy", "a"),
        ("service_control", "service control policy", "a"),
        ("resource_control", "resource control policy", "a"),
        ("endpoint", "VPC endpoint policy", "a"),
    ],
)
class TestNarrowingPolicies:
    def test_each_must_allow(self, kind, name, article):
        assert decided(identity=ALLOW, **{kind: ALLOW}) == "allowed"
        for nothing in ((), NOTHING):
            assert decided(identity=ALLOW, **{kind: nothing}) == (
                f"because no {name} allows the dynamodb:GetItem action"
            )

    def test_alone_none_allows(self, kind, name, article):
        assert decided(identity=(), **{kind: ALLOW}) == (
            "because no identity-based policy allows the dynamodb:GetItem action"
        )

    def test_denied(self, kind, name, article):
        assert decided(identity=ALLOW, **{kind: (ALLOW, DENY)}) == (
            f"with an explicit deny in {article} {name}"
        )


def test_the_statements_that_decided():
    denied = AccessRequest(ANN, "dynamodb:GetItem", TABLE, ACCOUNT, Context({}))
    decision = decide(denied, PolicySet(identity=(ALLOW, DENY)))
    assert decision.statements == ((DENY, DENY.statements[0]),)
    decision = decide(denied, PolicySet(identity=(NOTHING, ALLOW)))
    assert decision.statements == ((ALLOW, ALLOW.statements[0]),)
