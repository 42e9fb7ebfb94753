"""Errors of targets, which are the engines that `--ddbmock-target` names."""

from __future__ import annotations

from typing import NoReturn

from ddbmock._internal.errors import MisuseError, UnsupportedError


class TargetError(MisuseError):
    """A target cannot be used: it is not an endpoint, has no credentials, or does not respond."""


class NotOnTargetError(UnsupportedError):
    """A feature of the mock that a real engine does not have."""


def refuse(feature: str) -> NoReturn:
    """Refuse a feature of the mock on a target.

    Raises:
        NotOnTargetError: Always.
    """
    raise NotOnTargetError(f"{feature} works on the mock alone, not on a target")
