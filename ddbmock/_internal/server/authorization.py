"""The signer of a request: the Authorization header, or the query of a signed URL.

The signature, its age and the scope of the credential are not verified; malformed ones are refused
with the service's errors, in its order.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
"""

from __future__ import annotations

import re
from base64 import b32decode
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from ddbmock._internal.errors import ServiceError
from ddbmock._internal.messages import endpoint as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM = "AWS4-HMAC-SHA256"
_SCHEME_START = "AWS4-"
_HEADER_PARAMETERS = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
)
#: keyid/date/region/service/term
_CREDENTIAL_ELEMENTS = 5
#: The usual form of the header in SDKs, with the access key and the region.
_USUAL_HEADER = re.compile(
    rf"{ALGORITHM} Credential=([^/,\s]+)/[0-9]+/([^/,\s]+)/[a-z]+/aws4_request,"
    r" ?SignedHeaders=[a-z0-9;-]+, ?Signature=[a-f0-9]+"
)


class MissingAuthenticationTokenError(ServiceError):
    """The request is not signed."""

    code = "MissingAuthenticationTokenException"
    type_prefix = "com.amazon.coral.service#"


class IncompleteSignatureError(ServiceError):
    """The signature lacks a part, or has a malformed one."""

    code = "IncompleteSignatureException"
    type_prefix = "com.amazon.coral.service#"


class InvalidSignatureError(ServiceError):
    """The request is signed twice."""

    code = "InvalidSignatureException"
    type_prefix = "com.amazon.coral.service#"


#: The bits of an access key that contain the account.
_ACCOUNT_MASK, _ACCOUNT_SHIFT = 0x7FFF_FFFF_FF80, 7
_KEY_PREFIX_CHARACTERS, _ACCOUNT_BYTES = 4, 6
_ACCESS_KEY = re.compile("A[KS]IA[Q-Z2-7][A-Z2-7]{15}")


def account_of(access_key: str) -> str | None:
    """Return the account of an access key, None for a text of another form.

    AWS encodes it in the keys that it issues, and so does moto.

    >>> account_of("ASIAY34FZKBOKMUTVV7A"), account_of("anything")
    ('609629065308', None)
    """
    if not _ACCESS_KEY.fullmatch(access_key):
        return None
    number = int.from_bytes(b32decode(access_key[_KEY_PREFIX_CHARACTERS:])[:_ACCOUNT_BYTES], "big")
    return f"{(number & _ACCOUNT_MASK) >> _ACCOUNT_SHIFT:012}"


class Signer(NamedTuple):
    """The signer of a request: its access key and region."""

    access_key: str
    region_name: str


def signer_of(headers: Mapping[str, str], query_string: str) -> Signer:
    """Return the signer, from the headers (names in lower case) or the query of a request.

    >>> header = (
    ...     "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/dynamodb/aws4_request,"
    ...     " SignedHeaders=host;x-amz-date, Signature=abc"
    ... )
    >>> signer_of({"authorization": header, "x-amz-date": "20260101T000000Z"}, "")
    Signer(access_key='AKID', region_name='eu-west-1')

    Raises:
        ServiceError: The request is not signed, or the signature is malformed.
    """
    header = headers.get("authorization", "")
    usual = _USUAL_HEADER.fullmatch(header)
    if usual is not None and not query_string and "x-amz-date" in headers:
        return Signer(*usual.groups())
    query = dict(parse_qsl(query_string, keep_blank_values=True)) if query_string else {}
    signed_by_query = "X-Amz-Algorithm" in query
    if header and signed_by_query:
        raise InvalidSignatureError(messages.AUTHENTICATION_TWICE)
    if signed_by_query:
        return _signer_by_query(query)
    if not header.lstrip().startswith(_SCHEME_START):
        raise MissingAuthenticationTokenError(messages.AUTHENTICATION_MISSING)
    return _signer_by_header(header.strip(), has_date="x-amz-date" in headers or "date" in headers)


def is_usually_signed(headers: Mapping[str, str]) -> bool:
    """Return whether the Authorization header has the form that it has in SDKs, with a date."""
    header = headers.get("authorization", "")
    return _USUAL_HEADER.fullmatch(header) is not None and "x-amz-date" in headers


def _signer_by_header(header: str, *, has_date: bool) -> Signer:
    algorithm, _, rest = header.partition(" ")
    parameters = {}
    for part in rest.replace(",", " ").split():
        name, equal_sign, value = part.partition("=")
        if not equal_sign:
            text = messages.authorization_without_equal_sign(part, header)
            raise IncompleteSignatureError(text)
        parameters[name] = value
    missing = messages.authorization_requires(
        name for name in _HEADER_PARAMETERS if not parameters.get(name)
    )
    if not has_date:
        missing += messages.DATE_HEADER_REQUIRED
    if missing:
        raise IncompleteSignatureError(messages.authorization_lacks(missing, header))
    return _signer(algorithm, parameters["Credential"])


def _signer_by_query(query: Mapping[str, str]) -> Signer:
    missing = [name for name in _QUERY_PARAMETERS if not query.get(name)]
    if missing:
        raise IncompleteSignatureError(messages.query_requires(missing))
    return _signer(query["X-Amz-Algorithm"], query["X-Amz-Credential"])


def _signer(algorithm: str, credential: str) -> Signer:
    if algorithm != ALGORITHM:
        raise IncompleteSignatureError(messages.unknown_algorithm(algorithm))
    elements = credential.rstrip("/").split("/")
    if len(elements) != _CREDENTIAL_ELEMENTS:
        raise IncompleteSignatureError(messages.wrong_credential(credential))
    return Signer(elements[0], elements[2])
