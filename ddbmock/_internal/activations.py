"""The active mocks of this process, outermost first, and the services that they share.

1. The state of a mock lives as long as the outermost active mock; an inner one shares it, unless it
   is isolated. Mocks may end in any order: a service ends when no active mock uses it any more.
2. The newest mock answers, every thread and task of the process.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import switched_on
from ddbmock._internal.hook.active import ActiveMock, configured_region, observers
from ddbmock._internal.hook.registration import set_active
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.options import Options
    from ddbmock._internal.service import Service

    ServiceFactory = Callable[[Options], Service]


class Activation:
    """One start of one mock, until it ends.

    Attributes:
        service: The service.
        options: The options of this mock.
        region_name: The region of clients that name none, if this mock or an outer one gives it.
        is_shared: Whether an outer mock created the service.
        is_active: False once it has ended.
        owner: The object that was started.
        is_of_test: Whether it belongs to one test of a decorated class.
        started_at: The file and line of `start()`; None for a block or decorator.
    """

    __slots__ = (
        "_on_end",
        "is_active",
        "is_of_test",
        "is_shared",
        "options",
        "owner",
        "region_name",
        "service",
        "started_at",
    )

    def __init__(
        self, options: Options, service: Service, outer: Activation | None, owner: object
    ) -> None:
        self.service: Service = service
        self.options: Options = options
        self.owner: object = owner
        self.started_at: str | None = None
        self.is_shared: bool = outer is not None
        outer_region = None if outer is None else outer.region_name
        self.region_name: str | None = options.region or outer_region
        self.is_active: bool = True
        self.is_of_test: bool = False
        self._on_end: list[Callable[[], object]] = []

    def on_end(self, function: Callable[[], object]) -> None:
        """Call a function when it has ended."""
        self._on_end.append(function)

    def end(self) -> None:
        """End the activation; this may be repeated.

        Raises:
            AssertionError: A fault was required and never happened, and nothing else is wrong.
        """
        __tracebackhide__ = True
        with _lock:
            if not self.is_active:
                return
            self.is_active = False
            _active.remove(self)
            _answer_from_newest()
            if all(other.service is not self.service for other in _active):
                for observer in observers:
                    observer.ended(self.service)
                self.service.end()
        for function in reversed(self._on_end):
            function()
        self.service.mock_ended(self, is_failing=sys.exc_info()[0] is not None)


_active: list[Activation] = []
_lock = new_lock()


def begin(options: Options, owner: object, service: Service | None = None) -> Activation:
    """Begin a mock: on the service of the newest active mock, a new one, or the given one."""
    with _lock:
        outer = None if options.isolate or service or not _active else _active[-1]
        if outer is not None:
            if options.db is not None:
                raise MisuseError(messages.DATABASE_OF_AN_INNER_MOCK)
            service = outer.service
        elif service is None:
            service = _create_service(options)
        activation = Activation(options, service, outer, owner)
        try:
            _notify(activation)
        except BaseException:
            if outer is None:
                service.end()
            raise
        if outer is None:
            for observer in observers:
                observer.began(service)
        _active.append(activation)
        _answer_from_newest()
    return activation


def _notify(activation: Activation) -> None:
    """Notify the features of a service that a mock begins, those too that it switches on."""
    service, options = activation.service, activation.options
    for feature in switched_on(options):
        if feature.is_of_each_mock:
            service.use(feature)
    for observer in service.mock_observers:
        region_name = activation.region_name or configured_region()
        observer.mock_began(activation, options, region_name)


def active() -> list[Activation]:
    """Return the active mocks, outermost first."""
    with _lock:
        return list(_active)


def active_services() -> list[Service]:
    """Return the service that answers now, and those that will again when inner mocks end."""
    return list({id(activation.service): activation.service for activation in active()}.values())


def _answer_from_newest() -> None:
    newest = _active[-1] if _active else None
    if newest is None:
        set_active(None)
    else:
        set_active(
            ActiveMock(
                newest.service,
                newest.region_name,
                shares_models=newest.options.share_models,
                compiles_requests=newest.options.compile_requests,
            )
        )


# --- services ---------------------------------------------------------------------------------


def new_service(options: Options) -> Service:
    """Return a service with an empty backend, or with the one of a database.

    Raises:
        FileError: The database cannot be opened or read.
    """
    from ddbmock._internal.service import Service  # noqa: PLC0415 (not for modules that decorate)

    service = Service(options)
    for feature in switched_on(options):
        service.use(feature)
    return service


_create_service: ServiceFactory = new_service


def register_service_factory(factory: ServiceFactory | None) -> None:
    """Have mocks create their services with this function from now on; None for the default."""
    global _create_service  # noqa: PLW0603 (one for the process, as what is active)
    _create_service = factory or new_service
