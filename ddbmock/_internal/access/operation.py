"""The row of an operation: all that the phases of a call know of it.

The rows are above the functions of the operations, see `ddbmock._internal.operations.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.validation.wording import Wording

#: Reads a request into its intent, or raises what is wrong with it; needs no table.
Read: TypeAlias = "Callable[[Request], Any]"
#: Executes an intent through the door, and returns the response.
Run: TypeAlias = "Callable[[Any, Door], Response]"


class Plane(Enum):
    """Which part of the service answers an operation."""

    DATA = "data"
    CONTROL = "control"
    STREAMS = "streams"


class Capacity(Enum):
    """How the response of an operation reports ConsumedCapacity."""

    #: Not at all.
    NONE = "none"
    #: As one structure, of read or of write units.
    READ = "read"
    WRITE = "write"
    #: As a list with a structure for each table.
    READS = "reads"
    WRITES = "writes"
    #: As the bytes of a search.
    SEARCH = "search"

    def __init__(self, name: str) -> None:
        #: Whether there is a structure for each table.
        self.is_list: bool = name in {"reads", "writes"}
        #: Whether units that are not distinguished are write units.
        self.is_write: bool = name in {"write", "writes"}


class Items(IntEnum):
    """How the response of an operation holds items; an IntEnum, as its hash costs a call little."""

    #: Not at all, or only those that were written.
    NONE = auto()
    #: As `Item`.
    ONE = auto()
    #: As a page: `Items` with `Count` and `LastEvaluatedKey`.
    PAGE = auto()
    #: As a page of a statement: `Items` with `NextToken`.
    STATEMENT_PAGE = auto()
    #: As `Responses`, a list of items for each table.
    BY_TABLE = auto()
    #: As `Responses`, an `Item` each.
    EACH = auto()
    #: As `SearchResults`, an `Item` each.
    SEARCH = auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation: its properties, how its requests are read, and what executes it."""

    name: str
    plane: Plane
    read: Read
    run: Run
    #: How what is wrong with a request is worded.
    wording: Wording
    capacity: Capacity
    items: Items
    #: Its IAM action; None where each action of a request has its own.
    iam_action: str | None
    #: Whether it can reach tables of other accounts, whose resource policies allow that.
    between_accounts: bool
    #: Whether its actions are executed together or not at all.
    is_transaction: bool
    #: The parameters that are not supported; a request with one of them is refused.
    not_supported: frozenset[str]
    #: The parameters that are supported; others that the model has are refused, not ignored.
    parameters: frozenset[str]

    #: Whether its actions are executed independently, so that some of them can fail.
    is_batch: bool = field(init=False)

    def __post_init__(self) -> None:
        is_batch = self.capacity.is_list and not self.is_transaction
        object.__setattr__(self, "is_batch", is_batch)
