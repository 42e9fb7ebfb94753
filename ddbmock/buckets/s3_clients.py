"""The buckets of an S3 client of botocore.

1. A client that the test gives is used as it is, apart from its connection.
2. Without one, clients are created like those of the program; a mock of S3 that is active answers
   them, as moto's does.
3. A request that nothing answers is not sent to AWS: it is refused. A server that the test names,
   by its URL or by a client with an `endpoint_url`, is the only thing that anything is sent to.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from ddbmock import messages
from ddbmock.buckets.access import BucketError, Encryption
from ddbmock.defaults import ACCESS_KEY, SECRET_KEY
from ddbmock.errors import MisuseError
from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

_AWS_HOST = re.compile(r"(.*\.)?(amazonaws\.com(\.cn)?|api\.aws|amazonwebservices\.[a-z.]+)")
#: As requests of DynamoDB name them -> as those of S3 do.
_ALGORITHMS = {"AES256": "AES256", "KMS": "aws:kms"}


class ClientBuckets:
    """The buckets that S3 clients reach.

    Args:
        client: The client of the test.
        url: The server of the test.
    """

    def __init__(self, *, client: Any = None, url: str | None = None) -> None:
        self._given = None if client is None else _without_aws(client)
        self._url = url
        self._clients: dict[str, Any] = {}
        self._lock = new_lock()

    def check(self, region_name: str, bucket: str) -> None:
        """Make one request, to see that it is answered."""
        try:
            self._client(region_name).head_bucket(Bucket=bucket)
        except ClientError:
            return  # an answer as well; what it means is found when the bucket is used

    def put(  # noqa: PLR0913 (as in the protocol)
        self,
        region_name: str,
        bucket: str,
        key: str,
        body: bytes,
        *,
        owner: str | None,
        encryption: Encryption | None,
    ) -> None:
        """Store an object by PutObject."""
        more = {}
        if encryption is not None:
            more["ServerSideEncryption"] = _ALGORITHMS[encryption.algorithm]
        if encryption is not None and encryption.kms_key_id is not None:
            more["SSEKMSKeyId"] = encryption.kms_key_id
        self._call(region_name, "put_object", owner, Bucket=bucket, Key=key, Body=body, **more)

    def objects(
        self, region_name: str, bucket: str, prefix: str, *, owner: str | None
    ) -> Iterator[tuple[str, bytes]]:
        """Yield objects by ListObjectsV2 and GetObject."""
        for key in self._keys(region_name, bucket, prefix, owner):
            answer = self._call(region_name, "get_object", owner, Bucket=bucket, Key=key)
            yield key, answer["Body"].read()

    def _keys(self, region_name: str, bucket: str, prefix: str, owner: str | None) -> Iterator[str]:
        request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
        while True:
            page = self._call(region_name, "list_objects_v2", owner, **request)
            yield from (each["Key"] for each in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            request["ContinuationToken"] = page["NextContinuationToken"]

    def _call(self, region_name: str, name: str, owner: str | None, **request: Any) -> Any:
        if owner is not None:
            request["ExpectedBucketOwner"] = owner
        try:
            return getattr(self._client(region_name), name)(**request)
        except ClientError as error:
            raise _bucket_error(error) from None

    def _client(self, region_name: str) -> Any:
        if self._given is not None:
            return self._given
        client = self._clients.get(region_name)
        if client is None:
            with self._lock:
                client = self._clients[region_name] = _create(region_name, self._url)
        return client


def _create(region_name: str, url: str | None) -> Any:
    # With credentials at hand nobody looks for any, which could ask the machine's metadata service.
    client = Session().create_client(
        "s3",
        region_name=region_name,
        endpoint_url=url,
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID") or ACCESS_KEY,
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY") or SECRET_KEY,
        config=Config(
            defaults_mode="standard",
            s3=None if url is None else {"addressing_style": "path"},
        ),
    )
    return _without_aws(client)


def _without_aws(client: Any) -> Any:
    """Return a client that shares all with another one, except that it sends nothing to AWS."""
    own = object.__new__(type(client))
    own.__dict__.update(client.__dict__)
    endpoint = client._endpoint  # noqa: SLF001 (the only place of the connection)
    own_endpoint = object.__new__(type(endpoint))
    own_endpoint.__dict__.update(endpoint.__dict__)
    own_endpoint.http_session = _Connection(endpoint.http_session)
    own._endpoint = own_endpoint
    return own


class _Connection:
    """A connection that refuses what would go to AWS."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def send(self, request: Any) -> Any:
        """Send a request to a server of the test."""
        if _AWS_HOST.fullmatch(urlsplit(request.url).hostname or ""):
            raise MisuseError(messages.s3_not_answered(request.url))
        return self._session.send(request)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _bucket_error(error: ClientError) -> BucketError:
    answer = error.response
    metadata = answer.get("ResponseMetadata", {})
    return BucketError(
        answer["Error"]["Code"],
        answer["Error"].get("Message", ""),
        metadata.get("HTTPStatusCode", 400),
        metadata.get("RequestId"),
    )
