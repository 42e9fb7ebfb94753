"""Tables from infrastructure as code: `tables_from`.

Each format has its folder or module: `cloudformation` (SAM included), `serverless`, `terraform`,
`cdk`, `descriptions`. `detection` finds the format of a template. All formats are converted to
requests (`contents`), which `creation` sends.
"""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.templates.detection import read_tables
from ddbmock._internal.templates.options import TemplateOptions
from ddbmock._internal.templates.parameters import Parameters
from ddbmock._internal.templates.tables import Tables
from ddbmock._internal.templates.triggers import TemplateTriggers

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Tables", "TemplateTriggers", "tables_from"]

#: Templates calculate with Terraform's precision (512 bits), whatever the program's own context is.
_NUMBERS = Context(
    prec=155,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


def tables_from(
    *templates: str | os.PathLike[str] | Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    region: str | None = None,
    account_id: str | None = None,
    stack_name: str = "ddbmock",
) -> Tables:
    """Read the tables of templates: CloudFormation, SAM, serverless.yml, Terraform, CDK and others.

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

    Args:
        *templates: Files, folders (a CDK app or its `cdk.out`, Terraform's .tf files, a SAM or
            Serverless project), or templates as mappings. Several are read together: one can
            import what another exports.
        parameters: Values for what the templates do not define: parameters and variables, exports,
            attributes of other resources. A logical id gives the name of its table.
        region: The value of references to the region. Default: the region that the template is
            deployed to, if it names one, or us-east-1.
        account_id: The value of references to the account. Default: as for the region.
        stack_name: The name of the stack.

    Raises:
        FileError: A template cannot be read, part of a table cannot be resolved, or a
            parameter is not in the templates.
    """
    __tracebackhide__ = True
    options = TemplateOptions(
        parameters=Parameters(parameters or {}),
        given_region=region,
        given_account_id=account_id,
        stack_name=stack_name,
    )
    try:
        with localcontext(_NUMBERS):
            return read_tables(templates, options)
    except MisuseError as error:
        # The reader that found the error is of no interest to the template's author.
        raise error.with_traceback(None) from error.__cause__
