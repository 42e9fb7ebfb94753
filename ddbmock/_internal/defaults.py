"""The default account, region and credentials."""

from __future__ import annotations

DEFAULT_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"

#: Dummy credentials.
ACCESS_KEY = "DDBMOCKACCESSKEY"
SECRET_KEY = "ddbmock-secret-key"  # noqa: S105
