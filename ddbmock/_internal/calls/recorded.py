"""One recorded call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls.display import DEFAULT_DISPLAY, Display, shorten
from ddbmock._internal.calls.packing import pack, unpack
from ddbmock._internal.calls.request_text import on_one_line, request_text
from ddbmock._internal.calls.requests import read_request
from ddbmock._internal.calls.units import units_text
from ddbmock._internal.errors import ConnectionFault, MisuseError, SerializationError, ServiceError
from ddbmock._internal.messages import faults as fault_messages
from ddbmock._internal.messages import misuse as misuse_messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.calls.kinds import CallKind
    from ddbmock._internal.calls.totals import ResponseCounts
    from ddbmock._internal.engine.capacity import Consumed

    #: A call as the log stores it: the kind; the request's text; the consumed capacity by table;
    #: the time; the counts of its response; its error; its packed response; the bytes of all that.
    Record = tuple[
        CallKind,
        bytes | str,
        Mapping[str, Consumed],
        float,
        ResponseCounts | None,
        "RecordedError | None",
        bytes | None,
        int,
    ]


class RecordedError:
    """The error that a call ended with.

    The exception itself is not stored, because its traceback keeps objects of the test alive.
    """

    __slots__ = ("_packed_members", "code", "is_injected", "message")

    def __init__(self, error: BaseException) -> None:
        #: Such as `ConditionalCheckFailedException`; of an error that is not the service's, such as
        #: an UnsupportedError or a bug of ddbmock, the name of its class.
        self.code: str = type(error).__name__
        #: The text.
        self.message: str = str(error)
        #: Whether a fault of the test made it, see `ddb.faults`.
        self.is_injected: bool = bool(getattr(error, "is_injected", False))
        self._packed_members = b""
        if isinstance(error, ServiceError):
            self.code, self.message = error.code, error.message
            self._packed_members = pack(error.members) if error.members else b""
        elif isinstance(error, ConnectionFault):
            self.code, self.message = error.code, fault_messages.NO_ANSWER_ARRIVES

    @property
    def members(self) -> Mapping[str, Any]:
        """The further members of the error, such as `CancellationReasons`."""
        members: Mapping[str, Any] = unpack(self._packed_members) if self._packed_members else {}
        return members

    @property
    def stored_bytes(self) -> int:
        """The memory that the members take, in bytes."""
        return len(self._packed_members)

    def __str__(self) -> str:
        text = f"{self.code}: {self.message}" if self.message else self.code
        return f"fault: {text}" if self.is_injected else text

    def __repr__(self) -> str:
        return f"<{self}>"


class RecordedCall:
    """One call: its request, what it consumed, and its error if it failed.

    `print(call)` shows all of it in a line.
    """

    __slots__ = (
        *("_body", "_counts", "_packed_response", "_record"),
        *("at_seconds", "consumed", "error", "kind", "stored_bytes"),
    )

    def __init__(self, record: Record) -> None:
        kind, body, consumed, at_seconds, counts, error, packed_response, stored_bytes = record
        #: The kind of the call.
        self.kind = kind
        #: Table name -> the units that the call consumed of the table and of each index.
        self.consumed = consumed
        #: Seconds since the epoch on the mock's clock.
        self.at_seconds = at_seconds
        #: The error that the call ended with; None for a call that succeeded.
        self.error = error
        #: The memory that the texts of the call take, in bytes.
        self.stored_bytes = stored_bytes
        self._record = record
        self._body = body
        self._counts = counts
        self._packed_response = packed_response

    @property
    def operation(self) -> str:
        """The operation's name in the API, such as `PutItem`."""
        return self.kind.operation

    @property
    def region(self) -> str:
        """The name of the region that was called."""
        return self.kind.region

    @property
    def account_id(self) -> str:
        """The id of the account that was called."""
        return self.kind.account_id

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all tables that the call names."""
        return self.kind.tables

    @property
    def table(self) -> str | None:
        """The table that the call names, None for none or several."""
        return self.kind.tables[0] if len(self.kind.tables) == 1 else None

    @property
    def index(self) -> str | None:
        """The name of the index that the call reads."""
        return self.kind.index

    @property
    def is_scan(self) -> bool:
        """Whether the call read a table or index from its beginning: a Scan, or a SELECT."""
        return self.kind.is_scan

    @property
    def error_code(self) -> str | None:
        """The code of the error, None for a call that succeeded."""
        return self.kind.error_code

    @property
    def request(self) -> Mapping[str, Any]:
        """A copy of the request, with attribute values in the API's shape, made canonical."""
        is_typed = self.kind.error_code != SerializationError.code
        return read_request(self.kind.operation, self._body, is_typed=is_typed)

    @property
    def response(self) -> Mapping[str, Any] | None:
        """A copy of the response, None for a call that failed.

        Raises:
            MisuseError: Responses are not stored; see `mock_dynamodb(store_responses=True)`.
        """
        if self._packed_response is None:
            if self.error is None:
                raise MisuseError(misuse_messages.RESPONSES_NOT_STORED)
            return None
        response: Mapping[str, Any] = unpack(self._packed_response)
        return response

    @property
    def item_count(self) -> int | None:
        """How many items the response held, or counted; None where responses hold no items."""
        return None if self._counts is None else self._counts[0]

    @property
    def scanned_count(self) -> int | None:
        """How many items the call read before its filter; None where responses hold no items."""
        return None if self._counts is None else self._counts[1]

    @property
    def has_more(self) -> bool:
        """Whether the response was a page with more to follow."""
        return self._counts is not None and self._counts[2]

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

    def __eq__(self, other: object) -> bool:
        # Calls are compared by identity: two calls with equal requests are different calls.
        return isinstance(other, RecordedCall) and self._record is other._record

    def __hash__(self) -> int:
        return id(self._record)

    # --- as text ---

    def line(self, display: Display = DEFAULT_DISPLAY, place: str = "") -> str:
        """Return the call as one line: its request, consumed capacity and outcome."""
        head = self._head + (f" ({place})" if place else "")
        try:
            text = request_text(self.operation, self.request, display)
        except (RecursionError, ValueError):
            text = "(a request that is nested too deeply to be shown)"
        line = shorten(f"{head}  {text}" if text else head, display.characters)
        outcome = ", ".join(filter(None, (self._count_text(), self._units_text())))
        if outcome:
            line += f"  [{outcome}]"
        if self.error is not None:
            line += f"  {shorten(on_one_line(str(self.error)), display.characters)}"
        return line

    @property
    def _head(self) -> str:
        head = f"{self.operation} {', '.join(self.tables)}".rstrip()
        return head if self.index is None else f"{head}/{self.index}"

    def _units_text(self) -> str:
        return units_text(self.read_units, self.write_units)

    def _count_text(self) -> str:
        if self._counts is None:
            return ""
        count, scanned, has_more = self._counts
        of_scanned = f" of {scanned}" if scanned != count else ""
        text = f"{count}{of_scanned} {'item' if scanned == 1 else 'items'}"
        return f"{text}, more to follow" if has_more else text

    def __str__(self) -> str:
        return self.line()

    def __repr__(self) -> str:
        parts = [self._head]
        if units := self._units_text():
            parts.append(f"[{units}]")
        if self.error is not None:
            parts.append(self.error.code)
        return f"<{' '.join(parts)}>"
