"""Amazon Resource Names (ARNs): building and parsing.

    arn:partition:service:region:account-id:resource

The resource of DynamoDB is `table/NAME`, alone or followed by one of `/index/NAME`,
`/stream/LABEL`, `/backup/ID`, `/export/ID` and `/import/ID`, or it is `global-table/NAME`.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PREFIX = "arn:"
_PARTS = 6
_STREAM = r"arn:aws[a-z-]*:dynamodb:[^:]+:[^:]+:table/[^/]+/stream/.+"

#: Prefix of region names -> partition and domain of its endpoints; all other regions are in "aws".
#: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
}


def partition_of(region_name: str) -> tuple[str, str]:
    """Return the partition that a region is in, and the domain of the partition's endpoints.

    >>> partition_of("eu-west-1"), partition_of("cn-north-1")
    (('aws', 'amazonaws.com'), ('aws-cn', 'amazonaws.com.cn'))
    """
    for prefix, partition in _PARTITIONS.items():
        if region_name.startswith(prefix):
            return partition
    return "aws", "amazonaws.com"


# --- parsing -------------------------------------------------------------------------------------


class Arn(NamedTuple):
    """The six parts of an ARN, without the "arn" in front."""

    partition: str
    service: str
    region_name: str
    account_id: str
    resource: str

    @classmethod
    def of(cls, text: str) -> Arn:
        """Return the parts of a text that is an ARN."""
        return cls(*text.split(":", _PARTS - 1)[1:])

    def __str__(self) -> str:
        return _PREFIX + ":".join(self)

    @property
    def kind(self) -> str:
        """The type of the resource: the part before the first slash, such as `table`.

        >>> parse("arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-date").kind
        'table'
        """
        return self.resource.partition("/")[0]

    @property
    def name(self) -> str:
        """The name of the table or global table: the part between the first two slashes.

        >>> parse("arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-date").name
        'orders'
        """
        return self.resource.partition("/")[2].partition("/")[0]

    @property
    def subresource(self) -> str:
        """The part after the table's name; empty for the table itself.

        >>> parse("arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-date").subresource
        'index/by-date'
        """
        return self.resource.partition("/")[2].partition("/")[2]


def is_arn(text: str) -> bool:
    """Return whether a text, such as a TableName, is to be parsed as an ARN."""
    return text.startswith(_PREFIX)


def parse(text: str) -> Arn | None:
    """Return the parts of an ARN; None for a text that does not have them.

    >>> parse("arn:aws:dynamodb:eu-west-1:123456789012:table/orders").account_id
    '123456789012'
    >>> parse("orders")
    """
    is_complete = is_arn(text) and text.count(":") >= _PARTS - 1
    return Arn.of(text) if is_complete else None


def table_name_of(name_or_arn: str) -> str:
    """Return the name of the table of a name or an ARN (also of an index or stream).

    >>> table_name_of("arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-date")
    'orders'
    >>> table_name_of("orders")
    'orders'
    """
    if not is_arn(name_or_arn):
        return name_or_arn
    arn = parse(name_or_arn)
    return arn.name if arn is not None and arn.kind == "table" and arn.name else name_or_arn


def is_stream_arn(text: str) -> bool:
    """Return whether a text has the form of the ARN of a table's stream.

    >>> is_stream_arn("arn:aws:dynamodb:eu-west-1:1:table/t/stream/2026-01-01T00:00:00.000")
    True
    """
    return re.fullmatch(_STREAM, text) is not None


def with_table_name(arn: str, table_name: str) -> str:
    """Return an ARN with another name of its table; an ARN without a table as it is.

    >>> with_table_name("arn:aws:dynamodb:r:1:table/orders/index/i", "x-orders")
    'arn:aws:dynamodb:r:1:table/x-orders/index/i'
    """
    parts = parse(arn)
    if parts is None or parts.kind != "table":
        return arn
    rest = parts.resource.removeprefix(f"table/{parts.name}")
    return str(parts._replace(resource=f"table/{table_name}{rest}"))


# --- building ------------------------------------------------------------------------------------


class Namespace(NamedTuple):
    """The ARNs of one region of one account.

    >>> Namespace("eu-west-1", "123456789012").table("orders")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
    """

    region_name: str
    account_id: str

    def resource(self, resource: str, service: str = "dynamodb") -> str:
        """Return the ARN of any resource."""
        partition = partition_of(self.region_name)[0]
        return str(Arn(partition, service, self.region_name, self.account_id, resource))

    def table(self, table_name: str) -> str:
        """Return the ARN of a table, or of a table's replica in this region."""
        return self.resource(f"table/{table_name}")

    def table_name(self, name_or_arn: str) -> str:
        """Return the name of a table of this namespace, given its name or ARN.

        Any other text is returned unchanged: no table has such a name.

        >>> namespace = Namespace("eu-west-1", "123456789012")
        >>> namespace.table_name("arn:aws:dynamodb:eu-west-1:123456789012:table/orders")
        'orders'
        >>> namespace.table_name("arn:aws:dynamodb:us-east-1:123456789012:table/orders")
        'arn:aws:dynamodb:us-east-1:123456789012:table/orders'
        """
        return name_or_arn.removeprefix(self.table("")) if is_arn(name_or_arn) else name_or_arn

    def kms_key(self, key_id: str) -> str:
        """Return the ARN of a key of the Key Management Service."""
        return self.resource(f"key/{key_id}", "kms")

    def function(self, function_name: str) -> str:
        """Return the ARN of a Lambda function."""
        return self.resource(f"function:{function_name}", "lambda")

    def log_group(self, name: str) -> str:
        """Return the ARN of a log group of CloudWatch Logs, with its streams."""
        return self.resource(f"log-group:{name}:*", "logs")

    def global_table(self, table_name: str) -> str:
        """Return the ARN of a global table of version 2017.11.29, which is in no region.

        >>> Namespace("eu-west-1", "123456789012").global_table("orders")
        'arn:aws:dynamodb::123456789012:global-table/orders'
        """
        partition = partition_of(self.region_name)[0]
        resource = f"global-table/{table_name}"
        return str(Arn(partition, "dynamodb", "", self.account_id, resource))


def index_arn(table_arn: str, index_name: str) -> str:
    """Return the ARN of a secondary index.

    >>> index_arn("arn:aws:dynamodb:eu-west-1:123456789012:table/orders", "by-date")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-date'
    """
    return f"{table_arn}/index/{index_name}"


def stream_arn(table_arn: str, label: str) -> str:
    """Return the ARN of a table's stream, which has the label of the moment it was enabled."""
    return f"{table_arn}/stream/{label}"


def backup_arn(table_arn: str, backup_id: str) -> str:
    """Return the ARN of a backup of a table."""
    return f"{table_arn}/backup/{backup_id}"


def table_arn_of(arn: str) -> str:
    """Return the ARN of the table in the ARN of a resource of that table.

    >>> table_arn_of("arn:aws:dynamodb:eu-west-1:1:table/orders/backup/01-ab")
    'arn:aws:dynamodb:eu-west-1:1:table/orders'
    """
    parts = Arn.of(arn)
    return str(parts._replace(resource=f"table/{parts.name}"))


def export_arn(table_arn: str, export_id: str) -> str:
    """Return the ARN of an export of a table."""
    return f"{table_arn}/export/{export_id}"


def import_arn(table_arn: str, import_id: str) -> str:
    """Return the ARN of an import into a new table."""
    return f"{table_arn}/import/{import_id}"


def bulk_operation_arn(table_arn: str, operation_id: str) -> str:
    """Return the ARN of a bulk operation on a table; its form is a guess."""
    return f"{table_arn}/bulk-operation/{operation_id}"
