"""Packing of stored items: the contents of an item are stored apart from its form.

Items mostly have one of a few *forms*: the same attributes of the same types, the same members in
their documents. Of such items only the contents are stored, a tuple of texts, bytes and booleans,
and two functions compiled for the form take an item apart and build it again. Building shares what
is immutable and creates the rest, so a built item is independent of the stored one. It takes half
the time of `marshal.loads`, which is the next fastest.

Items of a form that was seen only a few times are marshalled (never written to a file, so the
format may change with each Python), and so are documents whose own form differs from item to item.
"""

from __future__ import annotations

from marshal import dumps, loads
from typing import TYPE_CHECKING, Any, TypeAlias

from ddbmock._internal.engine.form_reader import UNREADABLE, compile_reader
from ddbmock._internal.engine.form_writer import compile_writer
from ddbmock._internal.engine.values import normalize_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.engine.form_reader import FormReader
    from ddbmock._internal.engine.values import AttributeValue, Item

    #: The contents of an item -> the item, which the caller owns.
    Builder: TypeAlias = Callable[..., Item]
    Contents: TypeAlias = tuple[Any, ...]

#: The file name of the compiled functions in tracebacks and profiles.
FILE_NAME = "<ddbmock: form of an item>"
#: How many items of a form are marshalled before it is compiled, which costs as much as some calls.
_SEEN_BEFORE_COMPILED = 16
#: How many items of a compiled form are read before its reader is compiled, which costs as much as
#: to read twenty.
_READ_BEFORE_COMPILED = 24
#: How many builders of parts are cached for a form.
_PARTS_MAX = 64
#: How many forms are cached.
_FORMS_MAX = 4096
#: Documents whose signature has more than this many characters are marshalled.
_SIGNATURE_CHARACTERS_MAX = 1000
_SETS = frozenset({"SS", "NS", "BS"})
_DOCUMENTS = frozenset({"M", "L"})


class _Form:
    """A form of items: how they are taken apart and built."""

    __slots__ = (
        *("_built", "_marshalled", "_parameters", "_part_builders", "_read_count"),
        *("build", "read", "signatures", "take"),
    )

    def __init__(self, item: Item, *, marshalled: set[str]) -> None:
        """Compile the form of an item.

        Args:
            item: Any item of this form.
            marshalled: The documents that are not taken apart.
        """
        #: The documents that are taken apart, with their signatures.
        self.signatures = {
            name: _signature(item[name]) for name in _documents(item) if name not in marshalled
        }
        code = _Code()
        #: Name of an attribute -> the expression that builds its value.
        self._built = {
            name: code.value(f"item[{name!r}]", value, marshalled=name in marshalled)
            for name, value in item.items()
        }
        contents = "".join(f"{content}, " for content in code.contents)
        self._parameters = ", ".join(f"c{number}" for number in range(len(code.contents)))
        namespace: dict[str, Any] = {"dumps": dumps, "loads": loads}
        source = (
            f"{self._build_source(item)}"
            f"def take(item):\n {''.join(code.checks)}return ({contents})\n"
        )
        code_object = compile(source, FILE_NAME, "exec")
        exec(code_object, namespace)  # noqa: S102 (names are written as Python literals)
        self.build: Builder = namespace["build"]
        namespace["build"].form = self
        namespace["build"].write = self._write_first
        #: An item -> its contents; raises KeyError when it is of another form.
        self.take: Callable[[Item], Contents] = namespace["take"]
        #: An item as it came in -> its size and contents; raises one of `UNREADABLE` when it is of
        #: another form, or cannot be stored. None until some items of the form were read.
        self.read: FormReader | None = None
        self._read_count = 0
        self._part_builders: dict[frozenset[str], Builder] = {}
        self._marshalled = frozenset(marshalled)

    def _build_source(self, names: Iterable[str]) -> str:
        """Return the source of the function that builds these attributes."""
        built = [f"{name!r}: {self._built[name]}" for name in names]
        return f"def build({self._parameters}): return {{{', '.join(built)}}}\n"

    def part_builder(self, names: frozenset[str]) -> Builder:
        """Return the builder of those of the named attributes that the items have."""
        build = self._part_builders.get(names)
        if build is None:
            if len(self._part_builders) >= _PARTS_MAX:
                self._part_builders.clear()
            namespace: dict[str, Any] = {"loads": loads}
            source = self._build_source(name for name in self._built if name in names)
            exec(compile(source, FILE_NAME, "exec"), namespace)  # noqa: S102 (as above)
            build = self._part_builders[names] = namespace["build"]
        return build

    def _write_first(self, *contents: Any) -> str:
        """Compile the writer of the form, and return the JSON of an item."""
        item: Item = self.build(*contents)
        write = compile_writer(item, marshalled=self._marshalled, file_name=FILE_NAME)
        self.build.write = write  # type: ignore[attr-defined]
        return write(*contents)

    def note_read(self, item: Item) -> None:
        """Count an item of this form that was read, and compile the reader when there are some."""
        self._read_count += 1
        # Another thread may count at the same time, so that a number is missed.
        if self.read is None and self._read_count >= _READ_BEFORE_COMPILED:
            self.read = compile_reader(
                item,
                marshalled=self._marshalled,
                repeated=_repeated_names,
                file_name=FILE_NAME,
            )


class _Code:
    """The source code of a form's two functions, written value by value."""

    def __init__(self) -> None:
        #: Statements that refuse an item of another form.
        self.checks: list[str] = []
        #: Expressions for the contents.
        self.contents: list[str] = []

    def value(self, source: str, value: AttributeValue, *, marshalled: bool = False) -> str:
        """Return the expression that builds a value; `source` is the one that takes it."""
        ((kind, content),) = value.items()
        source = f"{source}[{kind!r}]"
        if kind in _SETS:
            built = f"[*{self._content(f'(*{source},)')}]"
        elif kind not in _DOCUMENTS:
            built = self._content(source)
        elif marshalled:
            built = f"loads({self._content(f'dumps({source})')})"
        else:
            built = self._map(source, content) if kind == "M" else self._list(source, content)
        return f"{{{kind!r}: {built}}}"

    def _content(self, expression: str) -> str:
        self.contents.append(expression)
        return f"c{len(self.contents) - 1}"

    def _map(self, source: str, content: Item) -> str:
        document = self._check(source, "(*{},)", tuple(content))
        members = [
            f"{name!r}: {self.value(f'{document}[{name!r}]', value)}"
            for name, value in content.items()
        ]
        return f"{{{', '.join(members)}}}"

    def _list(self, source: str, content: list[AttributeValue]) -> str:
        document = self._check(source, "len({})", len(content))
        elements = [self.value(f"{document}[{at}]", value) for at, value in enumerate(content)]
        return f"[{', '.join(elements)}]"

    def _check(self, source: str, measure: str, expected: object) -> str:
        document = f"d{len(self.checks)}"
        measured = measure.format(document)
        self.checks.append(
            f"{document} = {source}\n if {measured} != {expected!r}: raise KeyError\n "
        )
        return document


def _documents(item: Item) -> list[str]:
    return [name for name, value in item.items() if not _DOCUMENTS.isdisjoint(value)]


def _signature(value: AttributeValue) -> str:
    """Return a text that is equal for two values exactly if they have the same form."""
    ((kind, content),) = value.items()
    if kind == "M":
        members = [f"{name!r}: {_signature(member)}" for name, member in content.items()]
        return f"{{{', '.join(members)}}}"
    if kind == "L":
        return f"[{', '.join(map(_signature, content))}]"
    return str(kind)


#: Names and types of the attributes -> the form, or how many items of it have been seen.
_forms: dict[tuple[tuple[str, ...], tuple[str, ...]], _Form | int] = {}
#: Names of the attributes -> the form of the last item with these.
_likely_forms: dict[tuple[str, ...], _Form] = {}
#: The attributes whose texts are stored once for many items.
_repeated_names: set[str] = set()


def expect_repeated(names: Iterable[str]) -> None:
    """Expect that many items have the same text in an attribute, such as a partition key.

    Readers of forms that are compiled from now on share such texts.
    """
    _repeated_names.update(names)


def pack(item: Item) -> tuple[Builder, Contents]:
    """Return the function that builds the item, and the contents to build it from.

    >>> build, contents = pack({"pk": {"S": "a"}, "tags": {"SS": ["x", "y"]}})
    >>> build(*contents)
    {'pk': {'S': 'a'}, 'tags': {'SS': ['x', 'y']}}
    """
    names = tuple(item)
    form = _likely_forms.get(names)
    if form is not None:
        try:
            return form.build, form.take(item)
        except KeyError:
            pass
    return _pack_new_form(names, item)


def part_builder(build: Builder, names: frozenset[str]) -> Builder:
    """Return what builds no more of an item than these attributes, if that takes less work.

    >>> build, contents = pack({"pk": {"S": "a"}, "n": {"N": "1"}})
    >>> part_builder(build, frozenset({"n"}))(*contents)["n"]
    {'N': '1'}
    """
    form = getattr(build, "form", None)  # marshalled contents can only be read completely
    return build if form is None else form.part_builder(names)


def normalize_and_pack(item: Item) -> tuple[int, Builder, Contents]:
    """Check an item as it came in, make it canonical in place, and return its size and its parts.

    >>> size_bytes, build, contents = normalize_and_pack({"pk": {"S": "a"}, "n": {"N": "1.50"}})
    >>> size_bytes, build(*contents)
    (7, {'pk': {'S': 'a'}, 'n': {'N': '1.5'}})
    """
    form = _likely_forms.get(tuple(item))
    if form is not None and form.read is not None:
        try:
            size_bytes, contents = form.read(item)
        except UNREADABLE:
            pass
        else:
            return size_bytes, form.build, contents
    size_bytes = normalize_item(item)
    build, contents = pack(item)
    if form is not None and build is form.build:
        form.note_read(item)
    return size_bytes, build, contents


def _pack_new_form(names: tuple[str, ...], item: Item) -> tuple[Builder, Contents]:
    """Pack an item whose form is not that of the last one with the same attributes."""
    key = (names, tuple([next(iter(value)) for value in item.values()]))
    form = _forms.get(key, 0)
    if not isinstance(form, int):
        try:
            packed = form.build, form.take(item)
        except KeyError:
            # Some documents differ from item to item; those marshalled before still are.
            equal = {
                name
                for name, signature in form.signatures.items()
                if _signature(item[name]) == signature
            }
            form = _Form(item, marshalled=set(_documents(item)) - equal)
        else:
            _likely_forms[names] = form
            return packed
    elif form < _SEEN_BEFORE_COMPILED:
        _count(key, form + 1)
        return loads, (dumps(item),)
    else:
        complicated = {
            name
            for name in _documents(item)
            if len(_signature(item[name])) > _SIGNATURE_CHARACTERS_MAX
        }
        form = _Form(item, marshalled=complicated)
    _forms[key] = _likely_forms[names] = form
    return form.build, form.take(item)


def _count(key: tuple[tuple[str, ...], tuple[str, ...]], times: int) -> None:
    if len(_forms) >= _FORMS_MAX:
        _forms.clear()
        _likely_forms.clear()
    _forms[key] = times
