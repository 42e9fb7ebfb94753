"""The buckets of an S3 client of botocore.

1. A client that the test gives is used as it is, apart from its connection.
2. Without one, clients are created like those of the program; a mock of S3 that is active answers
   them, as moto's does.
3. A request that nothing answers is not sent anywhere, but refused; see `local_clients`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from ddbmock._internal import local_clients
from ddbmock._internal.buckets.access import BucketError, Encryption
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import transfer as messages

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names in requests of DynamoDB -> names in requests of S3.
_ALGORITHMS = {"AES256": "AES256", "KMS": "aws:kms"}


class ClientBuckets:
    """The buckets that S3 clients reach.

    Args:
        client: The client of the test.
        url: The server of the test.
    """

    def __init__(self, *, client: Any = None, url: str | None = None) -> None:
        self._given: Any = None
        if client is not None:
            self._given = local_clients.without_aws(client, messages.s3_not_answered)
        self._url = url
        self._clients: dict[str, Any] = {}
        self._lock = new_lock()

    def check(self, region_name: str, bucket: str) -> None:
        """Make one request, to check that it is answered."""
        with suppress(BucketError):  # a response as well; the error is raised again when it is used
            self._call(region_name, "head_bucket", None, Bucket=bucket)

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
            response = self._call(region_name, "get_object", owner, Bucket=bucket, Key=key)
            yield key, response["Body"].read()

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
        except BotoCoreError as error:
            raise MisuseError(messages.s3_not_reached(error)) from error

    def _client(self, region_name: str) -> Any:
        if self._given is not None:
            return self._given
        client = self._clients.get(region_name)
        if client is None:
            with self._lock:
                client = self._clients[region_name] = _create(region_name, self._url)
        return client


def _create(region_name: str, url: str | None) -> Any:
    addressing = None if url is None else {"addressing_style": "path"}
    return local_clients.create("s3", region_name, messages.s3_not_answered, url=url, s3=addressing)


def _bucket_error(error: ClientError) -> BucketError:
    response = error.response
    metadata = response.get("ResponseMetadata", {})
    return BucketError(
        response["Error"]["Code"],
        response["Error"].get("Message", ""),
        metadata.get("HTTPStatusCode", 400),
        metadata.get("RequestId"),
    )
