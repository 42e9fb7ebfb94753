"""The options of a trigger, with the names and bounds of Lambda's event source mappings.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from ddbmock._internal import limits
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import streams as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: A function of an event, or of an event and a context; synchronous or not.
Handler: TypeAlias = "Callable[[dict[str, Any]], object] | Callable[[dict[str, Any], Any], object]"

REPORT_BATCH_ITEM_FAILURES = "ReportBatchItemFailures"
IMMEDIATELY, ON_DEMAND = "immediately", "on demand"
_STARTING_POSITIONS = ("LATEST", "TRIM_HORIZON")
#: Lambda's value for "without limit".
_UNLIMITED = -1

#: Option -> minimum and maximum value.
_BOUNDS: dict[str, tuple[int, int]] = {
    "batch_size": (1, limits.TRIGGER_BATCH_SIZE_MAX),
    "batching_window_seconds": (0, limits.TRIGGER_BATCHING_WINDOW_SECONDS_MAX),
    "maximum_retry_attempts": (_UNLIMITED, limits.TRIGGER_RETRY_ATTEMPTS_MAX),
    "maximum_record_age_seconds": (_UNLIMITED, limits.TRIGGER_RECORD_AGE_SECONDS_MAX),
    "tumbling_window_seconds": (0, limits.TRIGGER_TUMBLING_WINDOW_SECONDS_MAX),
    "parallelization_factor": (1, limits.TRIGGER_PARALLELIZATION_FACTOR_MAX),
}


class TriggerArguments(TypedDict, total=False):
    """The options of `ddb.on_change` as type checkers see them; `TriggerOptions` describes them."""

    batch_size: int
    batching_window_seconds: float
    starting_position: Literal["LATEST", "TRIM_HORIZON"]
    filters: Sequence[Mapping[str, Any] | str] | Mapping[str, Any]
    maximum_retry_attempts: int
    maximum_record_age_seconds: float
    bisect_batch_on_function_error: bool
    function_response_types: Sequence[Literal["ReportBatchItemFailures"]]
    on_failure: list[Any] | None
    tumbling_window_seconds: int
    parallelization_factor: int
    deliver: Literal["on demand", "immediately"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerOptions:
    """The options of a trigger; all of them have defaults."""

    #: The maximum number of records of an event.
    batch_size: int = 100
    #: How long, on the mock's clock, records wait for more to come before a batch that is not full.
    batching_window_seconds: float = 0
    #: LATEST: changes from now on. TRIM_HORIZON: also those that the stream has already.
    starting_position: str = "LATEST"
    #: Filter patterns (dictionaries or JSON texts), or a FilterCriteria; none: every record.
    filters: Sequence[Any] | Mapping[str, Any] = ()
    #: How often a batch is tried again. Without a limit (-1), each delivery tries once.
    maximum_retry_attempts: int = _UNLIMITED
    #: Older records are no longer delivered; -1 for no limit.
    maximum_record_age_seconds: float = _UNLIMITED
    #: Whether a batch that failed is split in two, and each half tried, to find the bad record.
    bisect_batch_on_function_error: bool = False
    #: `["ReportBatchItemFailures"]`: the handler's `batchItemFailures` count.
    function_response_types: Sequence[str] = ()
    #: A list that gets Lambda's failure document for each batch that is given up, which happens
    #: only with a limit of retries or of age.
    on_failure: list[Any] | None = None
    #: How long a tumbling window is, in which a handler hands a state from batch to batch.
    tumbling_window_seconds: int = 0
    #: How many batches of a shard are delivered concurrently; each item's records stay in order.
    parallelization_factor: int = 1
    #: "on demand": when the test calls `deliver()`; "immediately": at the end of each write.
    deliver: str = ON_DEMAND

    def __post_init__(self) -> None:
        for name, (least, greatest) in _BOUNDS.items():
            value = getattr(self, name)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or not least <= value <= greatest:
                raise _wrong(name, f"a number from {least} to {greatest}", value)
        if self.starting_position not in _STARTING_POSITIONS:
            expected = " or ".join(map(repr, _STARTING_POSITIONS))
            raise _wrong("starting_position", expected, self.starting_position)
        if self.deliver not in {ON_DEMAND, IMMEDIATELY}:
            raise _wrong("deliver", f"{ON_DEMAND!r} or {IMMEDIATELY!r}", self.deliver)
        types = self.function_response_types
        if isinstance(types, str) or not {REPORT_BATCH_ITEM_FAILURES}.issuperset(types):
            expected = f"a list of nothing but {REPORT_BATCH_ITEM_FAILURES!r}"
            raise _wrong("function_response_types", expected, types)
        if self.on_failure is not None and not hasattr(self.on_failure, "append"):
            raise _wrong("on_failure", "a list to append to", self.on_failure)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> TriggerOptions:
        """Return the options that were given by name.

        Raises:
            MisuseError: A name or value is invalid; the text names the valid ones.
        """
        valid = [field.name for field in fields(cls)]
        unknown = given.keys() - valid
        if unknown:
            raise MisuseError(messages.unknown_trigger_options(unknown, valid))
        return cls(**given)

    @property
    def retries(self) -> int | None:
        """Return the maximum number of retries of a batch, None for unlimited."""
        return None if self.maximum_retry_attempts == _UNLIMITED else self.maximum_retry_attempts

    @property
    def reports_failures(self) -> bool:
        """Return whether the handler's `batchItemFailures` count."""
        return REPORT_BATCH_ITEM_FAILURES in self.function_response_types


def _wrong(name: str, expected: str, value: object) -> MisuseError:
    return MisuseError(messages.wrong_trigger_option(name, expected, value))
