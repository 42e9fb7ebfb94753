"""Clients of other accounts, by any release of botocore: with the credentials of a role."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from typing import Any

import boto3
from botocore.stub import Stubber

_numbers = itertools.count()


def assumed_role(account_id: str) -> dict[str, str]:
    """Return the arguments of a client with credentials of a role, which a Stubber hands out."""
    sts = boto3.client(
        "sts", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    arn = f"arn:aws:sts::{account_id}:assumed-role/reader/test"
    response = {
        "Credentials": {
            "AccessKeyId": f"ASIASTUBBED{next(_numbers):09}",
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": datetime(2030, 1, 1, tzinfo=timezone.utc),
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROA123456789EXAMPLE:test", "Arn": arn},
    }
    role = f"arn:aws:iam::{account_id}:role/reader"
    with Stubber(sts) as stubber:
        stubber.add_response("assume_role", response)
        found = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


def client_of(
    account_id: str, service_name: str = "dynamodb", region_name: str | None = None
) -> Any:
    """Return a client of another account; a mock must be active."""
    return boto3.client(service_name, region_name, **assumed_role(account_id))
