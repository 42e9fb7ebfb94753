"""What is given to `tables_from` with the template."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ddbmock.engine.backend import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from ddbmock.templates.parameters import Parameters

_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOptions:
    """Values that a template does not define itself.

    >>> TemplateOptions().deployed_to(region="eu-west-1").region
    'eu-west-1'
    >>> TemplateOptions(given_region="us-west-2").deployed_to(region="eu-west-1").region
    'us-west-2'
    """

    parameters: Parameters = field(default_factory=lambda: Parameters({}))
    #: What the caller gave; None for nothing.
    given_region: str | None = None
    given_account_id: str | None = None
    #: What the template says about where it is deployed.
    template_region: str | None = None
    template_account_id: str | None = None
    stack_name: str = "ddbmock"

    @property
    def region(self) -> str:
        """The region that references to it mean."""
        return self.given_region or self.template_region or DEFAULT_REGION

    @property
    def account_id(self) -> str:
        """The account that references to it mean."""
        return self.given_account_id or self.template_account_id or DEFAULT_ACCOUNT_ID

    def deployed_to(
        self, *, region: str | None = None, account_id: str | None = None
    ) -> TemplateOptions:
        """Return the options with what a template says where the caller gave nothing."""
        return replace(
            self,
            template_region=region or self.template_region,
            template_account_id=account_id or self.template_account_id,
        )

    @property
    def partition(self) -> str:
        """The partition of AWS that the region is in."""
        return self._partition[0]

    @property
    def _partition(self) -> tuple[str, str]:
        for prefix, partition in _PARTITIONS.items():
            if self.region.startswith(f"{prefix}-"):
                return partition
        return "aws", "amazonaws.com"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the region and account.

        >>> TemplateOptions().arn("kms", "alias/orders")
        'arn:aws:kms:us-east-1:123456789012:alias/orders'
        """
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def table_arn(self, name: str) -> str:
        """Return the ARN of a table."""
        return self.arn("dynamodb", f"table/{name}")

    def stream_arn(self, name: str) -> str:
        """Return an ARN for the stream of a table; its label is made up."""
        return f"{self.table_arn(name)}/stream/2000-01-01T00:00:00.000"

    def pseudo_parameters(self) -> dict[str, Any]:
        """Return CloudFormation's pseudo parameters.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
        """
        partition, suffix = self._partition
        stack = self.arn("cloudformation", f"stack/{self.stack_name}")
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": [],
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": f"{stack}/00000000-0000-0000-0000-000000000000",
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": suffix,
        }


def table_name_of(name_or_arn: str) -> str:
    """Return the name of a table that is given by its name, its ARN or its stream's ARN.

    >>> table_name_of("arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026")
    'orders'
    """
    _, is_arn, resource = name_or_arn.partition(":table/")
    return resource.split("/", 1)[0] if is_arn else name_or_arn
