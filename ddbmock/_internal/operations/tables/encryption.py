"""Server-side encryption: the KMS key that an SSESpecification names.

There are no real keys: a name is turned into an ARN that a key of that name could have, always the
same, and every key counts as existing and enabled.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region

#: The key that AWS manages in an account for this service.
_MANAGED_KEY = "alias/aws/dynamodb"


def key_arn(region: Region, specification: Mapping[str, Any] | None) -> str | None:
    """Return the ARN of the key that a table is encrypted with; None for a key that AWS owns.

    >>> from ddbmock._internal.engine.backend import Backend
    >>> key_arn(Backend().region("eu-west-1"), {"Enabled": True, "KMSMasterKeyId": "1234"})
    'arn:aws:kms:eu-west-1:123456789012:key/1234'
    """
    if not specification or specification.get("Enabled") is False:
        return None
    key: str = specification.get("KMSMasterKeyId") or _MANAGED_KEY
    if ":key/" in key:
        return key
    alias = key[key.find("alias/") :] if "alias/" in key else None
    key_id = key if alias is None else str(uuid.uuid5(uuid.NAMESPACE_URL, alias))
    return region.arns.kms_key(key_id)
