"""Clients without credentials and region: they get dummy ones, and nothing looks for real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.config import Config

from ddbmock import wire
from ddbmock.engine.backend import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from ddbmock.hook import target
from ddbmock.hook.before_send import ACCESS_KEY, SECRET_KEY

if TYPE_CHECKING:
    from ddbmock.hook.target import Target

_SERVICES = frozenset(wire.SERVICES_BY_TARGET.values())


def forget_account(*, builtins: dict[str, Any], **_: Any) -> None:
    """Keep a client from asking its credentials, which may be real, for an account id."""
    if target.current is not None and callable(builtins.get("AWS::Auth::AccountId")):
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
    """Create a client; one of ours gets what the program did not give: credentials, a region."""
    given = {**dict(zip(_CREATE_CLIENT_PARAMETERS, args, strict=False)), **kwargs}
    answering = target.current
    if answering is None or given.get("service_name") not in _SERVICES:
        return wrapped(*args, **kwargs)
    if session._credentials is None and not (  # noqa: SLF001
        given.get("aws_access_key_id") or given.get("aws_secret_access_key")
    ):
        given["aws_access_key_id"] = ACCESS_KEY
        given["aws_secret_access_key"] = SECRET_KEY
    if given.get("region_name") is None:
        given["region_name"] = _region_for(session, given.get("config"), answering)
    if _defaults_mode(session, given.get("config")) == "auto":
        # It would ask the machine's metadata service; "standard" is what it comes to without one.
        standard = Config(defaults_mode="standard")
        config = given.get("config")
        given["config"] = standard if config is None else config.merge(standard)
    return wrapped(**given)


def _defaults_mode(session: Any, config: Any) -> Any:
    return getattr(config, "defaults_mode", None) or session.get_config_variable("defaults_mode")


def _region_for(session: Any, config: Any, answering: Target) -> str:
    on_config = None if config is None else config.region_name
    on_session = session.instance_variables().get("region")
    return (
        on_config
        or on_session
        or answering.region_name
        or session.get_config_variable("region")
        or DEFAULT_REGION
    )
