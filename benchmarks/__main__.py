"""Run the benchmarks and tell what they say: `python -m benchmarks [--docs] [pytest arguments]`."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.backends import BACKENDS
from benchmarks.profile import profile_table

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
PLOTS = HERE.parent / "docs" / "images"
MICROSECONDS = 1e6

Rows = list[list[str]]


def main(arguments: list[str]) -> int:
    """Run pytest-benchmark, print the tables, and write them into the docs when asked to."""
    write_docs = "--docs" in arguments
    arguments = [argument for argument in arguments if argument != "--docs"]
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [
            *(sys.executable, "-m", "pytest", str(HERE), "-q", "-p", "no:randomly"),
            *("--benchmark-columns=min", "--benchmark-disable-gc", "--benchmark-quiet"),
            *(f"--benchmark-json={results}", "-W", "ignore::pytest.PytestWarning", *arguments),
        ]
        code = subprocess.run(command, check=False).returncode  # noqa: S603 (our own words)
        if code:
            return code
        measured = json.loads(results.read_text())["benchmarks"]
    figures = "\n\n".join([calls_table(measured), *growth_tables(measured)])
    profile = _markdown(*profile_table())
    print(figures, profile, sep="\n\n")
    if write_docs:
        write_into_page("figures", f"{_machine()}\n\n{figures}")
        write_into_page("profile", profile)
        plot_growth(measured)
    return 0


def microseconds(measurement: dict[str, Any]) -> float:
    """Return the least of a measurement's rounds, for one call: noise only ever adds."""
    info = measurement["extra_info"]
    return float(measurement["stats"]["min"]) * MICROSECONDS / float(info.get("per", 1))


def calls_table(measured: list[dict[str, Any]]) -> str:
    """Return the cases with their times and ratios to the floor."""
    cases: dict[str, dict[str, float]] = defaultdict(dict)
    for measurement in measured:
        info = measurement["extra_info"]
        if "growth" not in info:
            cases[info["case"]][info["backend"]] = microseconds(measurement)
    head = ["µs a call", *BACKENDS, *(f"{name} / floor" for name in BACKENDS if name != "floor")]
    rows = [[case, *_figures(times)] for case, times in cases.items()]
    return _markdown(head, rows)


def _figures(times: dict[str, float]) -> list[str]:
    floor = times.get("floor")
    ratios = [
        f"{times[name] / floor:.2f}" if floor and name in times else ""
        for name in BACKENDS
        if name != "floor"
    ]
    return [*(f"{times[name]:,.1f}" if name in times else "" for name in BACKENDS), *ratios]


def growth(measured: list[dict[str, Any]]) -> dict[str, dict[str, dict[int, float]]]:
    """Return what grows -> case -> size -> microseconds."""
    growths: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for measurement in measured:
        info = measurement["extra_info"]
        if "growth" in info:
            growths[info["growth"]][info["case"]][info["size"]] = microseconds(measurement)
    return growths


def growth_tables(measured: list[dict[str, Any]]) -> list[str]:
    """Return a table for each thing that grows."""
    tables = []
    for thing, cases in growth(measured).items():
        sizes = sorted({size for times in cases.values() for size in times})
        rows = [
            [case, *(f"{times[size]:,.1f}" if size in times else "" for size in sizes)]
            for case, times in cases.items()
        ]
        tables.append(_markdown([f"µs, by {thing}", *(f"{size:,}" for size in sizes)], rows))
    return tables


def _markdown(head: list[str], rows: Rows) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: list[str]) -> str:
        first, *rest = (
            cell.ljust(width) if position == 0 else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *rest])} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(head), line(rule), *map(line, rows)])


def _machine() -> str:
    """Return what the figures were measured on."""
    names = ("botocore", "boto3", "moto", "sortedcontainers")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {platform.python_version()} on {platform.machine()}; {versions}."


def write_into_page(what: str, text: str) -> None:
    """Put a text between the page's marks for it."""
    page = PAGE.read_text()
    start, end = f"<!-- {what}: begin -->", f"<!-- {what}: end -->"
    before, after = page[: page.index(start) + len(start)], page[page.index(end) :]
    PAGE.write_text(f"{before}\n{text}\n{after}")


def plot_growth(measured: list[dict[str, Any]]) -> None:
    """Draw how each thing's growth tells on the calls."""
    import matplotlib as mpl  # noqa: PLC0415 (only for the docs)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ddbmock"
    from matplotlib import pyplot as plt  # noqa: PLC0415 (as above)

    PLOTS.mkdir(exist_ok=True)
    for thing, cases in growth(measured).items():
        figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
        for case, times in cases.items():
            sizes = sorted(times)
            axes.plot(sizes, [times[size] for size in sizes], marker="o", label=case)
        highest = max(max(times.values()) for times in cases.values())
        axes.set(xlabel=thing, ylabel="µs a call", ylim=(0, highest * 1.25))
        if thing != "threads":
            axes.set_xscale("symlog" if 0 in sizes else "log")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize="small", frameon=False)
        name = thing.replace(" ", "-")
        figure.savefig(PLOTS / f"growth-{name}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
