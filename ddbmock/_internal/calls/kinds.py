"""Kinds of calls, by which they are counted and selected."""

from __future__ import annotations

from dataclasses import dataclass

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import misuse as messages


@dataclass(frozen=True, slots=True)
class CallKind:
    """The properties of calls that are counted together."""

    #: The operation's name in the API.
    operation: str
    #: The region's name.
    region: str
    #: The id of the account.
    account_id: str
    #: The names of all tables that the calls name.
    tables: tuple[str, ...]
    #: The index that they read.
    index: str | None
    #: The code of their error; None for calls that succeeded.
    error_code: str | None
    #: Whether they read a table or index from its beginning: a Scan, or such a statement.
    is_scan: bool
    #: Whether a fault or chaos made their error.
    is_injected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """A filter of calls; None matches any."""

    operation: str | None = None
    table: str | None = None
    region: str | None = None
    index: str | None = None
    error: bool | str | None = None
    is_scan: bool | None = None

    def __post_init__(self) -> None:
        if self.operation is None:
            return
        from ddbmock._internal.operations import OPERATIONS  # noqa: PLC0415 (calls are light)

        if self.operation not in OPERATIONS:
            from difflib import get_close_matches  # noqa: PLC0415 (only to be helpful)

            pascal = "".join(part[:1].upper() + part[1:] for part in self.operation.split("_"))
            close = get_close_matches(pascal, OPERATIONS, n=1)
            raise MisuseError(messages.no_such_operation(self.operation, close))

    def matches(self, kind: CallKind) -> bool:
        """Return whether calls of a kind match.

        >>> put = CallKind("PutItem", "us-east-1", "123456789012", ("t",), None, None, False)
        >>> CallFilter(table="t").matches(put), CallFilter(error=True).matches(put)
        (True, False)
        """
        return (
            self.operation in {None, kind.operation}
            and (self.table is None or self.table in kind.tables)
            and self.region in {None, kind.region}
            and self.index in {None, kind.index}
            and (self.error is None or self._matches_error(kind.error_code))
            and self.is_scan in {None, kind.is_scan}
        )

    def _matches_error(self, code: str | None) -> bool:
        if isinstance(self.error, bool):
            return (code is not None) is self.error
        return code == self.error

    def __str__(self) -> str:
        parts = [self.operation or "a call"]
        if self.table is not None:
            parts.append(f"of table {self.table}")
        if self.index is not None:
            parts.append(f"of index {self.index}")
        if self.region is not None:
            parts.append(f"in {self.region}")
        if isinstance(self.error, str):
            parts.append(f"that failed with {self.error}")
        elif self.error is not None:
            parts.append("that failed" if self.error else "that succeeded")
        return " ".join(parts)
