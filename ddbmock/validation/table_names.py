"""What may stand in a request's TableName: a name, or the ARN of a table.

Names of one and two characters are taken everywhere, as the API's model has it; the service itself
refuses to make tables with such names, and tells the longer minimum when a name is wrong otherwise.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ddbmock import limits, messages
from ddbmock.arns import is_arn, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_NAME = re.compile(NAME_PATTERN)
#: What every TableName may be: the fast test of a valid request.
name_or_arn = re.compile(
    rf"[a-zA-Z0-9_.-]{{1,{limits.TABLE_NAME_CHARACTERS_MAX}}}"
    r"|arn:[^:]+:[^:]*:[^:]*:[^:]*:table/[a-zA-Z0-9_.-]{1,255}"
).fullmatch


def item_operation_violations(table_name: str) -> Iterator[str]:
    """The constraints that a name in an operation on items breaks: at most one."""
    if not table_name:
        yield messages.length_at_least(1)
    elif len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)
    elif not _NAME.fullmatch(table_name):
        yield messages.matching(NAME_PATTERN)


def table_operation_violations(table_name: str) -> Iterator[str]:
    """The constraints that a name in an operation on tables breaks."""
    is_well_formed = _NAME.fullmatch(table_name) is not None
    if len(table_name) < limits.TABLE_NAME_CHARACTERS_MIN and not is_well_formed:
        yield messages.length_at_least(limits.TABLE_NAME_CHARACTERS_MIN)
    if len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)
    if not is_well_formed:
        yield messages.matching(NAME_PATTERN)


def arn_violation(arn: str) -> str | None:
    """What is wrong with the ARN of a table: a whole text, without "Value ... at"."""
    parts = parse(arn)
    kind, slash, table_name = ("", "", "") if parts is None else parts.resource.partition("/")
    if not slash:
        return messages.ARN_FORMAT
    if kind != "table":
        return messages.invalid_resource_type(arn)
    is_fine = not any(table_operation_violations(table_name))
    return None if is_fine else messages.ARN_FORMAT


def names_table(text: str) -> bool:
    """Whether a text may name a table in an operation on items."""
    if is_arn(text):
        return arn_violation(text) is None
    return not any(item_operation_violations(text))
