"""Callers: an IAM user, a session of a role, or the root user of an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from ddbmock._internal.arns import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.policies.context import Value

#: The prefixes of the unique ids of users and of roles, see
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_USER_ID, _ROLE_ID = "AIDA", "AROA"


@dataclass(frozen=True)
class Caller:
    """The caller of an operation.

    >>> Caller.of("arn:aws:sts::123456789012:assumed-role/app/session").role_arn
    'arn:aws:iam::123456789012:role/app'
    """

    arn: str
    #: The value of `aws:userid`.
    user_id: str
    tags: Mapping[str, str] = field(default_factory=dict)
    #: Further condition keys of all calls, such as `aws:SourceIp`.
    context: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, arn: str, *, user_id: str | None = None) -> Caller:
        """Return the caller with an ARN, with a stable id."""
        return cls(arn, user_id or _user_id(arn))

    @classmethod
    def of_account(cls, account_id: str) -> Caller:
        """Return the caller with credentials of which only the account is known."""
        return cls.of(f"arn:aws:iam::{account_id}:user/ddbmock")

    @cached_property
    def account_id(self) -> str:
        """The account that the caller belongs to."""
        parts = parse(self.arn)
        return "" if parts is None else parts.account_id

    @cached_property
    def role_arn(self) -> str | None:
        """The ARN of the role, without its path, None for a caller that has assumed none."""
        parts = parse(self.arn)
        if parts is None or parts.kind != "assumed-role":
            return None
        return str(parts._replace(service="iam", resource=f"role/{parts.name}"))

    @cached_property
    def user_name(self) -> str | None:
        """The name of the IAM user, None for other callers."""
        parts = parse(self.arn)
        is_user = parts is not None and parts.service == "iam" and parts.kind == "user"
        return self.arn.rpartition("/")[2] if is_user else None

    @property
    def principal_arn(self) -> str:
        """The value of `aws:PrincipalArn`: of a session, it is the ARN of the role."""
        return self.role_arn or self.arn

    @cached_property
    def keys(self) -> Mapping[str, Value | None]:
        """The condition keys of the caller, in lower case."""
        kind = "Account" if self.user_name is None else "User"
        return {
            "aws:principalarn": self.principal_arn,
            "aws:principalaccount": self.account_id,
            "aws:userid": self.user_id,
            "aws:username": self.user_name,
            "aws:principaltype": kind if self.role_arn is None else "AssumedRole",
            **{f"aws:principaltag/{key}".lower(): value for key, value in self.tags.items()},
        }


def _user_id(arn: str) -> str:
    parts = parse(arn)
    if parts is None or parts.resource == "root":
        return "" if parts is None else parts.account_id
    if parts.kind == "assumed-role":
        role = arn.rpartition("/")[0]
        return f"{_ROLE_ID}{_unique(role)}:{parts.subresource}"
    return f"{_USER_ID}{_unique(arn)}"


def _unique(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:17].upper()
