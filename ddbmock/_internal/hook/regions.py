"""The region of clients that name none: that of whichever mock answers them.

A client names its region by an argument, its config, its session, or a profile that the program
itself has chosen. Any other client may be created before a mock, and then meet mocks of several
regions; so its region is decided at each call. Outside of mocks it has the region that botocore
found in the environment and in configuration files. Where there is none, botocore refuses to create
the client; with ddbmock loaded, the client's calls outside of mocks are refused instead, with the
same error.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from botocore.exceptions import NoRegionError

from ddbmock._internal.hook import active, guard

if TYPE_CHECKING:
    from ddbmock._internal.hook.active import ActiveMock

#: The configurations of clients that name no region.
_unnamed: WeakSet[Any] = WeakSet()


def named_region(session: Any, given: dict[str, Any]) -> str | None:
    """Return the region that a program names for a client, None if it names none."""
    config, default = given.get("config"), session.get_default_client_config()
    return (
        given.get("region_name")
        or (config and config.region_name)
        or (default and default.region_name)
        or session.instance_variables().get("region")
        or _region_of_profile(session)
    )


def _region_of_profile(session: Any) -> str | None:
    """Return the region of a profile that the program has chosen, not the environment."""
    if session.instance_variables().get("profile") is None or "AWS_DEFAULT_REGION" in os.environ:
        return None
    region_name: str | None = session.get_scoped_config().get("region")
    return region_name


def add(client: Any, *, has_region: bool) -> None:
    """Add a client that names no region, with whether botocore found one in the configuration."""
    _unnamed.add(client.meta.config)
    if not has_region:
        client.meta.events.register_first("before-endpoint-resolution", _refuse_without_mock)


def _refuse_without_mock(**_: Any) -> None:
    if active.current is None and not guard.is_on():
        raise NoRegionError


def is_named(context: Any) -> bool:
    """Return whether the client of a call names its region."""
    return context["client_config"] not in _unnamed


def region_of(context: Any, answering: ActiveMock) -> str:
    """Return the region that a call is answered in."""
    if is_named(context):
        region_name: str = context["client_region"]
        return region_name
    return answering.default_region()
