"""What is given to `tables_from` beside the template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOptions:
    """Values that a template does not say itself."""

    #: Name -> value, of whatever cannot be resolved.
    parameters: Mapping[str, Any] = field(default_factory=dict)
    region: str = DEFAULT_REGION
    #: Whether somebody said so, and not the template or nobody.
    is_region_given: bool = False
    account_id: str = DEFAULT_ACCOUNT_ID
    #: The name of the stack, or the stage of a Serverless service.
    stack_name: str = "ddbmock"

    @property
    def partition(self) -> tuple[str, str]:
        """The partition of AWS that the region is in, and the suffix of its addresses."""
        for prefix, partition in _PARTITIONS.items():
            if self.region.startswith(f"{prefix}-"):
                return partition
        return "aws", "amazonaws.com"

    def table_arn(self, name: str) -> str:
        """Return the ARN of a table.

        >>> TemplateOptions().table_arn("orders")
        'arn:aws:dynamodb:us-east-1:123456789012:table/orders'
        """
        partition = self.partition[0]
        return f"arn:{partition}:dynamodb:{self.region}:{self.account_id}:table/{name}"

    def pseudo_parameters(self) -> dict[str, Any]:
        """Return CloudFormation's pseudo parameters.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
        """
        partition, suffix = self.partition
        stack = f"arn:{partition}:cloudformation:{self.region}:{self.account_id}:stack"
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": [],
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": f"{stack}/{self.stack_name}/00000000-0000-0000-0000-000000000000",
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": suffix,
        }
