"""Call a function whenever a module is imported, without importing it.

ddbmock works with libraries that a program may load before it, after it or never: botocore,
aiobotocore, moto. Functions are called at the end of their import.
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
_functions: dict[str, list[Function]] = {}
#: The modules among these that are being imported.
_loading: set[str] = set()


def when_imported(module_name: str, function: Function) -> None:
    """Call a function with a module: now if it has been imported, and whenever it is.

    >>> import json
    >>> when_imported("json", lambda module: print(module.__name__))
    json
    """
    _functions.setdefault(module_name, []).append(function)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    if was_imported(module_name):
        function(sys.modules[module_name])


def was_imported(module_name: str) -> bool:
    """Return whether a module has been imported to its end.

    >>> was_imported("sys"), was_imported("no_such_module")
    (True, False)
    """
    return module_name in sys.modules and module_name not in _loading


class _Finder:
    """Finds the modules that functions are registered for, by the finders of everybody else."""

    def find_spec(
        self, name: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _functions:
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
    """Loads a module as its own loader does, then calls the functions that are registered."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        _loading.add(name)
        try:
            self._loader.exec_module(module)
            for function in _functions[name]:  # to which functions may be added meanwhile
                function(module)
        finally:
            _loading.discard(name)


_finder = _Finder()
