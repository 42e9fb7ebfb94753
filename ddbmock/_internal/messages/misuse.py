"""Error texts of ddbmock itself, for a use that cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SAVEPOINT_OF_ANOTHER_BACKEND = (
    "this is a savepoint of another mock; restore() takes what snapshot() of the same mock returned"
)
CALL_WITHIN_CALL = (
    "this thread is in the middle of another DynamoDB call: a signal handler, a finalizer (__del__)"
    " or a trace function calls DynamoDB while ddbmock is changing data; do it after that call,"
    " for example by setting a flag in the handler"
)
SAVEPOINT_IS_VOID = (
    "this savepoint is void: the backend was restored to an earlier one since it was taken"
)


def not_a_savepoint(given: object) -> str:
    return f"restore() takes what snapshot() returned, not {given!r}"


def unsupported_operation(name: str) -> str:
    return f"ddbmock does not support the operation {name} yet"


def unsupported_parameters(operation: str, names: list[str]) -> str:
    return f"ddbmock does not support these parameters of {operation} yet: {', '.join(names)}"


def clock_goes_forward(seconds: float) -> str:
    return (
        f"the clock cannot be advanced by {seconds:g} seconds: it only goes forward;"
        " clock.freeze(at) sets it to any moment"
    )


NOT_STARTED = (
    "this mock is not active: use the controller inside `with mock_dynamodb() as ddb:`, inside a"
    " decorated function, or between start() and stop()"
)
ENDED = (
    "this mock has ended and its tables are gone: read them before the end of the `with` block,"
    " of the decorated function or of the test, or before stop()"
)
STARTED_TWICE = (
    "start() after start(): this mock is active already, and one stop() ends it; `with mock:` and"
    " decorated functions may be inside each other, and another mock_dynamodb() is another mock"
)
STOP_WITHOUT_START = "stop() without start(): this mock was not started, or was stopped already"
FIXTURE_BELOW_DECORATOR = (
    "@mock_dynamodb stands above @pytest.fixture: swap them, so that @pytest.fixture is the upper"
    " decorator and @mock_dynamodb the lower"
)


def unknown_limits(unknown: Iterable[str], valid: Iterable[str]) -> str:
    return f"limits has no {', '.join(sorted(unknown))}; there are {', '.join(valid)}"


def unknown_options(unknown: Iterable[str], valid: Iterable[str]) -> str:
    return (
        f"mock_dynamodb has no option {', '.join(sorted(unknown))};"
        f" its options are: {', '.join(sorted(valid))}"
    )


def wrong_option(name: str, expected: str, value: object) -> str:
    return f"the option {name} of mock_dynamodb takes {expected}, not {value!r}"


def negative_option(name: str, value: object) -> str:
    return f"the option {name} of mock_dynamodb must not be negative, as {value!r} is"


def not_to_be_decorated(target: object) -> str:
    return (
        f"mock_dynamodb decorates functions and classes, not {target!r};"
        " options are named: mock_dynamodb(region=...)"
    )


def no_such_table(name: str, region_names: Sequence[str], table_names: Sequence[str]) -> str:
    there = ", ".join(table_names) if table_names else "none"
    return f"no table {name!r} in {', '.join(region_names)}; the tables that exist: {there}"


def table_in_several_regions(name: str, region_names: Sequence[str]) -> str:
    return (
        f"the table {name!r} exists in {', '.join(region_names)}, and none of these is the region"
        " of this mock; say which one is meant with mock_dynamodb(region=...)"
    )


CONSOLE_ELSEWHERE = "the console shows tables of a mock, and these are those of a real engine"

DATABASE_OF_AN_INNER_MOCK = (
    "an inner mock shares the state of the outer one, so db= belongs to the outer mock, or to one"
    " with isolate=True"
)

RESPONSES_NOT_STORED = (
    "responses are not stored by default: they are the caller's to change, and a copy would cost"
    " more than the call. mock_dynamodb(store_responses=True) stores them"
)


def no_such_operation(name: str, close: Sequence[str]) -> str:
    meant = f"; is {close[0]} meant?" if close else ""
    return f"no operation of DynamoDB that ddbmock does is called {name!r}{meant}"


def no_such_index(name: str, table_name: str, index_names: Sequence[str]) -> str:
    there = ", ".join(index_names) if index_names else "none"
    return f"no index {name!r} on table {table_name!r}; its indexes: {there}"


NO_LAG = (
    "assert_no_stale_reads() needs reads that lag: mock_dynamodb(lag=1), where 1 is a number of"
    " seconds on the mock's clock"
)


def stale_reads(count: int, shown: str) -> str:
    reads = "a read" if count == 1 else f"{count} reads"
    return (
        f"{reads} did not see what was written before; ConsistentRead=True does, on a table or a"
        f" local index:\n{shown}"
    )
