"""Tables from infrastructure as code: `tables_from`.

Each format has its reader (`cloudformation`, `serverless`, `terraform` with `hcl`, `cdk`); all of
them end in CreateTable requests with their places in the template (`tables`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from ddbmock.templates.options import TemplateOptions
from ddbmock.templates.reading import read_tables
from ddbmock.templates.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Tables", "tables_from"]


def tables_from(
    template: str | os.PathLike[str] | Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    *,
    region: str | None = None,
    account_id: str = DEFAULT_ACCOUNT_ID,
    stack_name: str = "ddbmock",
) -> Tables:
    """Read the tables of a template: CloudFormation, SAM, serverless.yml, Terraform or CDK.

    >>> tables = tables_from({
    ...     "Parameters": {"Stage": {"Type": "String"}},
    ...     "Resources": {
    ...         "Orders": {
    ...             "Type": "AWS::Serverless::SimpleTable",
    ...             "Properties": {"TableName": {"Fn::Sub": "orders-${Stage}"}},
    ...         }
    ...     },
    ... }, parameters={"Stage": "test"})
    >>> tables.names
    ['orders-test']

    In a conftest or test module, a global `orders_tables = tables_from("template.yml")` is a pytest
    fixture too.

    Args:
        template: A file, a folder (a CDK app or its `cdk.out`, Terraform's .tf files, a SAM or
            Serverless project), or a template as a mapping.
        parameters: Values for what the template does not say: parameters and variables, exports,
            attributes of other resources. A logical id gives the name of its table.
        region: The region that references to it mean. Default: what a serverless.yml says, or else
            us-east-1.
        account_id: The account that references to it mean.
        stack_name: The name of the stack.

    Raises:
        FileError: The template cannot be read, or something of a table cannot be resolved.
    """
    options = TemplateOptions(
        parameters=dict(parameters or {}),
        region=region or DEFAULT_REGION,
        is_region_given=region is not None,
        account_id=account_id,
        stack_name=stack_name,
    )
    return read_tables(template, options)
