"""Options: of the command line and the ini file (defaults), and of the marker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.mock import Options


def _switch_or_seconds(text: str) -> bool | float:
    return {"true": True, "false": False}.get(text.lower()) or _number(text)


def _number(text: str) -> float:
    return 0.0 if text.lower() == "false" else float(text)


def _count_or_all(text: str) -> int | None:
    return None if text.lower() == "all" else int(text)


def _switch(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


class _Default(NamedTuple):
    """An option of `mock_dynamodb` that has a default for the whole run."""

    name: str
    read: Callable[[str], Any]
    value_name: str
    help: str


_DEFAULTS = (
    _Default("region", str, "REGION", "region of clients that name none"),
    _Default(
        "delays",
        _switch_or_seconds,
        "SECONDS",
        "for how many seconds tables and indexes are CREATING, UPDATING, DELETING (true: 5)",
    ),
    _Default("ttl_window", float, "SECONDS", "how long items stay after their time to live"),
    _Default("stream_shards", int, "COUNT", "how many shards a new stream has"),
    _Default("kept_calls", _count_or_all, "COUNT", "how many calls are kept, or all"),
    _Default("keep_responses", _switch, "BOOL", "whether ddb.calls keeps answers too"),
)

#: What the marker takes beside the options of `mock_dynamodb`.
_OF_MARKER = ("tables", "load")


def declare(parser: pytest.Parser) -> None:
    """Declare the defaults, for the command line and the ini file."""
    for default in _DEFAULTS:
        add(parser, default.name, metavar=default.value_name, help=f"default: {default.help}")


def add(parser: pytest.Parser, name: str, **more: Any) -> None:
    """Declare an option that can be given on the command line and in the ini file."""
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


def _defaults_of(config: pytest.Config) -> dict[str, Any]:
    given = {}
    for default in _DEFAULTS:
        text = value_of(config, default.name)
        if text is None:
            continue
        try:
            given[default.name] = default.read(text)
        except (KeyError, ValueError) as error:
            flag = f"ddbmock_{default.name} (--ddbmock-{default.name.replace('_', '-')})"
            message = f"{flag} takes {default.value_name}, not {text!r}: {default.help}"
            raise pytest.UsageError(message) from error
    return given


class Filling(NamedTuple):
    """What one marker wants to be there."""

    marker: pytest.Mark
    #: Requests of CreateTable, or what `tables_from` gives.
    tables: list[Any]
    #: What is to be loaded.
    sources: list[Any]


class Wishes(NamedTuple):
    """What a test, class or module wants of its mock."""

    #: The options of `mock_dynamodb`.
    options: dict[str, Any]
    #: Those of them that markers gave.
    marked: frozenset[str]
    fillings: list[Filling]


def wishes_of(node: Any) -> Wishes:
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
        fillings.append(Filling(marker, tables, sources))
        marked.update(given)
    return Wishes({**_defaults_of(node.config), **marked}, frozenset(marked), fillings)


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def refuse(error: TypeError) -> None:
    """Say what is wrong with a marker."""
    __tracebackhide__ = True
    more = f"; @pytest.mark.ddbmock takes {' and '.join(_OF_MARKER)} too"
    pytest.fail(f"{error}{more}", pytrace=False)


def check_world(marked: frozenset[str], wanted: Options, made_with: Options) -> None:
    """Say which options of a marker come too late, because the world is there already."""
    __tracebackhide__ = True
    for name in sorted(marked - {"isolate", "region"}):
        if getattr(wanted, name) != getattr(made_with, name):
            pytest.fail(
                f"{name} is an option of the world, and a mock of a wider scope has made that"
                " already: mark the module or class, or give the test a world of its own with"
                " isolate=True",
                pytrace=False,
            )


def is_table_request(thing: object) -> bool:
    """Return whether a wish for a table is a request of CreateTable."""
    return isinstance(thing, Mapping) and "TableName" in thing
