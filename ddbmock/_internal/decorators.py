"""Decorators for functions and classes whose calls and tests run inside a mock.

A decorated function keeps its signature, and its mock is active for the complete call: until the
coroutine is done, the generator exhausted or closed.

Each test of a decorated class, and of every class derived from it, starts with the same state:
empty, or that of `setUpClass` / `setup_class` and outer mocks; changes are rolled back after the
test. Set-up, tear-down, clean-ups and fixtures of the class, of its bases too, are inside the mock.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from ddbmock._internal.activations import Activation

    Begin = Callable[[], Activation]

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def decorate(target: _Decorated, begin: Begin) -> _Decorated:
    """Return a function or class whose calls or tests run inside mocks that `begin` begins.

    Raises:
        MisuseError: The target is a pytest fixture already.
        TypeError: The target is neither function nor class.
    """
    if _is_fixture(target):
        raise MisuseError(messages.FIXTURE_BELOW_DECORATOR)
    if inspect.isclass(target):
        _decorate_class(target, begin)
        return target
    if not (callable(target) or isinstance(target, classmethod | staticmethod)):
        raise TypeError(messages.not_to_be_decorated(target))
    decorated: _Decorated = _decorate_function(target, begin)
    return decorated


def _is_fixture(decorated: object) -> bool:
    # A function with a mark until pytest 8.3, an object of its own kind since 8.4.
    return (
        type(decorated).__name__ == "FixtureFunctionDefinition"
        or inspect.getattr_static(decorated, "_pytestfixturefunction", None) is not None
    )


# --- functions -------------------------------------------------------------------------------


def _decorate_function(function: Any, begin: Begin) -> Any:
    plain = getattr(function, "__func__", function)
    if inspect.isasyncgenfunction(plain):
        run: Callable[..., Any] = _run_async_generator
    elif inspect.isgeneratorfunction(plain):
        run = _run_generator
    elif inspect.iscoroutinefunction(plain):
        run = _run_coroutine
    else:
        run = _run

    def wrapper(wrapped: Any, _instance: Any, args: Any, kwargs: Any) -> Any:
        return run(begin, wrapped, args, kwargs)

    return _function_wrapper(function, wrapper)


def _function_wrapper(function: Any, wrapper: Any) -> Any:
    """Wrap a function by wrapt, which imports asyncio: only for suites that decorate."""
    from wrapt import FunctionWrapper  # noqa: PLC0415 (lazy)

    return FunctionWrapper(function, wrapper)


def _run(begin: Begin, function: Any, args: Any, kwargs: Any) -> Any:
    activation = begin()
    try:
        result = function(*args, **kwargs)
    finally:
        activation.end()
    # A coroutine function that another decorator has wrapped in a plain one.
    return _awaited(begin, result) if inspect.iscoroutine(result) else result


async def _awaited(begin: Begin, coroutine: Any) -> Any:
    activation = begin()
    try:
        return await coroutine
    finally:
        activation.end()


async def _run_coroutine(begin: Begin, function: Any, args: Any, kwargs: Any) -> Any:
    return await _awaited(begin, function(*args, **kwargs))


def _run_generator(begin: Begin, function: Any, args: Any, kwargs: Any) -> Generator[Any, Any, Any]:
    activation = begin()
    try:
        return (yield from function(*args, **kwargs))
    finally:
        activation.end()


async def _run_async_generator(
    begin: Begin, function: Any, args: Any, kwargs: Any
) -> AsyncGenerator[Any, Any]:
    activation = begin()
    generator = function(*args, **kwargs)
    try:
        step = generator.__anext__()
        while True:
            try:
                value = await step
            except StopAsyncIteration:
                return
            try:
                step = generator.asend((yield value))
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 (thrown in from outside, handed on)
                step = generator.athrow(error)
    finally:
        try:
            await generator.aclose()
        finally:
            activation.end()


# --- classes ---------------------------------------------------------------------------------


class _TestMock:
    """A mock of one test, whose changes are rolled back."""

    def __init__(self, begin: Begin) -> None:
        with ExitStack() as stack:
            activation = begin()
            stack.callback(activation.end)
            activation.is_of_test = True
            if activation.is_shared:
                stack.enter_context(activation.service.backend.rollback())
            self._stack = stack.pop_all()

    def end(self) -> None:
        self._stack.close()


@dataclass(slots=True)
class _Running:
    """A mock from a set-up to its tear-down."""

    activation: Activation | _TestMock
    set_ups: int = 1
    is_torn_down: bool = False
    #: The original set-up or tear-down is running.
    is_inside: bool = False

    def call(self, original: Callable[[], object]) -> None:
        self.is_inside = True
        try:
            original()
        finally:
            self.is_inside = False


class _Pairs:
    """Mocks that begin in a set-up and end in the corresponding tear-down.

    A set-up that is called inside another one is that of a base class. One that is called again is
    pytest's doing: for a test in a nested class it runs `setup_method` for the enclosing class too.
    """

    def __init__(self, begin: Callable[[], Activation | _TestMock]) -> None:
        self._begin = begin
        self._running: dict[int, _Running] = {}

    def set_up(self, owner: object, original: Callable[[], object]) -> None:
        running = self._running.get(id(owner))
        if running is not None and running.is_inside:
            original()
        elif running is not None:
            running.set_ups += 1
        else:
            running = self._running[id(owner)] = _Running(self._begin())
            try:
                running.call(original)
            except BaseException:
                self.end(owner)
                raise

    def set_up_test_case(self, owner: Any, original: Callable[[], object]) -> None:
        """Set up a unittest class, whose last clean-up ends the mock."""
        if id(owner) not in self._running:
            owner.addClassCleanup(self.end, owner)
        self.set_up(owner, original)

    def tear_down(self, owner: object, original: Callable[[], object]) -> None:
        running = self._running.get(id(owner))
        if running is None or running.is_inside:
            original()
            return
        try:
            if not running.is_torn_down:
                running.is_torn_down = True
                running.call(original)
        finally:
            running.set_ups -= 1
            if not running.set_ups:
                self.end(owner)

    def end(self, owner: object) -> None:
        running = self._running.pop(id(owner), None)
        if running is not None:
            running.activation.end()


def _call(original: Any, instance: object, owner: type, argument: object) -> None:
    """Call the original set-up or tear-down, with its argument if it takes one, as pytest does."""
    if original is None:
        return
    bound = original.__get__(instance, owner)
    takes = bound.__code__.co_argcount - (1 if inspect.ismethod(bound) else 0)
    bound(argument) if takes else bound()


def _test_step(action: Callable[..., None], original: Any) -> Any:
    def step(self: Any, method: Any = None) -> None:
        action(self, lambda: _call(original, self, type(self), method))

    return step


def _class_step(action: Callable[..., None], original: Any) -> Any:
    def step(cls: type) -> None:
        action(cls, lambda: _call(original, None, cls, cls))

    return classmethod(step)


class _Family:
    """A decorated class and the classes derived from it."""

    def __init__(self, begin: Begin, *, unittest: bool) -> None:
        self._begin = begin
        self._unittest = unittest
        tests = _Pairs(lambda: _TestMock(begin))
        classes = _Pairs(begin)
        # pytest calls setup_method before the fixtures of a class, of unittest classes too.
        self._steps: dict[str, Callable[[Any], Any]] = {
            "setup_method": lambda original: _test_step(tests.set_up, original),
            "teardown_method": lambda original: _test_step(tests.tear_down, original),
        }
        if unittest:
            self._steps["setUpClass"] = lambda original: _class_step(
                classes.set_up_test_case, original
            )
        else:
            self._steps["setup_class"] = lambda original: _class_step(classes.set_up, original)
            self._steps["teardown_class"] = lambda original: _class_step(
                classes.tear_down, original
            )

    def decorate_root(self, cls: type) -> None:
        """Decorate the class that has the decorator, with everything that it inherits."""
        for name, make_step in self._steps.items():
            setattr(cls, name, make_step(inspect.getattr_static(cls, name, None)))
        inherited = {name for base in cls.__mro__[:-1] for name in vars(base)}
        self._decorate_methods(cls, inherited)
        self._follow(cls)

    def _decorate_subclass(self, cls: type) -> None:
        """Decorate the attributes that a derived class itself defines."""
        for name in vars(cls).keys() & self._steps.keys():
            setattr(cls, name, self._steps[name](vars(cls)[name]))
        self._decorate_methods(cls, set(vars(cls)))

    def _decorate_methods(self, cls: type, names: set[str]) -> None:
        for name in sorted(names - self._steps.keys()):
            original = inspect.getattr_static(cls, name)
            if self._unittest:
                if name in {"run", "debug"}:
                    setattr(cls, name, _function_wrapper(original, self._run_test))
            elif not name.startswith("_"):
                self._decorate_attribute(cls, name, original)

    def _run_test(self, wrapped: Any, _instance: Any, args: Any, kwargs: Any) -> Any:
        fresh = _TestMock(self._begin)
        try:
            return wrapped(*args, **kwargs)
        finally:
            fresh.end()

    def _decorate_attribute(self, cls: type, name: str, original: Any) -> None:
        if inspect.isclass(original):
            if original.__qualname__ == f"{cls.__qualname__}.{name}":  # else only mentioned here
                _decorate_class(original, self._begin)
            return
        is_method = isinstance(original, FunctionType | staticmethod | classmethod)
        # A fixture is called by pytest alone, and then between set-up and tear-down.
        if is_method and not _is_fixture(original):
            setattr(cls, name, _decorate_function(original, self._begin))

    def _follow(self, cls: type) -> None:
        original = vars(cls).get("__init_subclass__")

        def follow(subclass: Any, /, **kwargs: Any) -> None:
            if original is None:
                super(cls, subclass).__init_subclass__(**kwargs)  # type: ignore[arg-type]
            else:
                original.__get__(None, subclass)(**kwargs)
            self._decorate_subclass(subclass)

        setattr(cls, "__init_subclass__", classmethod(follow))  # noqa: B010 (mypy: a method)


def _decorate_class(cls: type, begin: Begin) -> None:
    # A class can be a unittest class only when unittest is loaded.
    cases = sys.modules.get("unittest.case")
    is_test_case = cases is not None and issubclass(cls, cases.TestCase)
    _Family(begin, unittest=is_test_case).decorate_root(cls)
