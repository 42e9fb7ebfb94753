"""The account, the region and the credentials of whatever names none."""

from __future__ import annotations

DEFAULT_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"

#: Credentials that open nothing.
ACCESS_KEY = "DDBMOCKACCESSKEY"
SECRET_KEY = "ddbmock-secret-key"  # noqa: S105
