"""Reports of DynamoDB calls: at a failed test, in the terminal summary, on an HTML page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.pytest_plugin import options

if TYPE_CHECKING:
    from collections.abc import Generator

    from ddbmock._internal.report import Measures

_TERMINAL = "terminal"
_HTML = "html"
_JSON = "json"


class Recorder:
    """Tracks the services of a test, and shows their calls when it fails."""

    def __init__(self, config: pytest.Config) -> None:
        self._measures = options.value_of(config, "report") is not None
        self._display = options.display_of(config)
        # With --tb=line a failure is one line, but pytest prints sections in full.
        self._adds_sections = config.getoption("tbstyle", "auto") != "line"
        # A conftest may have started one before us.
        activations = sys.modules.get("ddbmock._internal.activations")
        self._active: list[Any] = [] if activations is None else activations.active_services()
        for service in self._active:
            self._use_display(service)
        #: The services of the running test, with what had been called before it.
        self._of_test: list[tuple[Any, Any]] = []

    def began(self, service: Any) -> None:
        """Note a service that a mock has created."""
        self._active.append(service)
        self._of_test.append((service, None))
        self._use_display(service)

    def _use_display(self, service: Any) -> None:
        if self._display:
            from ddbmock._internal.calls import Display  # noqa: PLC0415 (lazy)

            service.calls.display = Display(**self._display)

    def ended(self, service: Any) -> None:
        """Record that a service is no longer used."""
        if service in self._active:
            self._active.remove(service)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Note what was called before a test, or before one of its runs."""
        self._of_test = [(service, service.calls.position()) for service in self._active]

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        """Forget the services of the test."""
        self._of_test = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add a section to a failure, and the measures of the test into its report."""
        report = yield
        if self._of_test:
            if report.failed and self._adds_sections:
                self._add_section(report)
            if self._measures and (call.when == "call" or (call.when == "setup" and report.failed)):
                from ddbmock._internal.report import measure  # noqa: PLC0415 (lazy)

                report.ddbmock = measure(self._of_test)  # type: ignore[attr-defined]
        return report

    def _add_section(self, report: pytest.TestReport) -> None:
        from ddbmock._internal.pytest_plugin.failure import failure_text  # noqa: PLC0415 (lazy)

        for service, mark in self._of_test:
            try:
                text = failure_text(service, mark)
            except Exception as error:  # noqa: BLE001 (the test's own failure is what matters)
                text = f"the calls cannot be shown: {error!r}"
            if text:
                report.sections.append(("ddbmock", text))


class Reporter:
    """Collects the measures of all tests, from xdist's workers too, and reports them."""

    def __init__(self, config: pytest.Config) -> None:
        wanted, _, path = (options.value_of(config, "report") or "").partition(":")
        if wanted not in {_TERMINAL, _HTML, _JSON} or (path and wanted == _TERMINAL):
            raise pytest.UsageError(
                f"--ddbmock-report takes nothing, html[:PATH] or json[:PATH], not {wanted!r};"
                " with nothing, put it behind the paths of tests"
            )
        self._path = None
        self._is_json = wanted == _JSON
        if wanted != _TERMINAL:
            self._path = config.invocation_params.dir / Path(path or f"ddbmock-report.{wanted}")
        self._measures: dict[str, Measures] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Store the measures of a test."""
        measures: Measures | None = getattr(report, "ddbmock", None)
        if measures is not None:
            # Several runs of one test have names of their own.
            name = getattr(report, "ddbmock_name", report.nodeid)
            self._measures[name] = {**measures, "outcome": report.outcome}

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the measures, or where they are written."""
        from ddbmock._internal import report  # noqa: PLC0415 (lazy)

        terminalreporter.section("ddbmock")
        if self._path is None:
            width = terminalreporter._tw.fullwidth  # noqa: SLF001 (pytest has no other way)
            for line in report.summary_lines(self._measures, width):
                terminalreporter.write_line(line)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._is_json:
            report.write_run(self._path, self._measures)
        else:
            self._path.write_text(report.page(self._measures), encoding="utf-8")
        terminalreporter.write_line(f"report written to {self._path}")
