"""Starts ddbmock with moto's own mocks, for unchanged suites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import activations
from ddbmock._internal.post_import import when_imported

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.activations import Activation
    from ddbmock._internal.options import Options
    from ddbmock._internal.service import Service


class Follower:
    """Starts and stops a mock of DynamoDB whenever the outermost mock of moto starts and stops.

    Its state is fresh when moto's is: moto can keep its data from one mock to the next, as it does
    from the `setUp` of a decorated class to its test.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._is_following = True
        self._activation: Activation | None = None
        self._retained: Service | None = None
        self._undo: Callable[[], None] | None = None
        when_imported("moto.core.models", self._follow)

    def end(self) -> None:
        """Stop following moto's mocks."""
        self._is_following = False
        self._moto_stopped(removes_data=True)
        if self._undo is not None:
            self._undo()

    def _follow(self, module: Any) -> None:
        if not self._is_following:
            return
        mock_class = module.MockAWS
        start, stop = mock_class.start, mock_class.stop

        def started(mock: Any, reset: bool = True) -> None:  # noqa: FBT001, FBT002 (as moto has it)
            start(mock, reset=reset)
            self._moto_started(is_fresh=reset)

        def stopped(mock: Any, remove_data: bool = True) -> None:  # noqa: FBT001, FBT002
            stop(mock, remove_data=remove_data)
            if not type(mock)._nested_count:  # noqa: SLF001 (moto has no other way to say so)
                self._moto_stopped(removes_data=remove_data)

        def undo() -> None:
            mock_class.start, mock_class.stop = start, stop

        mock_class.start, mock_class.stop = started, stopped
        self._undo = undo

    def _moto_started(self, *, is_fresh: bool) -> None:
        if self._activation is None:
            service = None if is_fresh else self._retained
            self._activation = activations.begin(self._options, self, service)

    def _moto_stopped(self, *, removes_data: bool) -> None:
        activation, self._activation = self._activation, None
        if activation is not None:
            self._retained = None if removes_data else activation.service
            activation.end()
