"""The command line: `python -m ddbmock serve`."""

from __future__ import annotations

import argparse
import difflib
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.engine.lifecycle import DEFAULT_DELAY_SECONDS
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIGHEST_PORT = 65535
_OPTIONS = (
    *("--port", "--host", "--allow-host", "--load", "--delays", "--shared"),
    *("--help", "--version"),
)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port: 0 to {_HIGHEST_PORT}, 0 = a free one"
        )
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


def _version() -> str:
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the parser, and that of its command."""
    parser = argparse.ArgumentParser(
        prog="python -m ddbmock",
        description="A mock of Amazon DynamoDB. In Python tests, see: ddbmock.mock_dynamodb",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"ddbmock {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    serve = commands.add_parser(
        "serve",
        help="answer over HTTP, for the AWS CLI, other languages and other processes",
        description="Answer as DynamoDB and DynamoDB Streams over HTTP, until Ctrl-C."
        " Credentials are needed and not checked. Nothing is kept when it ends.",
        allow_abbrev=False,
    )
    _add_options(serve)
    return parser, serve


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=_port,
        default=8000,
        metavar="PORT",
        help="the port to listen on; 0 is a free one (default: 8000)",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen on (default: 127.0.0.1, which only this machine can reach)",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name in the Host header that is answered beside those of this machine; * is any",
    )
    parser.add_argument(
        "--load",
        metavar="FILE",
        help="begin with the tables and items of this file, which ddb.save() wrote",
    )
    parser.add_argument(
        "--delays",
        type=_seconds,
        nargs="?",
        default=0.0,
        const=DEFAULT_DELAY_SECONDS,
        metavar="SECONDS",
        help="let tables and indexes be CREATING, UPDATING and DELETING for so long (default: no"
        f" time; without a number: {DEFAULT_DELAY_SECONDS:g})",
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="one set of tables for all regions and access keys, not one for each",
    )


def _unknown_text(argument: str) -> str:
    name = argument.partition("=")[0]
    close = difflib.get_close_matches(name, _OPTIONS, n=1)
    return messages.unknown_argument(argument, close[0] if close else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit status."""
    parser, serve = _parsers()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        serve.error(_unknown_text(unknown[0]))
    try:
        _serve(options)
    except MisuseError as error:
        sys.stderr.write(f"ddbmock: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 0


def _serve(options: argparse.Namespace) -> None:
    from ddbmock import server  # noqa: PLC0415 - `--help` needs none of it

    server.check_installed()
    backends = server.Backends(shared=options.shared, load=options.load, delays=options.delays)
    listening = server.listen(options.host, options.port)
    if not server.is_loopback(listening):
        sys.stderr.write(f"ddbmock: {messages.not_loopback(options.host)}\n")
    sys.stdout.write(messages.endpoint_started(server.url_of(listening)) + "\n")
    sys.stdout.flush()
    allowed_hosts = server.answered_hosts(listening, options.host, options.allow_host)
    server.run(server.Application(backends, allowed_hosts=allowed_hosts), listening)


if __name__ == "__main__":
    sys.exit(main())
