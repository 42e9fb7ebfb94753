"""The arguments of the command `ddbmock`."""

from __future__ import annotations

import argparse
import difflib
from importlib import metadata
from typing import TYPE_CHECKING, NoReturn

from ddbmock._internal.distribution import NAME
from ddbmock._internal.engine.lifecycle import DEFAULT_DELAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIGHEST_PORT = 65535

_STATE = (
    "a template (CloudFormation, SAM, CDK, serverless.yml, Terraform), a file that ddb.save()"
    " wrote, a database of serve --db, or the URL of a running endpoint"
)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the command and its options; a wrong command line ends the process with status 2."""
    return _parser().parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """A parser that suggests the option that was probably meant."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        parsed, unknown = super().parse_known_args(args, namespace)
        options = [argument for argument in unknown if argument.startswith("-")]
        if options:
            self._refuse(options[0])
        return parsed, unknown

    def _refuse(self, argument: str) -> NoReturn:
        name = argument.partition("=")[0]
        known = [option for action in self._actions for option in action.option_strings]
        close = difflib.get_close_matches(name, known, n=1)
        hint = f", did you mean {close[0]}?" if close else ""
        self.error(f"unknown option {argument}{hint}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ddbmock",
        description="A mock of Amazon DynamoDB. In Python tests, see: ddbmock.mock_dynamodb",
    )
    parser.add_argument("--version", action="version", version=f"ddbmock {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_tables(commands)
    _add_load(commands)
    _add_dump(commands)
    _add_diff(commands)
    _add_report(commands)
    _add_migrate(commands)
    return parser


def _add_serve(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "serve",
        help="answer over HTTP, for the AWS CLI, other languages and other processes",
        description="Answer as DynamoDB and DynamoDB Streams over HTTP, until Ctrl-C."
        " Credentials are needed and not checked.",
    )
    _add_listening(parser)
    _add_contents(parser)
    _add_behaviour(parser)
    _add_neighbours(parser)
    parser.add_argument(
        "--shared",
        action="store_true",
        help="one set of tables for all regions and access keys, not one for each",
    )
    parser.add_argument(
        "--accounts",
        action="store_true",
        help="one set of tables for each account: an access key as AWS and moto hand them out"
        " belongs to its account, any other to the default account",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="print a line for each call on standard error"
    )


def _add_listening(parser: argparse.ArgumentParser) -> None:
    """Add where the endpoint listens, and for which names."""
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
        help="a name in the Host header that is answered in addition to those of this machine",
    )


def _add_contents(parser: argparse.ArgumentParser) -> None:
    """Add what the endpoint begins with, and where that is stored."""
    parser.add_argument(
        "--tables",
        action="append",
        default=[],
        metavar="TEMPLATE",
        help="create the tables of this template first; may be given several times",
    )
    parser.add_argument(
        "--load",
        action="append",
        default=[],
        metavar="PATH",
        help="load these items first: a file or folder in a format that ddb.load() reads, or a file"
        " that ddb.save() wrote; may be given several times",
    )
    _add_region(parser, "the region of the tables of --tables and --load, where they name none")
    parser.add_argument(
        "--db",
        metavar="FILE",
        help="store everything in this SQLite file, and continue with what it has",
    )


def _add_behaviour(parser: argparse.ArgumentParser) -> None:
    """Add what makes calls slow, behind or failing."""
    parser.add_argument(
        "--delays",
        type=_seconds,
        nargs="?",
        default=0.0,
        const=DEFAULT_DELAY_SECONDS,
        metavar="SECONDS",
        help="how long tables and indexes are CREATING, UPDATING and DELETING (default: no"
        f" time; without a number: {DEFAULT_DELAY_SECONDS:g})",
    )
    parser.add_argument(
        "--throughput",
        type=_seconds,
        nargs="?",
        default=False,
        const=True,
        metavar="SECONDS",
        help="have tables throttle by their provisioned units, partitions and on-demand capacity;"
        " for how many seconds unused units are kept (without a number: 300)",
    )
    parser.add_argument(
        "--lag",
        type=_seconds_or_range,
        default=0.0,
        metavar="SECONDS[-SECONDS]",
        help="how far eventually consistent reads are behind (default: no time)",
    )
    parser.add_argument(
        "--chaos",
        type=_probability,
        nargs="?",
        default=False,
        const=True,
        metavar="PROBABILITY",
        help="have calls fail at random (without a number: one attempt in ten)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="SEED", help="what chances are derived from"
    )
    parser.add_argument(
        "--faults",
        action="append",
        default=[],
        metavar="FILE",
        help="have calls fail as this JSON file says: a list of arguments of ddb.faults.add(); may"
        " be given several times",
    )
    parser.add_argument(
        "--fault-route",
        action="store_true",
        help="take faults by HTTP too, at /_ddbmock/faults, from this machine",
    )


def _add_neighbours(parser: argparse.ArgumentParser) -> None:
    """Add the services beside DynamoDB."""
    parser.add_argument(
        "--s3",
        metavar="FOLDER|URL",
        help="where exports of tables go and imports come from: a folder whose folders are buckets,"
        " or the URL of a server that answers as Amazon S3",
    )
    parser.add_argument(
        "--metrics",
        action="store_true",
        help="answer for CloudWatch too, with the metrics of tables and alarms on them",
    )
    parser.add_argument(
        "--autoscaling",
        action="store_true",
        help="answer for Application Auto Scaling too, and for CloudWatch",
    )
    parser.add_argument(
        "--dax", action="store_true", help="answer for the control plane of DAX too"
    )


def _add_tables(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "tables",
        help="list tables with their keys, indexes and item counts",
        description="List the tables of templates, saved files and running endpoints.",
    )
    parser.add_argument("states", nargs="+", metavar="STATE", help=_STATE)
    parser.add_argument("--json", action="store_true", help="print CreateTable requests as JSON")
    _add_region(parser)


def _add_load(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "load",
        help="put tables and items into a running endpoint, a database or a saved file",
        description="Put items, and the tables that they need, into a running endpoint or a saved"
        " file: all of them or, when something is wrong, none.",
    )
    parser.add_argument("items", nargs="*", metavar="PATH", help="files or folders of items")
    parser.add_argument(
        "--to",
        required=True,
        metavar="STATE",
        help="the URL of an endpoint, a database or a saved file",
    )
    parser.add_argument(
        "--tables",
        action="append",
        default=[],
        metavar="TEMPLATE",
        help="create the tables of this template that are not there yet",
    )
    parser.add_argument(
        "--table", metavar="NAME", help="the table for items of a file that names none"
    )
    _add_region(parser)


def _add_dump(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "dump",
        help="write items into files",
        description="Write the items of a table, or of all, into a file or folder; the suffix says"
        " how (.jsonl, .json, .yaml, .csv; .gz is compressed).",
    )
    parser.add_argument("state", metavar="STATE", help=_STATE)
    parser.add_argument("path", metavar="PATH", help="the file or existing folder to write")
    parser.add_argument("--table", metavar="NAME", help="the table (default: all)")
    parser.add_argument(
        "--everything",
        action="store_true",
        help="write tables with their settings too, as ddb.save() does",
    )
    _add_region(parser)


def _add_diff(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="compare tables and items; the exit status is 1 when they differ",
        description="Print how the second differs from the first: tables, settings, items.",
    )
    parser.add_argument("first", metavar="STATE", help=_STATE)
    parser.add_argument("second", metavar="STATE", help="the same")
    parser.add_argument("--table", metavar="NAME", help="compare this table only")
    parser.add_argument(
        "--only-tables", action="store_true", help="compare keys, indexes and settings, not items"
    )
    _add_region(parser)


def _add_report(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "report",
        help="show the calls, units and scans of recorded test runs",
        description="Show what tests asked of DynamoDB, the most expensive first. Files are those"
        " that pytest --ddbmock-report=json:PATH wrote; several are put together.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="the recorded runs")
    parser.add_argument("--html", metavar="PATH", help="write a page instead of printing")


def _add_migrate(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "migrate",
        help="list what a suite that uses moto must change; the exit status is 1 if anything",
        description="List each use of moto for DynamoDB in Python files with its line, and whether"
        " it works unchanged or must change, and why. Files are read, not run, and not changed.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders with files")
    parser.add_argument(
        "--check", action="store_true", required=True, help="list; nothing is ever written"
    )
    parser.add_argument("--quiet", action="store_true", help="list only what must change")


def _add_region(
    parser: argparse.ArgumentParser, description: str = "the region of the tables"
) -> None:
    parser.add_argument("--region", metavar="REGION", help=f"{description} (default: us-east-1)")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port: 0 to {_HIGHEST_PORT}, 0 for a free one"
        )
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _seconds_or_range(text: str) -> float | tuple[float, float]:
    least, dash, greatest = text.partition("-")
    if not least:
        return _seconds(text)
    return (_seconds(least), _seconds(greatest)) if dash else _seconds(text)


def _probability(text: str) -> float:
    try:
        probability = float(text)
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a probability from 0 to 1")
    return probability


def _version() -> str:
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "(not installed)"
