"""Dummy credentials and a dummy region for a run, if none are set.

Programs use other services too. Under the guard, their clients do not find real credentials by
accident: in a file of the developer, or at the metadata service of a machine in the cloud. Existing
environment variables are not changed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from ddbmock._internal.defaults import ACCESS_KEY, SECRET_KEY

#: Environment variables with credentials, or with their location.
#: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
_SOURCES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_REGION_SETTING = re.compile(r"^\s*region\s*=", re.MULTILINE)


class DummySettings:
    """The settings of the environment that this run has added."""

    def __init__(self) -> None:
        self._settings: dict[str, str] = {}

    def add_credentials(self) -> None:
        """Add credentials, unless the environment says something about credentials."""
        if all(os.environ.get(name) is None for name in _SOURCES):
            self._add("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            self._add("AWS_SECRET_ACCESS_KEY", SECRET_KEY)

    def add_region(self, region_name: str) -> None:
        """Add a region, unless the environment or the configuration file names one."""
        if os.environ.get("AWS_DEFAULT_REGION") is None and not _is_region_in_file():
            self._add("AWS_DEFAULT_REGION", region_name)

    def _add(self, name: str, value: str) -> None:
        os.environ[name] = self._settings[name] = value

    def remove(self) -> None:
        """Remove the settings from the environment, unless others have changed them."""
        for name, value in self._settings.items():
            if os.environ.get(name) == value:
                del os.environ[name]

    def restore(self) -> None:
        """Set the variables again that are no longer in the environment."""
        for name, value in self._settings.items():
            os.environ.setdefault(name, value)

    def __bool__(self) -> bool:
        return bool(self._settings)


def _is_region_in_file() -> bool:
    path = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config")
    try:
        text = path.expanduser().read_text(encoding="utf-8", errors="replace")
    except (OSError, RuntimeError):  # no such file, or no home directory
        return False
    return _REGION_SETTING.search(text) is not None
