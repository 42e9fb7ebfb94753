"""The options of `tables_from`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ddbmock._internal import arns
from ddbmock._internal.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from ddbmock._internal.templates.parameters import Parameters

_STREAM_LABEL = "2000-01-01T00:00:00.000"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOptions:
    """Values that a template does not define itself.

    >>> TemplateOptions().deployed_to(region="eu-west-1").region
    'eu-west-1'
    >>> TemplateOptions(given_region="us-west-2").deployed_to(region="eu-west-1").region
    'us-west-2'
    """

    parameters: Parameters = field(default_factory=lambda: Parameters({}))
    #: The caller's arguments; None if they are absent.
    given_region: str | None = None
    given_account_id: str | None = None
    #: Where the template is deployed, if it says so.
    template_region: str | None = None
    template_account_id: str | None = None
    stack_name: str = "ddbmock"

    @property
    def region(self) -> str:
        """The value of references to the region."""
        return self.given_region or self.template_region or DEFAULT_REGION

    @property
    def account_id(self) -> str:
        """The value of references to the account."""
        return self.given_account_id or self.template_account_id or DEFAULT_ACCOUNT_ID

    def deployed_to(
        self, *, region: str | None = None, account_id: str | None = None
    ) -> TemplateOptions:
        """Return the options with a template's region and account as defaults."""
        return replace(
            self,
            template_region=region or self.template_region,
            template_account_id=account_id or self.template_account_id,
        )

    @property
    def partition(self) -> str:
        """The partition of AWS that the region is in."""
        return arns.partition_of(self.region)[0]

    @property
    def arns(self) -> arns.Namespace:
        """The ARNs of resources in the region and account."""
        return arns.Namespace(self.region, self.account_id)

    def stream_arn(self, table_name: str) -> str:
        """Return an ARN for the stream of a table, with an invented label.

        >>> TemplateOptions().stream_arn("orders")
        'arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2000-01-01T00:00:00.000'
        """
        return arns.stream_arn(self.arns.table(table_name), _STREAM_LABEL)

    def pseudo_parameters(self) -> dict[str, Any]:
        """Return CloudFormation's pseudo parameters.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
        """
        partition, suffix = arns.partition_of(self.region)
        stack = self.arns.resource(f"stack/{self.stack_name}", "cloudformation")
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": [],
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": f"{stack}/00000000-0000-0000-0000-000000000000",
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": suffix,
        }
