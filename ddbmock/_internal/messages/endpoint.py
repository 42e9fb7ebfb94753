"""Error texts for the HTTP endpoint: authorization, and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The service's responses to what is no proper request, as they were seen:
# https://github.com/architect/dynalite/blob/main/index.js (comments on the order of checks)

HEALTHY = "healthy: dynamodb.us-east-1.amazonaws.com "
UNKNOWN_OPERATION_PAGE = "<UnknownOperationException/>\n"
AUTHENTICATION_MISSING = "Request is missing Authentication Token"
AUTHENTICATION_TWICE = (
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
)
DATE_HEADER_REQUIRED = (
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
)


def authorization_requires(names: Iterable[str]) -> str:
    return "".join(f"Authorization header requires '{name}' parameter. " for name in names)


def authorization_lacks(missing: str, header: str) -> str:
    return f"{missing}Authorization={header}"


def authorization_without_equal_sign(part: str, header: str) -> str:
    return (
        f"'{part}' not a valid key=value pair (missing equal-sign) in Authorization header:"
        f" '{header}'."
    )


def query_requires(names: Iterable[str]) -> str:
    missing = "".join(f"AWS query-string parameters must include '{name}'. " for name in names)
    return f"{missing}Re-examine the query-string parameters."


def unknown_algorithm(algorithm: str) -> str:
    return f"Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now). "


def wrong_credential(credential: str) -> str:
    return (
        "Credential must have exactly 5 slash-delimited elements,"
        f" e.g. keyid/date/region/service/term, got '{credential}'"
    )


# Texts of ddbmock itself.


def unsupported_encoding(encoding: str) -> str:
    return f"ddbmock does not support requests with Content-Encoding: {encoding} (gzip or deflate)"


def bug(error: BaseException) -> str:
    return f"ddbmock failed with {error!r}; the endpoint's standard error has the traceback"


def cannot_listen(host: str, port: int, reason: str) -> str:
    return f"cannot listen on {host}, port {port}: {reason}"


def port_in_use(host: str, port: int) -> str:
    return (
        f"cannot listen on {host}, port {port}: something else listens there already;"
        f" --port {port + 1} or --port 0 (a free one) may help"
    )


def not_a_port(port: object) -> str:
    return f"port={port!r} is not a port: 0 to 65535, 0 for a free one"


def endpoint_started(url: str) -> str:
    return (
        f"ddbmock answers on {url} (Ctrl-C ends it), for example:"
        " AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x"
        f" aws dynamodb list-tables --region us-east-1 --endpoint-url {url}"
    )


def table_of_others(
    table_name: str, signer: tuple[str, str], others: Sequence[tuple[str, str]]
) -> str:
    access_key, region_name = signer
    found = ", ".join(f"{key} in {region}" for key, region in others)
    return (
        f"there is no table {table_name} for the access key {access_key} in {region_name}, but"
        f" there is one for {found}: each access key and region has its own tables. Give the"
        " clients the same access key and region, or share all tables with --shared"
    )


def not_loopback(host: str) -> str:
    return (
        f"warning: {host} is no loopback address: every machine that can reach this port can read"
        " and change all tables, and nobody's signature is checked"
    )


SHARED_ACCOUNTS = (
    "tables are either shared by all access keys or those of the keys' accounts: give one of"
    " shared and accounts"
)
