"""Run the benchmarks and print them: `python -m benchmarks [PART...] [options]`.

    calls      one call each, what a test does as a whole, and how cost grows (pytest-benchmark)
    profile    where the microseconds of a call go
    stages     what stages that are on add to a call
    suite      a thousand tests, run by pytest
    endpoint   requests a second over HTTP
    large      tables of up to a million items

Without a part, `calls`, `profile` and `stages`. `--environment` is the name of this environment,
`tested` or `newest`, and `--docs` writes the figures into its own places in docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import suite
from benchmarks.backends import BACKENDS
from benchmarks.endpoint import endpoint_table
from benchmarks.large import large_table
from benchmarks.profile import profile_table
from benchmarks.stages import stages_table
from benchmarks.text import machine, markdown

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
PLOTS = HERE.parent / "docs" / "images"
MICROSECONDS = 1e6


def main(arguments: list[str]) -> int:
    """Run parts, print their tables, and with `--docs` write them to the docs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    names = ", ".join(_PARTS)
    # argparse would check an empty list against `choices`.
    parser.add_argument("parts", nargs="*", help=f"of {names}; default: calls profile stages")
    parser.add_argument("--environment", choices=["tested", "newest"], default="tested")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--pytest", default="", help="options for pytest, separated by blanks")
    options = parser.parse_args(arguments)
    options.parts = options.parts or ["calls", "profile", "stages"]
    if not set(options.parts) <= _PARTS.keys():
        parser.error(f"the parts are {names}")
    places = [f"{part}, {options.environment}" for part in options.parts]
    missing = [place for place in places if options.docs and _begin(place) not in PAGE.read_text()]
    if missing:
        print(f"{PAGE} has no place for {'; '.join(missing)}", file=sys.stderr)
        return 1
    print(f"{options.environment}: {machine()}", flush=True)
    for part, place in zip(options.parts, places, strict=True):
        begin = time.perf_counter()
        text = _PARTS[part](options)
        minutes = (time.perf_counter() - begin) / 60
        print(f"\n{place}, in {minutes:.1f} minutes\n\n{text}", flush=True)
        if options.docs:
            write_into_page(place, f"**{options.environment}**: {machine()}\n\n{text}")
    return 0


def _calls(options: argparse.Namespace) -> str:
    """Run pytest-benchmark; return its tables, and draw the growth."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [
            *(sys.executable, "-m", "pytest", str(HERE), "-q", "-p", "no:randomly"),
            *("--benchmark-columns=min", "--benchmark-disable-gc", "--benchmark-quiet"),
            *(f"--benchmark-json={results}", "-W", "ignore::pytest.PytestWarning"),
            *options.pytest.split(),
        ]
        subprocess.run(command, check=True)  # noqa: S603 (our own words)
        measured = json.loads(results.read_text())["benchmarks"]
    if options.docs and options.environment == "tested":
        plot_growth(measured)
    return "\n\n".join([calls_table(measured), *growth_tables(measured)])


def _profile(_: argparse.Namespace) -> str:
    return markdown(*profile_table())


def _suite(options: argparse.Namespace) -> str:
    """Run the suites; return a table, and draw it."""
    figures = suite.measure()
    table = suite.suite_table(figures)
    if options.docs and options.environment == "tested":
        plot_suite(figures)
        return f"{table}\n\n![A test of each style, with each backend](images/suite.svg)"
    return table


_PARTS: dict[str, Callable[[argparse.Namespace], str]] = {
    "calls": _calls,
    "profile": _profile,
    "stages": lambda _: markdown(*stages_table()),
    "suite": _suite,
    "endpoint": lambda _: endpoint_table(),
    "large": lambda _: large_table(),
}


def microseconds(measurement: dict[str, Any], figure: str = "min") -> float:
    """Return the minimum of a measurement's rounds, for one call: noise only adds time."""
    info = measurement["extra_info"]
    return float(measurement["stats"][figure]) * MICROSECONDS / float(info.get("per", 1))


def calls_table(measured: list[dict[str, Any]]) -> str:
    """Return the cases with their times, medians, spreads and ratios to the floor."""
    cases: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for measurement in measured:
        info = measurement["extra_info"]
        if "growth" not in info:
            cases[info["case"]][info["backend"]] = measurement
    others = [name for name in BACKENDS if name != "floor"]
    head = ["µs a call: least (median ± half of the middle rounds)", *BACKENDS]
    head += [f"{name} / floor" for name in others]
    rows = []
    for case, found in cases.items():
        floor = found.get("floor")
        row = [case, *(_spread(found[name]) if name in found else "" for name in BACKENDS)]
        row += [
            f"{microseconds(found[name]) / microseconds(floor):.2f}"
            if floor and name in found
            else ""
            for name in others
        ]
        rows.append(row)
    return markdown(head, rows)


def _spread(measurement: dict[str, Any]) -> str:
    least, middle, width = (microseconds(measurement, name) for name in ("min", "median", "iqr"))
    return f"{least:,.1f} ({middle:,.1f} ± {width / 2:,.1f})"


def growth(measured: list[dict[str, Any]]) -> dict[str, dict[str, dict[int, float]]]:
    """Return dimension -> case -> size -> microseconds."""
    growths: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for measurement in measured:
        info = measurement["extra_info"]
        if "growth" in info:
            growths[info["growth"]][info["case"]][info["size"]] = microseconds(measurement)
    return growths


def growth_tables(measured: list[dict[str, Any]]) -> list[str]:
    """Return a table for each dimension."""
    tables = []
    for thing, cases in growth(measured).items():
        sizes = sorted({size for times in cases.values() for size in times})
        rows = [
            [case, *(f"{times[size]:,.1f}" if size in times else "" for size in sizes)]
            for case, times in cases.items()
        ]
        tables.append(markdown([f"µs, by {thing}", *(f"{size:,}" for size in sizes)], rows))
    return tables


def write_into_page(place: str, text: str) -> None:
    """Replace the text between two marks of the page."""
    page, start, end = PAGE.read_text(), _begin(place), f"<!-- {place}: end -->"
    before, after = page[: page.index(start) + len(start)], page[page.index(end) :]
    PAGE.write_text(f"{before}\n{text}\n{after}")


def _begin(place: str) -> str:
    return f"<!-- {place}: begin -->"


def plot_suite(figures: suite.Figures) -> None:
    """Draw the time of a test in each style, with each backend."""
    plt = _pyplot()
    backends = [name for name in suite.ROUNDS if any(name in found for found in figures.values())]
    figure, axes = plt.subplots(figsize=(6.5, 0.75 * len(figures)), layout="constrained")
    height = 0.8 / len(backends)
    for number, backend in enumerate(backends):
        found = [
            (position + number * height, median(values[backend]))
            for position, values in enumerate(figures.values())
            if backend in values
        ]
        bars = axes.barh(*zip(*found, strict=True), height=height, label=backend)
        axes.bar_label(bars, fmt="%.1f", padding=2, fontsize="x-small")
    axes.set_yticks([position + 0.4 - height / 2 for position in range(len(figures))], figures)
    axes.invert_yaxis()
    axes.set(xlabel="ms a test; s for all of them")
    axes.set_xscale("log")
    axes.legend(fontsize="small", frameon=False)
    figure.savefig(PLOTS / "suite.svg", metadata={"Date": None})
    plt.close(figure)


def _pyplot() -> Any:
    import matplotlib as mpl  # noqa: PLC0415 (only for the docs)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ddbmock"
    from matplotlib import pyplot as plt  # noqa: PLC0415 (as above)

    PLOTS.mkdir(exist_ok=True)
    return plt


def plot_growth(measured: list[dict[str, Any]]) -> None:
    """Draw the times of the calls over each dimension."""
    plt = _pyplot()
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
