"""The regions of the service, by their support of global tables."""

from __future__ import annotations

from ddbmock._internal.arns import partition_of

#: Regions that may hold a replica, in the order of the service's messages as far as that is known:
#: the first twelve were seen, and that there are 36.
#: https://docs.aws.amazon.com/general/latest/gr/ddb.html
REPLICA_REGIONS = (
    *("ap-south-2", "ap-south-1", "eu-south-1", "eu-south-2", "me-central-1", "il-central-1"),
    *("ca-central-1", "ap-east-2", "mx-central-1", "eu-central-1", "eu-central-2", "us-west-1"),
    *("us-west-2", "af-south-1", "eu-north-1", "eu-west-3", "eu-west-2", "eu-west-1", "me-west-1"),
    *("ap-northeast-3", "ap-northeast-2", "me-south-1", "ap-northeast-1", "sa-east-1", "sa-west-1"),
    *("ap-east-1", "ca-west-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"),
    *("ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
    *("us-east-1", "us-east-2"),
)
#: Regions with global tables of version 2017.11.29, in the order of the service's message.
LEGACY_REGIONS = (
    *("eu-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-2"),
    *("eu-central-1", "ap-northeast-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
)
#: Regions for global tables with strong consistency.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
STRONG_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-2", "ca-central-1"),
        *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "eu-south-2"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1"),
    }
)
_OTHER_PARTITIONS = {
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
}


def replica_regions(region_name: str) -> tuple[str, ...]:
    """Return the regions that may hold a replica of a table in a region: those of its partition.

    >>> replica_regions("cn-north-1")
    ('cn-north-1', 'cn-northwest-1')
    """
    partition, _ = partition_of(region_name)
    return _OTHER_PARTITIONS.get(partition, REPLICA_REGIONS)
