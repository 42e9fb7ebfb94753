"""Faster creation of sessions and clients while a mock is active.

A fresh session lists a thousand folders and parses two megabytes of JSON before its first client
exists, although another session has done the same before. Here they share what was read:

1. Each loader still gets its own documents, see `lazy_documents`: a change of one does not
   change another.
2. A file or folder that has changed since, by what the file system says of it, is read again. One
   that was changed a moment ago is not shared, as a second change might look the same.
3. Only botocore's own loader is replaced. One that a program derives, replaces or patches is
   called.

`mock_dynamodb(share_models=False)` turns all of it off. Nothing of it is in place without a mock.
"""

from __future__ import annotations

import os
import time
from inspect import CO_VARKEYWORDS
from stat import S_ISREG
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

import botocore.hooks
import botocore.loaders

from ddbmock._internal.hook import active
from ddbmock._internal.hook.lazy_documents import pack, unpack
from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How long ago a change must be, so that the time of another one would differ.
_SETTLED_NANOSECONDS = 2_000_000_000
#: How much is stored: the models of a dozen services. Others are read as without a mock.
_STORED_BYTES_MAX = 64 * 1024 * 1024

#: What distinguishes the versions of a file or folder: its number, size and times of change.
_Version = tuple[int, int, int, int]
_CODE_FILES = frozenset({botocore.loaders.__file__, botocore.hooks.__file__})
#: The real function, even where a test has replaced it.
_time_ns = time.time_ns


def _is_shared(wrapped: Any) -> bool:
    """Return whether a mock wants sharing, and the method is botocore's own."""
    current = active.current
    if current is None or not current.shares_models:
        return False
    code = getattr(getattr(wrapped, "__func__", None), "__code__", None)
    return code is not None and code.co_filename in _CODE_FILES


def _version(path: str) -> tuple[int, _Version] | None:
    """Return the mode and the version of what is at a path, None for nothing."""
    try:
        status = os.stat(path)  # noqa: PTH116 (half of the time)
    except (OSError, ValueError):
        return None
    return status.st_mode, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_settled(versions: Iterable[_Version]) -> bool:
    latest = _time_ns() - _SETTLED_NANOSECONDS
    return all(modified < latest and changed < latest for _, _, modified, changed in versions)


# --- files ------------------------------------------------------------------------------------


class _File(NamedTuple):
    """A file that was read."""

    versions: tuple[_Version | None, ...]
    #: Its document; None until a second loader wants it, as packing it takes time.
    packed: bytes | None


_files: dict[str, _File] = {}


def load_file(wrapped: Any, loader: Any, args: Any, kwargs: Any) -> Any:
    """Return the document in a file (named without its extension) or None."""
    if not _is_shared(wrapped) or not _is_shared(loader._load_file):  # noqa: SLF001
        return wrapped(*args, **kwargs)
    path = args[0] if args else kwargs["file_path"]
    found = [_version(path + extension) for extension in botocore.loaders._JSON_OPEN_METHODS]  # noqa: SLF001
    versions = tuple(each[1] if each is not None and S_ISREG(each[0]) else None for each in found)
    file = _files.get(path)
    if file is not None and file.versions == versions and file.packed is not None:
        return unpack(file.packed)
    document = wrapped(path)
    if document is not None and _is_settled(filter(None, versions)):
        is_known = file is not None and file.versions == versions
        _files[path] = _File(versions, _pack_if_room(document) if is_known else None)
    return document


def _pack_if_room(document: Any) -> bytes | None:
    packed = pack(document)
    # A copy, as other threads may read files meanwhile.
    stored_bytes = sum(len(file.packed or b"") for file in list(_files.values()))
    return packed if stored_bytes + len(packed) <= _STORED_BYTES_MAX else None


# --- folders ----------------------------------------------------------------------------------


class _Tree:
    """The folders of a search path, whose contents decide which services there are."""

    def __init__(self, path: str) -> None:
        self._path = path
        #: The path itself, its services and their versions; none where there is no folder.
        self._folders: list[str] = []
        #: Loaders for which the folders of botocore itself were found unchanged.
        self._is_own = path == botocore.loaders.Loader.BUILTIN_DATA_PATH
        self._seen_by: WeakSet[Any] = WeakSet()
        level = [path] if os.path.isdir(path) else []  # noqa: PTH112 (a tenth of the time)
        for _ in range(3):
            self._folders += level
            level = [
                entry.path for folder in level for entry in os.scandir(folder) if entry.is_dir()
            ]
        self._versions = self._read_versions()
        latest = _time_ns() - _SETTLED_NANOSECONDS
        self.is_settled = all(max(times) < latest for _, *times in self._versions)

    def is_current_for(self, loader: Any) -> bool:
        """Return whether the folders are still the same.

        A loader lists the services twice for a client: those of botocore itself are compared once.
        """
        if loader in self._seen_by:
            return True
        try:
            is_current = self._read_versions() == self._versions
        except OSError:
            return False
        if is_current and self._is_own:
            self._seen_by.add(loader)
        return is_current and (bool(self._folders) or not os.path.isdir(self._path))  # noqa: PTH112

    def _read_versions(self) -> list[tuple[int, int, int]]:
        found = map(os.stat, self._folders)
        return [(status.st_ino, status.st_mtime_ns, status.st_ctime_ns) for status in found]


class _Listing(NamedTuple):
    """The services that have a model of a type, as they are in some trees."""

    services: tuple[str, ...]
    trees: list[_Tree]


#: By search path.
_trees: dict[str, _Tree] = {}
#: By search paths and type.
_listings: dict[tuple[Any, ...], _Listing] = {}


def list_available_services(wrapped: Any, loader: Any, args: Any, kwargs: Any) -> Any:
    """Return the services that have a model of a type."""
    cache = loader._cache  # noqa: SLF001
    key = ("list_available_services", *args)
    if kwargs or key in cache or not _is_shared(wrapped) or not _has_own_files(loader):
        return wrapped(*args, **kwargs)
    listing_key = (*loader.search_paths, key)
    try:
        trees = [_current_tree(path, loader) for path in loader.search_paths]
    except OSError:  # something changes right now
        return wrapped(*args)
    listing = _listings.get(listing_key)
    if listing is not None and listing.trees == trees:
        services = cache[key] = [*listing.services]  # as botocore's cache of each loader has it
        return services
    services = wrapped(*args)
    if all(tree.is_settled for tree in trees):
        _listings[listing_key] = _Listing(tuple(services), trees)
    return services


def _has_own_files(loader: Any) -> bool:
    """Return whether a loader reads files as botocore's does."""
    exists = getattr(loader.file_loader, "exists", None)
    return type(loader.file_loader) is botocore.loaders.JSONFileLoader and _is_shared(exists)


def _current_tree(path: str, loader: Any) -> _Tree:
    tree = _trees.get(path)
    if tree is None or not tree.is_settled or not tree.is_current_for(loader):
        tree = _trees[path] = _Tree(path)
    return tree


# --- handlers ---------------------------------------------------------------------------------


def verify_accept_kwargs(wrapped: Any, _hooks: Any, args: Any, kwargs: Any) -> Any:
    """Check that a handler takes any keyword: a plain function's code says so by itself."""
    function = args[0] if args else None
    if (
        type(function) is FunctionType
        and not function.__dict__
        and function.__code__.co_flags & CO_VARKEYWORDS
        and _is_shared(wrapped)
    ):
        return None
    return wrapped(*args, **kwargs)


# --- events -----------------------------------------------------------------------------------


class _Aliases:
    """The names of events that were looked up in botocore's list of their older names."""

    def __init__(self) -> None:
        #: The list as it was.
        self._items: list[tuple[str, str]] = []
        self._names: dict[str, str] = {}
        #: The names that the newest session has looked up.
        self._newest: dict[str, str] = {}
        self._lock = new_lock()

    def share_with(self, aliaser: Any) -> None:
        """Give an aliaser the names that others have looked up in the same list."""
        items = list(aliaser._event_aliases.items())  # noqa: SLF001
        with self._lock:
            if items != self._items or len(self._names) > _NAMES_MAX:
                self._items, self._names = items, {}
            else:
                self._names.update(self._newest)
            self._newest = aliaser._alias_name_cache  # noqa: SLF001
            self._newest.update(self._names)


_aliases = _Aliases()
_NAMES_MAX = 4096


def create_aliaser(wrapped: Any, aliaser: Any, args: Any, kwargs: Any) -> None:
    """Initialize an `EventAliaser`, which compares each name of an event with seventy others."""
    wrapped(*args, **kwargs)
    if _is_shared(wrapped):
        _aliases.share_with(aliaser)
