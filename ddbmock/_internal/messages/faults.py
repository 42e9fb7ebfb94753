"""ddbmock's own texts about faults, throughput and open transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def unknown_fault_code(code: object, known: Sequence[str]) -> str:
    return (
        f"faults.add(error={code!r}): an error is a code of the service ({', '.join(known)}), an"
        " exception class of botocore.exceptions or its name (such as ReadTimeoutError), or an"
        " exception"
    )


FAULT_WITHOUT_EFFECT = "faults.add() needs something to happen: error=, latency= or unprocessed="
FAULT_WITHOUT_OPERATION = (
    "faults.add() needs operation=: only operations of the control plane or of streams can fail so,"
    " and these fail only when they are named"
)
FAULT_ERROR_AND_UNPROCESSED = (
    "faults.add() takes error= or unprocessed=: items that are left unprocessed are no error"
)
UNPROCESSED_AFTERWARDS = 'faults.add(unprocessed=...) is for when="before": nothing is undone'
FAULT_ELSEWHERE = (
    "faults.add() with key=, latency= or unprocessed= needs tables of this process: a real engine"
    " answers this mock"
)
CHAOS_ELSEWHERE = "chaos needs tables of this process: a real engine answers this mock"


def wrong_fault_argument(name: str, expected: str, given: object) -> str:
    return f"faults.add({name}=...) takes {expected}, not {given!r}"


def unknown_fault_operation(name: object) -> str:
    return (
        f"faults.add(operation={name!r}): there is no such operation; the names are those of the"
        " API, such as PutItem"
    )


def fault_error_elsewhere(code: str, names: Iterable[str], possible: Iterable[str]) -> str:
    return (
        f"faults.add(error={code!r}): {', '.join(sorted(names))} cannot answer with it;"
        f" {', '.join(sorted(possible))} can"
    )


def faults_that_never_happened(faults: Sequence[str]) -> str:
    listed = "".join(f"\n  {fault}" for fault in faults)
    return f"faults were required, and never happened:{listed}"


NO_ANSWER_ARRIVES = "no response arrives"

PACE_WITHOUT_RATE = (
    "throughput.pace() needs writes= or reads=: how many items the program writes or reads a second"
)
THROUGHPUT_IS_OFF = "ddb.throughput needs a mock that throttles: mock_dynamodb(throughput=True)"


def no_throughput_of(table: str, index: str | None) -> str:
    if index is None:
        return f"there is no table {table!r}, and so no throughput of it"
    return f"the table {table!r} has no global index {index!r}, and so no throughput of it"


def wrong_open_write(given: object) -> str:
    return (
        "open_write() takes one write as it is in TransactItems, {'Put': ...}, {'Update': ...} or"
        f" {{'Delete': ...}}, not {given!r}"
    )


def opened_twice(opened: str) -> str:
    return f"{opened}: a transaction or write that is open holds one of the items already"


def opened_elsewhere(opened: str) -> str:
    return f"{opened} needs tables of this process: a real engine answers this mock"


def not_opened(opened: str, code: str, text: str) -> str:
    return f"{opened}: it could not be done: {code}: {text}"


def no_key_to_hold(table: str, key: object, names: Iterable[str]) -> str:
    return f"open_transaction(): {key!r} is no key of {table}, which is {', '.join(names)}"


FAULT_ROUTE_FORBIDDEN = "faults are taken from this machine only, and from no page of a browser"
FAULT_ROUTE_METHODS = "GET lists the faults, POST adds some, DELETE removes all"


def unreadable_faults(place: str, problem: str) -> str:
    return (
        f"{place}: {problem}; expected is a JSON object with arguments of ddb.faults.add(), such as"
        ' {"operation": "PutItem", "error": "ThrottlingException", "times": 2}, or a list of these'
    )


def wrong_fault(problem: str) -> str:
    return f"a fault cannot be added: {problem}"
