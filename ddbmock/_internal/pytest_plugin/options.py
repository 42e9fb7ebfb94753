"""The options of the command line and of the ini file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_ON_OFF = {
    **dict.fromkeys(("on", "true", "yes", "1"), True),
    **dict.fromkeys(("off", "false", "no", "0"), False),
}


def _on_off(text: str) -> bool:
    return _ON_OFF[text.lower()]


def _switch(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _switch_or_seconds(text: str) -> bool | float:
    return {"true": True, "false": False}.get(text.lower()) or _seconds(text)


def _seconds(text: str) -> float:
    return 0.0 if text.lower() == "false" else float(text)


def _seconds_or_range(text: str) -> float | tuple[float, float]:
    least, _, greatest = text.partition("-")
    return (float(least), float(greatest)) if greatest else float(least)


def _count_or_all(text: str) -> int | None:
    return None if text.lower() == "all" else int(text)


def _count(text: str) -> int:
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


#: The parser of an option's text, the name of its value, and its description.
_Row = tuple["Callable[[str], Any]", str, str]

#: The options of `mock_dynamodb` that have a default for the run.
_OF_MOCKS: dict[str, _Row] = {
    "region": (str, "REGION", "the region of clients that name none"),
    "delays": (
        _switch_or_seconds,
        "SECONDS",
        "for how many seconds tables and indexes are CREATING, UPDATING, DELETING (true: 5)",
    ),
    "ttl_window": (float, "SECONDS", "how long items stay after their time to live"),
    "lag": (
        _seconds_or_range,
        "SECONDS[-SECONDS]",
        "how far eventually consistent reads, and replicas in other regions, are behind",
    ),
    "throughput": (
        _switch_or_seconds,
        "SECONDS",
        "tables throttle, and keep unused units for so many seconds (true: 300)",
    ),
    "stream_shards": (int, "COUNT", "how many shards a new stream has"),
    "stored_calls": (_count_or_all, "COUNT", "how many calls are stored, or all"),
    "store_responses": (_switch, "BOOL", "whether ddb.calls stores responses too"),
}
#: The options of `ddbmock._internal.calls.Display`, for the display of calls and items.
_OF_DISPLAY: dict[str, _Row] = {
    "mask": (
        lambda text: tuple(text.split()),
        "NAMES",
        "attributes whose values are not shown: names or patterns, separated by spaces",
    ),
    "show_values": (_switch, "BOOL", "whether attribute values are shown at all"),
    "shown_calls": (_count, "COUNT", "how many calls a failed test and a failed assertion show"),
    "shown_items": (_count, "COUNT", "how many items of each table a failed test shows"),
}
_GUARD: _Row = (
    _on_off,
    "on|off",
    (
        "whether calls of DynamoDB outside of mocks are refused, and dummy credentials and a region"
        " are set if there are none (on unless --ddbmock-target is given)"
    ),
)
#: Switches: on the command line without a value.
_FLAGS = {
    "session": "one mock for the complete run, with the state of all tests together",
    "with_moto": (
        "answer DynamoDB with ddbmock while a mock of moto is active, on a fresh state whenever"
        " moto's is"
    ),
}
_REPORT = "calls, units and scans of each test in the terminal summary, as a page or as JSON"
_CHAOS = (
    "run each test that has a mock under so many seeds, with throttling, server errors, lost"
    " responses, partial batches and stale reads"
)
_SEED = "run them under this seed only, to repeat a failure"
_TARGET = "answer mocks from a real engine at this endpoint, or from AWS"


def declare(parser: pytest.Parser) -> None:
    """Declare the options, for the command line and the ini file."""
    for name, (_, value_name, meaning) in _OF_MOCKS.items():
        _add(parser, name, metavar=value_name, help=f"{meaning}, where a test does not say")
    for name, (_, value_name, meaning) in _OF_DISPLAY.items():
        _add(parser, name, metavar=value_name, help=meaning)
    for name, meaning in _FLAGS.items():
        _add(parser, name, action="store_const", const="true", help=meaning)
    _add(parser, "guard", metavar=_GUARD[1], help=_GUARD[2])
    _add(parser, "report", nargs="?", const="terminal", metavar="html|json[:PATH]", help=_REPORT)
    _add(parser, "target", metavar="URL|aws", help=_TARGET)
    _add(parser, "chaos", metavar="COUNT", help=_CHAOS)
    _add(parser, "seed", metavar="SEED", help=_SEED)


def _add(parser: pytest.Parser, name: str, **more: Any) -> None:
    flag = f"--ddbmock-{name.replace('_', '-')}"
    group = parser.getgroup("ddbmock", "ddbmock: a mock of DynamoDB")
    group.addoption(flag, dest=f"ddbmock_{name}", default=None, **more)
    parser.addini(f"ddbmock_{name}", f"as {flag}: {more['help']}", default=None)


def value_of(config: pytest.Config, name: str) -> str | None:
    """Return an option's text: of the command line, or else of the ini file."""
    key = f"ddbmock_{name}"
    text = getattr(config.option, key, None)
    if text is None:  # before conftests are loaded, pytest has the command line here alone
        text = getattr(config.known_args_namespace, key, None)
    if text is None:
        text = config.getini(key)
    return text or None


def mock_options(config: pytest.Config) -> dict[str, Any]:
    """Return the options of `mock_dynamodb` that were given for the run.

    Raises:
        pytest.UsageError: A value is invalid.
    """
    return _given(config, _OF_MOCKS)


def seeds_of(config: pytest.Config) -> list[int]:
    """Return the seeds under which tests run with chaos; none without it.

    Raises:
        pytest.UsageError: A value is invalid.
    """
    given = _given(config, {"chaos": (_count, "COUNT", _CHAOS), "seed": (int, "SEED", _SEED)})
    return [given["seed"]] if "seed" in given else [*range(1, given.get("chaos", 0) + 1)]


def display_of(config: pytest.Config) -> dict[str, Any]:
    """Return the options of `ddbmock._internal.calls.Display` that were given.

    Raises:
        pytest.UsageError: A value is invalid.
    """
    return _given(config, _OF_DISPLAY)


def is_guarded(config: pytest.Config) -> bool:
    """Return whether calls outside of mocks are refused in this run.

    Raises:
        pytest.UsageError: The value is invalid.
    """
    is_on: bool = _given(config, {"guard": _GUARD}).get("guard", True)
    return is_on and value_of(config, "target") is None


def is_set(config: pytest.Config, name: str) -> bool:
    """Return whether a switch is on.

    Raises:
        pytest.UsageError: The value is invalid.
    """
    row = (_on_off, "on or off", _FLAGS[name])
    is_on: bool = _given(config, {name: row}).get(name, False)
    return is_on


def _given(config: pytest.Config, rows: dict[str, _Row]) -> dict[str, Any]:
    given = {}
    for name, (read, value_name, meaning) in rows.items():
        text = value_of(config, name)
        if text is None:
            continue
        try:
            given[name] = read(text)
        except (KeyError, ValueError):
            flag = f"ddbmock_{name} (--ddbmock-{name.replace('_', '-')})"
            message = f"{flag} takes {value_name}, not {text!r}: {meaning}"
            raise pytest.UsageError(message) from None
    return given
