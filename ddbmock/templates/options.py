"""What is given to `tables_from` beside the template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock.arns import Namespace, partition_of
from ddbmock.engine.backend import DEFAULT_ACCOUNT_ID, DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        return partition_of(self.region)

    def table_arn(self, name: str) -> str:
        """Return the ARN of a table.

        >>> TemplateOptions().table_arn("orders")
        'arn:aws:dynamodb:us-east-1:123456789012:table/orders'
        """
        return Namespace(self.region, self.account_id).table(name)

    def pseudo_parameters(self) -> dict[str, Any]:
        """Return CloudFormation's pseudo parameters.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
        """
        partition, suffix = self.partition
        stack_path = f"stack/{self.stack_name}/00000000-0000-0000-0000-000000000000"
        namespace = Namespace(self.region, self.account_id)
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": [],
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": namespace.resource(stack_path, "cloudformation"),
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": suffix,
        }
