"""One recorded call, as it is shown to somebody who looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ddbmock import messages
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.engine.capacity import Consumed


@dataclass(frozen=True, slots=True)
class RecordedError:
    """The error that a call was answered with."""

    #: Such as `ConditionalCheckFailedException`.
    code: str
    #: The text.
    message: str
    #: What came beside the text, such as `CancellationReasons`.
    members: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


#: What is always kept of an answer, numbers that nobody can change afterwards: how many items were
#: read before the filter, how many the answer held or counted, whether it was a page with more
#: behind it, whether it was a PartiQL statement that read a whole table or index.
Answered: TypeAlias = "tuple[int, int, bool, bool]"


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call as it was made: what it asked for, what it consumed, and its error if it failed."""

    #: The operation's name in the API, such as `PutItem`.
    operation: str
    #: The name of the region that was called.
    region: str
    #: The request's members; attribute values in the API's shape, made canonical.
    request: Mapping[str, Any]
    #: Table name -> units, apart for the table and each index.
    consumed: Mapping[str, Consumed]
    #: The error that it was answered with; None for a call that succeeded.
    error: RecordedError | None
    #: Epoch seconds on the mock's clock.
    at_seconds: float
    #: All tables that the call names.
    tables: tuple[str, ...]
    #: The index that the call reads.
    index: str | None
    #: How many items the answer held, or counted; None where answers hold no items.
    item_count: int | None = None
    #: How many items a Query, Scan or SELECT read before its filter.
    scanned_count: int | None = None
    #: Whether the answer was a page with more behind it.
    has_more: bool = False
    #: Whether the call read a table or index from one end: a Scan, or such a PartiQL statement.
    is_scan: bool = False
    _response: Mapping[str, Any] | None = None
    _is_response_kept: bool = False

    @property
    def table(self) -> str | None:
        """The table that the call names, None for none or several."""
        return self.tables[0] if len(self.tables) == 1 else None

    @property
    def error_code(self) -> str | None:
        """The code of the error, None for a call that succeeded."""
        return None if self.error is None else self.error.code

    @property
    def response(self) -> Mapping[str, Any] | None:
        """A copy of the answer, None for a call that failed.

        Raises:
            MisuseError: The mock does not keep answers: `mock_dynamodb(keep_responses=True)`.
        """
        if not self._is_response_kept:
            raise MisuseError(messages.RESPONSES_NOT_KEPT)
        return self._response

    @property
    def consumed_units(self) -> float:
        """All capacity units that the call consumed."""
        return sum(consumed.total_units for consumed in self.consumed.values())

    @property
    def read_units(self) -> float:
        """The read units that the call consumed."""
        return sum(consumed.total_read_units for consumed in self.consumed.values())

    @property
    def write_units(self) -> float:
        """The write units that the call consumed."""
        return sum(consumed.total_write_units for consumed in self.consumed.values())
