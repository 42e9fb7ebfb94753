"""Options: of the command line and the ini file (defaults), and of the marker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.options import Options


def _switch_or_seconds(text: str) -> bool | float:
    return {"true": True, "false": False}.get(text.lower()) or _number(text)


def _number(text: str) -> float:
    return 0.0 if text.lower() == "false" else float(text)


def _count_or_all(text: str) -> int | None:
    return None if text.lower() == "all" else int(text)


def _count(text: str) -> int:
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def _switch(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


#: The options of `mock_dynamodb` with a default for the whole run: what reads the text, what the
#: value is called, and what it does.
_DEFAULTS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "region": (str, "REGION", "region of clients that name none"),
    "delays": (
        _switch_or_seconds,
        "SECONDS",
        "for how many seconds tables and indexes are CREATING, UPDATING, DELETING (true: 5)",
    ),
    "ttl_window": (float, "SECONDS", "how long items stay after their time to live"),
    "stream_shards": (int, "COUNT", "how many shards a new stream has"),
    "kept_calls": (_count_or_all, "COUNT", "how many calls are kept, or all"),
    "keep_responses": (_switch, "BOOL", "whether ddb.calls keeps answers too"),
}
#: What is shown of calls and items: option of `ddbmock.calls.Display` -> as above.
_DISPLAY: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "mask": (
        lambda text: tuple(text.split()),
        "NAMES",
        "attributes whose values are not shown: names or patterns, separated by spaces",
    ),
    "show_values": (_switch, "BOOL", "whether attribute values are shown at all"),
    "shown_calls": (_count, "COUNT", "how many calls a failed test and a failed assertion show"),
    "shown_items": (_count, "COUNT", "how many items of each table a failed test shows"),
}
_REPORT = "calls, units and scans of each test in the terminal summary, or as a page"
_TARGET = "answer mocks from a real engine at this endpoint, or from AWS"

#: What the marker takes beside the options of `mock_dynamodb`.
_OF_MARKER = ("tables", "load")


def declare(parser: pytest.Parser) -> None:
    """Declare the options, for the command line and the ini file."""
    for name, (_, value_name, meaning) in _DEFAULTS.items():
        _add(parser, name, metavar=value_name, help=f"default: {meaning}")
    for name, (_, value_name, meaning) in _DISPLAY.items():
        _add(parser, name, metavar=value_name, help=meaning)
    _add(parser, "report", nargs="?", const="terminal", metavar="html[:PATH]", help=_REPORT)
    _add(parser, "target", metavar="URL|aws", help=_TARGET)


def _add(parser: pytest.Parser, name: str, **more: Any) -> None:
    flag = f"--ddbmock-{name.replace('_', '-')}"
    group = parser.getgroup("ddbmock", "ddbmock: a mock of DynamoDB")
    group.addoption(flag, dest=f"ddbmock_{name}", default=None, **more)
    parser.addini(f"ddbmock_{name}", f"as {flag}: {more['help']}", default=None)


def value_of(config: pytest.Config, name: str) -> str | None:
    """Return an option's text: of the command line, or else of the ini file."""
    given = config.getoption(f"ddbmock_{name}")
    if given is None:
        given = config.getini(f"ddbmock_{name}")
    return given or None


def display_of(config: pytest.Config) -> dict[str, Any]:
    """Return the options of `ddbmock.calls.Display` that were given.

    Raises:
        pytest.UsageError: A value is invalid.
    """
    return _given(config, _DISPLAY)


def _given(
    config: pytest.Config, options: dict[str, tuple[Callable[[str], Any], str, str]]
) -> dict[str, Any]:
    given = {}
    for name, (read, value_name, meaning) in options.items():
        text = value_of(config, name)
        if text is None:
            continue
        try:
            given[name] = read(text)
        except (KeyError, ValueError) as error:
            flag = f"ddbmock_{name} (--ddbmock-{name.replace('_', '-')})"
            message = f"{flag} takes {value_name}, not {text!r}: {meaning}"
            raise pytest.UsageError(message) from error
    return given


# Not NamedTuples or dataclasses: making these classes would be a third of loading the plugin.


class Seed:
    """What one marker wants to be there."""

    def __init__(self, marker: pytest.Mark, tables: list[Any], sources: list[Any]) -> None:
        self.marker = marker
        #: Requests of CreateTable, or what `tables_from` gives.
        self.tables = tables
        #: What is to be loaded.
        self.sources = sources


class MarkerRequest:
    """What a test, class or module wants of its mock."""

    def __init__(
        self, options: dict[str, Any], marked: frozenset[str], fillings: list[Seed]
    ) -> None:
        #: The options of `mock_dynamodb`.
        self.options = options
        #: Those of them that markers gave.
        self.marked = marked
        self.fillings = fillings


def wishes_of(node: Any) -> MarkerRequest:
    """Return what the markers of a test say, those of its class and module included.

    A nearer marker overrules a farther one; tables and files add up.
    """
    __tracebackhide__ = True
    marked: dict[str, Any] = {}
    fillings = []
    for marker in reversed(list(node.iter_markers("ddbmock"))):
        if marker.args:
            pytest.fail(
                f"@pytest.mark.ddbmock takes options by name, not {marker.args!r}", pytrace=False
            )
        given = dict(marker.kwargs)
        tables, sources = (_listed(given.pop(name, ())) for name in _OF_MARKER)
        fillings.append(Seed(marker, tables, sources))
        marked.update(given)
    return MarkerRequest({**_given(node.config, _DEFAULTS), **marked}, frozenset(marked), fillings)


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def refuse(error: TypeError) -> None:
    """Say what is wrong with a marker."""
    __tracebackhide__ = True
    more = f"; @pytest.mark.ddbmock takes {' and '.join(_OF_MARKER)} too"
    pytest.fail(f"{error}{more}", pytrace=False)


def check_backend_options(marked: frozenset[str], wanted: Options, made_with: Options) -> None:
    """Say which options of a marker come too late, because the backend is there already."""
    __tracebackhide__ = True
    for name in sorted(marked - {"isolate", "region"}):
        if getattr(wanted, name) != getattr(made_with, name):
            pytest.fail(
                f"{name} is an option of the backend, and a mock of a wider scope has made that"
                " already: mark the module or class, or give the test a backend of its own with"
                " isolate=True",
                pytrace=False,
            )


def is_table_request(thing: object) -> bool:
    """Return whether a wish for a table is a request of CreateTable."""
    return isinstance(thing, Mapping) and "TableName" in thing
