"""The creation of clients: missing credentials and regions are completed while a mock is active.

This is in place from the moment that ddbmock and botocore are both loaded, because a client without
a region (see `regions`) is mostly created while a program is imported, before any mock.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from ddbmock._internal import wire
from ddbmock._internal.defaults import ACCESS_KEY, DEFAULT_ACCOUNT_ID, DEFAULT_REGION, SECRET_KEY
from ddbmock._internal.hook import active, guard, profiles, regions

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ddbmock._internal.hook.active import ActiveMock, OtherServices

_SERVICES = frozenset(wire.SERVICES_BY_TARGET.values())


def forget_account(*, builtins: dict[str, Any], **_: Any) -> None:
    """Keep a client from asking its credentials, which may be real, for an account id."""
    if callable(builtins.get("AWS::Auth::AccountId")) and (
        active.current is not None or guard.is_on()
    ):
        required = builtins.get("AWS::Auth::AccountIdEndpointMode") == "required"
        builtins["AWS::Auth::AccountId"] = DEFAULT_ACCOUNT_ID if required else None


_CREATE_CLIENT_PARAMETERS = (
    "service_name",
    "region_name",
    "api_version",
    "use_ssl",
    "verify",
    "endpoint_url",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "config",
    "aws_account_id",
)


def create_client(wrapped: Any, session: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Create a client of a botocore session."""
    creation = _Creation(session, args, kwargs)
    with creation.context():
        client = wrapped(**creation.given)
    creation.finish(client)
    return client


async def create_async_client(wrapped: Any, session: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Create a client of an aiobotocore session."""
    creation = _Creation(session, args, kwargs)
    with creation.context():
        client = await wrapped(**creation.given)
    creation.finish(client)
    return client


class _Creation:
    """One creation of a client: the arguments of the program, and what is added to them."""

    def __init__(self, session: Any, args: Any, kwargs: dict[str, Any]) -> None:
        self.given = {**dict(zip(_CREATE_CLIENT_PARAMETERS, args, strict=False)), **kwargs}
        self._session = session
        self._names_region = True
        self._has_region = True
        self._is_answered = False
        self._other_services: OtherServices | None = None
        service_name = self.given.get("service_name")
        if service_name not in _SERVICES:
            if active.current is not None or guard.is_on():  # see `profiles`
                profiles.check(session)
            self._other_services = active.other_services
            if self._other_services is not None:
                self._other_services.prepare(self.given)
            if active.current is None or service_name not in active.current.service.companions:
                return
        self._names_region = regions.named_region(session, self.given) is not None
        if active.current is not None:
            self._is_answered = True
            self._complete(active.current)
        elif not self._names_region:
            self._has_region = session.get_config_variable("region") is not None
            if not self._has_region:
                self.given["region_name"] = DEFAULT_REGION

    def context(self) -> AbstractContextManager[None]:
        """Return the context manager that the client is created in."""
        return profiles.readable(self._session) if self._is_answered else nullcontext()

    def finish(self, client: Any) -> None:
        """Note a client that names no region, or that is of another service."""
        if not self._names_region:
            regions.add(client, has_region=self._has_region)
        if self._other_services is not None:
            self._other_services.created(client)

    def _complete(self, answering: ActiveMock) -> None:
        given = self.given
        if self._session._credentials is None and not (  # noqa: SLF001
            given.get("aws_access_key_id") or given.get("aws_secret_access_key")
        ):
            given["aws_access_key_id"] = ACCESS_KEY
            given["aws_secret_access_key"] = SECRET_KEY
        if not self._names_region:
            given["region_name"] = answering.read_default_region()
        if self._defaults_mode() == "auto":
            # It would ask the machine's metadata service; without one, the result is "standard".
            standard = Config(defaults_mode="standard")
            config = given.get("config")
            given["config"] = standard if config is None else config.merge(standard)

    def _defaults_mode(self) -> Any:
        config_mode = getattr(self.given.get("config"), "defaults_mode", None)
        return config_mode or self._session.get_config_variable("defaults_mode")
