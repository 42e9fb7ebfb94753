"""The caller and account of a client, found from its credentials; nothing is fetched.

1. Credentials that STS issued while a mock was active belong to the account of the role,
   whatever answered for STS: moto, or a Stubber.
2. Otherwise an access key that moto issued belongs to the account that moto gave it.
3. Otherwise an account id that the program has given with the keys counts.
4. All others are those of the default account. The environment and configuration files have no say,
   and neither has what can be read from an access key: they may be a developer's own.
"""

from __future__ import annotations

import sys
from typing import Any

from ddbmock._internal.defaults import DEFAULT_ACCOUNT_ID
from ddbmock._internal.hook import active
from ddbmock._internal.policies.callers import Caller

#: Access key -> the caller that STS issued it to.
_callers: dict[str, Caller] = {}


def note_credentials(*, parsed: dict[str, Any], **_: Any) -> None:
    """Remember whom a response of STS issues credentials to."""
    if active.current is None:
        return
    credentials = parsed.get("Credentials") or {}
    user = parsed.get("AssumedRoleUser") or parsed.get("FederatedUser") or {}
    access_key, arn = credentials.get("AccessKeyId"), user.get("Arn")
    if access_key and arn:
        _callers[access_key] = Caller.of(arn, user_id=user.get("AssumedRoleId"))


def caller_of(credentials: Any) -> Caller | None:
    """Return who calls with credentials, None for the default account.

    Nothing is fetched or refreshed.
    """
    attributes = vars(credentials) if hasattr(credentials, "__dict__") else {}
    access_key = attributes.get("access_key") or attributes.get("_access_key")
    caller = caller_of_key(access_key)
    if caller is None and attributes.get("method") == "explicit" and attributes.get("account_id"):
        return _of_account(attributes["account_id"])
    return caller


def caller_of_key(access_key: str | None) -> Caller | None:
    """Return who calls with an access key, None for the default account."""
    if not access_key:
        return None
    caller = _callers.get(access_key)
    if caller is None:
        moto_account_id = getattr(sys.modules.get("moto.iam.models"), "get_account_id_from", None)
        if moto_account_id is not None:
            return _of_account(moto_account_id(access_key))
    return caller


def _of_account(account_id: str) -> Caller | None:
    return None if account_id == DEFAULT_ACCOUNT_ID else Caller.of_account(account_id)
