"""Profiles that do not exist on this machine: they are ignored while a mock is active.

`AWS_PROFILE=work` of a developer's shell, `Session(profile_name="production")` of a program, a
configuration file that cannot be read: botocore refuses to create a session, or a client. Inside a
mock none of them is needed. Clients of other services are refused as without a mock, because they
would find other credentials, which might be real.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ConfigParseError, ProfileNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator


def get_scoped_config(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    """Return the configuration of a session's profile, empty if there is no such profile."""
    try:
        return wrapped(*args, **kwargs)
    except (ConfigParseError, ProfileNotFound):
        return {}


@contextmanager
def readable(session: Any) -> Iterator[None]:
    """Treat a session's configuration files as empty in the block if they cannot be read."""
    try:
        _ = session.full_config
    except ConfigParseError:
        session._config = {"profiles": {}}  # noqa: SLF001 (what it reads once and stores)
        try:
            yield
        finally:
            session._config = None  # noqa: SLF001
    else:
        yield


def check(session: Any) -> None:
    """Refuse a profile that does not exist, for a client of another service.

    Raises:
        ProfileNotFound: As botocore does.
    """
    profile_name = session.get_config_variable("profile")
    if profile_name is not None and profile_name not in session.full_config["profiles"]:
        raise ProfileNotFound(profile=profile_name)
