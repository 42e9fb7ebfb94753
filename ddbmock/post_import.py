"""Call a function whenever a module is imported, without importing it.

ddbmock works with libraries that a program may load before it, after it or never: botocore,
aiobotocore, moto. What they need is prepared at the end of their import.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Function = Callable[[ModuleType], object]

#: Name of a module -> what is called when it has been imported.
_waiting: dict[str, list[Function]] = {}
#: The modules whose import is about to end.
_ending: set[str] = set()


def when_imported(module_name: str, function: Function) -> None:
    """Call a function with a module: now if it is loaded, and whenever it is imported.

    >>> import json
    >>> when_imported("json", lambda module: print(module.__name__))
    json
    """
    _waiting.setdefault(module_name, []).append(function)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    if module_name in sys.modules:
        function(sys.modules[module_name])


def was_imported(module_name: str) -> bool:
    """Return whether a module has been imported; False while `when_imported` acts on its import.

    >>> was_imported("sys"), was_imported("no_such_module")
    (True, False)
    """
    return module_name in sys.modules and module_name not in _ending


class _Finder:
    """Finds the modules that somebody waits for, with the finders of everybody else."""

    def find_spec(
        self, name: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _waiting:
            return None
        for finder in sys.meta_path:
            if finder is not self:
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    if spec.loader is not None:
                        spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
                    return spec
        return None


class _Loader:
    """Loads a module as its own loader does, then calls the functions that wait for it."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        _ending.add(module.__name__)
        try:
            for function in _waiting[module.__name__]:
                function(module)
        finally:
            _ending.discard(module.__name__)


_finder = _Finder()
