"""What may stand in a request's TableName: a name, or the ARN of a table.

Operations on items take names from one character on (a shorter name than a table can have is
then not found); operations on tables want at least three.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ddbmock import limits, messages

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_NAME = re.compile(NAME_PATTERN)
_ARN_PREFIX = "arn:"
_ARN_PARTS = 6
#: What every TableName may be: the fast test of a valid request.
name_or_arn = re.compile(
    rf"[a-zA-Z0-9_.-]{{{limits.TABLE_NAME_CHARACTERS_MIN},{limits.TABLE_NAME_CHARACTERS_MAX}}}"
    r"|arn:[^:]+:[^:]*:[^:]*:[^:]*:table/[a-zA-Z0-9_.-]{3,255}"
).fullmatch


def item_operation_violations(table_name: str) -> Iterator[str]:
    """The constraints that a TableName of an operation on items breaks: at most one."""
    if table_name.startswith(_ARN_PREFIX):
        yield from arn_violations(table_name)
    elif not table_name:
        yield messages.length_at_least(1)
    elif len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)
    elif not _NAME.fullmatch(table_name):
        yield messages.matching(NAME_PATTERN)


def table_operation_violations(table_name: str) -> Iterator[str]:
    """The constraints that a TableName of an operation on tables breaks."""
    if table_name.startswith(_ARN_PREFIX):
        yield from arn_violations(table_name)
        return
    if not _NAME.fullmatch(table_name):
        yield messages.matching(NAME_PATTERN)
    if len(table_name) < limits.TABLE_NAME_CHARACTERS_MIN:
        yield messages.length_at_least(limits.TABLE_NAME_CHARACTERS_MIN)
    if len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)


def has_table_length(table_name: str) -> bool:
    """Whether a name (or ARN) has a length that a table's name (or ARN) can have."""
    if table_name.startswith(_ARN_PREFIX):
        return True
    shortest, longest = limits.TABLE_NAME_CHARACTERS_MIN, limits.TABLE_NAME_CHARACTERS_MAX
    return shortest <= len(table_name) <= longest


def arn_violations(arn: str) -> Iterator[str]:
    """The constraint that a table's ARN breaks, if any."""
    if len(arn) > limits.TABLE_ARN_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_ARN_CHARACTERS_MAX)
        return
    parts = arn.split(":", _ARN_PARTS - 1)
    kind, slash, table_name = parts[-1].partition("/")
    if len(parts) < _ARN_PARTS or not slash:
        yield messages.ARN_FORMAT
    elif kind != "table":
        yield messages.ARN_RESOURCE_TYPE
    elif len(table_name) < limits.TABLE_NAME_CHARACTERS_MIN:
        yield messages.ARN_TABLE_NAME_LENGTH
    elif not has_table_length(table_name) or not _NAME.fullmatch(table_name):
        yield messages.ARN_FORMAT
