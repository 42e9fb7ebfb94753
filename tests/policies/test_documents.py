from __future__ import annotations

import json

import pytest

from ddbmock._internal.policies.callers import Caller
from ddbmock._internal.policies.conditions import PolicyError
from ddbmock._internal.policies.documents import Grant, Policy

ALLOW = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
SESSION = Caller.of("arn:aws:sts::123456789012:assumed-role/app/session")
ANN = Caller.of("arn:aws:iam::123456789012:user/team/ann")
ROOT = Caller.of("arn:aws:iam::123456789012:root")


def statement(**elements):
    return Policy.of({"Version": "2012-10-17", "Statement": [{**ALLOW, **elements}]}).statements[0]


class TestActions:
    @pytest.mark.parametrize(
        ("given", "action", "matches"),
        [
            ("dynamodb:GetItem", "dynamodb:GetItem", True),
            ("DynamoDB:getitem", "dynamodb:GetItem", True),
            ("dynamodb:Get*", "dynamodb:GetRecords", True),
            ("dynamodb:*Item", "dynamodb:BatchGetItem", True),
            ("dynamodb:?etItem", "dynamodb:GetItem", True),
            ("*", "dynamodb:GetItem", True),
            ("dynamodb:*", "dynamodb:GetItem", True),
            ("s3:*", "dynamodb:GetItem", False),
            (["s3:*", "dynamodb:Query"], "dynamodb:Query", True),
            (["s3:*", "dynamodb:Query"], "dynamodb:Scan", False),
            ([], "dynamodb:Scan", False),
        ],
    )
    def test_action(self, given, action, matches):
        assert statement(Action=given).matches_action(action) is matches

    def test_not_action(self):
        elements = {"Effect": "Deny", "NotAction": "dynamodb:Get*", "Resource": "*"}
        policy = Policy.of({"Statement": elements})
        assert not policy.statements[0].matches_action("dynamodb:GetItem")
        assert policy.statements[0].matches_action("dynamodb:PutItem")


class TestPrincipals:
    @pytest.mark.parametrize(
        ("principal", "caller", "grant"),
        [
            ("*", ANN, Grant.ROLE),
            ({"AWS": "*"}, ANN, Grant.ROLE),
            ({"AWS": "123456789012"}, ANN, Grant.ACCOUNT),
            ({"AWS": "arn:aws:iam::123456789012:root"}, SESSION, Grant.ACCOUNT),
            ({"AWS": "arn:aws:iam::123456789012:root"}, ROOT, Grant.SELF),
            ({"AWS": "210987654321"}, ANN, Grant.NONE),
            ({"AWS": "arn:aws:iam::123456789012:user/team/ann"}, ANN, Grant.SELF),
            ({"AWS": "arn:aws:iam::123456789012:user/ann"}, ANN, Grant.NONE),
            ({"AWS": ["210987654321", "arn:aws:iam::123456789012:user/team/ann"]}, ANN, Grant.SELF),
            ({"AWS": "arn:aws:iam::123456789012:role/app"}, SESSION, Grant.ROLE),
            ({"AWS": "arn:aws:iam::123456789012:role/path/app"}, SESSION, Grant.ROLE),
            ({"AWS": "arn:aws:iam::210987654321:role/app"}, SESSION, Grant.NONE),
            ({"AWS": "arn:aws:iam::123456789012:role/other"}, SESSION, Grant.NONE),
            ({"AWS": SESSION.arn}, SESSION, Grant.SELF),
            ({"AWS": "arn:aws:iam::123456789012:role/app"}, ANN, Grant.NONE),
            ({"Service": "lambda.amazonaws.com"}, ANN, Grant.NONE),
        ],
    )
    def test_grants(self, principal, caller, grant):
        assert statement(Principal=principal).grant_to(caller) is grant

    def test_not_principal(self):
        elements = {**ALLOW, "Effect": "Deny", "NotPrincipal": {"AWS": ANN.arn}}
        denial = Policy.of({"Statement": elements}).statements[0]
        assert denial.grant_to(ANN) is Grant.NONE
        assert denial.grant_to(SESSION) is not Grant.NONE


class TestCallers:
    def test_a_session(self):
        assert SESSION.account_id == "123456789012"
        assert SESSION.principal_arn == "arn:aws:iam::123456789012:role/app"
        assert SESSION.user_id.startswith("AROA")
        assert SESSION.user_id.endswith(":session")
        assert SESSION.user_name is None

    def test_a_user(self):
        assert ANN.user_name == "ann"
        assert ANN.principal_arn == ANN.arn
        assert ANN.user_id.startswith("AIDA")
        assert len(ANN.user_id) == 21

    def test_the_root_user(self):
        assert ROOT.user_id == "123456789012"
        assert ROOT.user_name is None


class TestForms:
    def test_single_statements_and_texts_stand_for_lists(self):
        assert Policy.of({"Statement": ALLOW}).statements
        assert Policy.of(json.dumps({"Statement": [ALLOW, ALLOW]})).statements[1].is_allow

    def test_booleans_and_numbers_of_conditions(self):
        condition = {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"aws:x": 3}}
        found = statement(Condition=condition).conditions
        assert [pattern.text for each in found for pattern in each.patterns] == ["true", "3"]

    @pytest.mark.parametrize(
        ("document", "problem"),
        [
            ("{", "it is not JSON"),
            ("[]", "it is not an object"),
            ({}, "it has no Statement"),
            ({"Statement": 1}, "Statement is neither an object nor a list"),
            ({"Statement": [1]}, "statement 1 is not an object"),
            ({"Statement": ALLOW, "Version": "2020-01-01"}, "there is no Version '2020-01-01'"),
            ({"Statement": ALLOW, "Statements": []}, "policy has the unknown element 'Statements'"),
            (
                {"Statement": [ALLOW, {**ALLOW, "Actions": []}]},
                "statement 2 has the unknown element 'Actions'",
            ),
            (
                {"Statement": {**ALLOW, "Effect": "Permit"}},
                "statement 1 has no Effect that is Allow or Deny",
            ),
            (
                {"Statement": {"Effect": "Allow", "Resource": "*"}},
                "statement 1 needs one of Action and NotAction",
            ),
            (
                {"Statement": {**ALLOW, "NotAction": "*"}},
                "statement 1 needs one of Action and NotAction",
            ),
            (
                {"Statement": {"Effect": "Allow", "Action": "*"}},
                "statement 1 needs one of Resource and NotResource",
            ),
            (
                {"Statement": {**ALLOW, "Action": {}}},
                "Action of statement 1 is neither",
            ),
            ({"Statement": {**ALLOW, "Action": [None]}}, "has an element that is no text"),
            (
                {"Statement": {**ALLOW, "Condition": []}},
                "Condition of statement 1 is not an object",
            ),
            (
                {"Statement": {**ALLOW, "Condition": {"Null": "a"}}},
                "Null of statement 1 is not an object",
            ),
            (
                {"Statement": {**ALLOW, "Condition": {"StringIs": {"a": "b"}}}},
                "there is no condition operator 'StringIs'",
            ),
            ({"Statement": {**ALLOW, "Principal": "me"}}, "Principal of statement 1 is neither"),
        ],
    )
    def test_what_is_wrong(self, document, problem):
        with pytest.raises(PolicyError, match=problem):
            Policy.of(document)
