"""`--ddbmock-target`: the same fixtures on a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.hook import active
from ddbmock._internal.pytest_plugin import options

if TYPE_CHECKING:
    from collections.abc import Generator

    from ddbmock._internal.options import Options
    from ddbmock._internal.service import Service

#: The options that no target has, beside those that switch features on.
_OF_THE_BACKEND = frozenset({"delays", "kinesis", "limits", "s3", "stream_shards", "ttl_window"})


class TargetPlugin:
    """Has a real engine answer, and skips tests that need features of the mock."""

    def __init__(self, config: pytest.Config) -> None:
        from ddbmock._internal import activations, remote  # noqa: PLC0415 (lazy)

        try:
            self._endpoint = remote.endpoint_of(options.value_of(config, "target") or "")
        except remote.TargetError as error:
            raise pytest.UsageError(str(error)) from error
        self._not_on_target = remote.NotOnTargetError
        activations.register_service_factory(self._create_service)
        active.observers.append(self)

    def _create_service(self, wanted: Options) -> Service:
        from ddbmock._internal import remote  # noqa: PLC0415 (lazy)
        from ddbmock._internal.features import FEATURES  # noqa: PLC0415 (lazy)
        from ddbmock._internal.options import DEFAULTS  # noqa: PLC0415 (lazy)

        attached = {each.option for each in FEATURES if each.option and not each.is_of_each_mock}
        for name in sorted(attached | _OF_THE_BACKEND):
            if getattr(wanted, name) != getattr(DEFAULTS, name):
                raise remote.NotOnTargetError(f"{name} is an option of the mock, not of a target")
        return remote.RemoteService(self._endpoint, wanted)

    def pytest_report_header(self) -> str:
        """Report the engine."""
        return f"ddbmock: mocks are answered by {self._endpoint}"

    def pytest_unconfigure(self) -> None:
        """Have the mock answer again."""
        from ddbmock._internal import activations  # noqa: PLC0415 (lazy)

        activations.register_service_factory(None)
        active.observers.remove(self)

    def began(self, service: Any) -> None:
        """Do nothing."""

    def ended(self, service: Any) -> None:
        """Delete the tables of a mock."""
        service.delete_tables()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Skip a test whose fixtures need the mock."""
        return (yield from self._skipping())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Skip a test that needs the mock."""
        return (yield from self._skipping())

    def _skipping(self) -> Generator[None, Any, Any]:
        try:
            return (yield)
        except self._not_on_target as limit:
            pytest.skip(str(limit))
