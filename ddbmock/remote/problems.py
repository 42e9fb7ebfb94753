"""What can go wrong with a target."""

from __future__ import annotations

from typing import NoReturn

from ddbmock import messages
from ddbmock.errors import MisuseError, UnsupportedError


class TargetError(MisuseError):
    """A target cannot be used: not an endpoint, no keys, no answer."""


class NotOnTargetError(UnsupportedError):
    """Only the mock itself can do this."""


def refuse(what: str) -> NoReturn:
    """Say that only the mock can do something.

    Raises:
        NotOnTargetError: Always.
    """
    raise NotOnTargetError(messages.not_on_target(what))
