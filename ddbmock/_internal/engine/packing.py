"""How an item is packed while it is at rest: its contents apart from its form.

Items mostly come in a few *forms*: the same attributes of the same types, the same members in their
documents. Of such items only the contents are kept, a tuple of texts, bytes and booleans, and two
functions compiled for the form take an item apart and build it again. Building shares what cannot
be changed and makes the rest anew, so what is built is detached from what is stored and from
whatever else is built of it. It takes half the time of `marshal.loads`, the next fastest way.

Items of a form that was seen a few times only are marshalled (never written to a file, so the
format may change with each Python), and so are documents whose own form changes from item to item.
"""

from __future__ import annotations

from marshal import dumps, loads
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.values import AttributeValue, Item

    #: The contents of an item -> the item, which the caller owns.
    Builder: TypeAlias = Callable[..., Item]
    Contents: TypeAlias = tuple[Any, ...]

#: What tracebacks and profiles call the file of the compiled functions.
FILE_NAME = "<ddbmock: form of an item>"
#: How many items of a form are marshalled before it is compiled, which costs as much as some calls.
_SEEN_BEFORE_COMPILED = 16
#: How many forms are known at a time.
_FORMS_MAX = 4096
#: Documents that look more complicated than this many characters are not taken apart.
_LOOKS_MAX = 1000
_SETS = frozenset({"SS", "NS", "BS"})
_DOCUMENTS = frozenset({"M", "L"})


class _Form:
    """What the items of one form have in common."""

    __slots__ = ("build", "looks", "take")

    def __init__(self, item: Item, *, whole: set[str]) -> None:
        """Compile the form of an item.

        Args:
            item: Any item of this form.
            whole: The documents that are not taken apart.
        """
        #: The documents that are taken apart, and what they look like.
        self.looks = {name: _looks(item[name]) for name in _documents(item) if name not in whole}
        code = _Code()
        built = [
            f"{name!r}: {code.value(f'item[{name!r}]', value, whole=name not in self.looks)}"
            for name, value in item.items()
        ]
        contents = "".join(f"{content}, " for content in code.contents)
        parameters = ", ".join(f"c{number}" for number in range(len(code.contents)))
        namespace: dict[str, Any] = {"dumps": dumps, "loads": loads}
        source = (
            f"def build({parameters}): return {{{', '.join(built)}}}\n"
            f"def take(item):\n {''.join(code.checks)}return ({contents})\n"
        )
        code_object = compile(source, FILE_NAME, "exec")
        exec(code_object, namespace)  # noqa: S102 (names are written as Python literals)
        self.build: Builder = namespace["build"]
        #: An item -> its contents; raises KeyError when it is of another form.
        self.take: Callable[[Item], Contents] = namespace["take"]


class _Code:
    """The code of a form's two functions as it is written, value by value."""

    def __init__(self) -> None:
        #: Statements that refuse an item of another form.
        self.checks: list[str] = []
        #: Expressions for the contents.
        self.contents: list[str] = []

    def value(self, place: str, value: AttributeValue, *, whole: bool = False) -> str:
        """Return the expression that builds a value, which lies at `place` when it is taken."""
        ((kind, content),) = value.items()
        place = f"{place}[{kind!r}]"
        if kind in _SETS:
            built = f"[*{self._content(f'(*{place},)')}]"
        elif kind not in _DOCUMENTS:
            built = self._content(place)
        elif whole:
            built = f"loads({self._content(f'dumps({place})')})"
        else:
            built = self._map(place, content) if kind == "M" else self._list(place, content)
        return f"{{{kind!r}: {built}}}"

    def _content(self, taken: str) -> str:
        self.contents.append(taken)
        return f"c{len(self.contents) - 1}"

    def _map(self, place: str, content: Item) -> str:
        place = self._check(place, "(*{},)", tuple(content))
        members = [
            f"{name!r}: {self.value(f'{place}[{name!r}]', value)}"
            for name, value in content.items()
        ]
        return f"{{{', '.join(members)}}}"

    def _list(self, place: str, content: list[AttributeValue]) -> str:
        place = self._check(place, "len({})", len(content))
        elements = [self.value(f"{place}[{at}]", value) for at, value in enumerate(content)]
        return f"[{', '.join(elements)}]"

    def _check(self, place: str, measure: str, expected: object) -> str:
        document = f"d{len(self.checks)}"
        measured = measure.format(document)
        self.checks.append(
            f"{document} = {place}\n if {measured} != {expected!r}: raise KeyError\n "
        )
        return document


def _documents(item: Item) -> list[str]:
    return [name for name, value in item.items() if not _DOCUMENTS.isdisjoint(value)]


def _looks(value: AttributeValue) -> str:
    """Return what a value looks like: the same for two values of one form, and only then."""
    ((kind, content),) = value.items()
    if kind == "M":
        members = [f"{name!r}: {_looks(member)}" for name, member in content.items()]
        return f"{{{', '.join(members)}}}"
    if kind == "L":
        return f"[{', '.join(map(_looks, content))}]"
    return str(kind)


#: Names and types of the attributes -> the form, or how often it has been seen.
_forms: dict[tuple[tuple[str, ...], tuple[str, ...]], _Form | int] = {}
#: Names of the attributes -> the form that the last item with these had.
_likely_forms: dict[tuple[str, ...], _Form] = {}


def pack(item: Item) -> tuple[Builder, Contents]:
    """Return what builds the item, and the contents to build it from.

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
    return _pack_otherwise(names, item)


def _pack_otherwise(names: tuple[str, ...], item: Item) -> tuple[Builder, Contents]:
    """Pack an item that does not look like the last one with the same attributes."""
    key = (names, tuple([next(iter(value)) for value in item.values()]))
    form = _forms.get(key, 0)
    if not isinstance(form, int):
        try:
            packed = form.build, form.take(item)
        except KeyError:
            # Some documents differ from item to item; those that were left whole before still are.
            alike = {name for name, looks in form.looks.items() if _looks(item[name]) == looks}
            form = _Form(item, whole=set(_documents(item)) - alike)
        else:
            _likely_forms[names] = form
            return packed
    elif form < _SEEN_BEFORE_COMPILED:
        _count(key, form + 1)
        return loads, (dumps(item),)
    else:
        complicated = {name for name in _documents(item) if len(_looks(item[name])) > _LOOKS_MAX}
        form = _Form(item, whole=complicated)
    _forms[key] = _likely_forms[names] = form
    return form.build, form.take(item)


def _count(key: tuple[tuple[str, ...], tuple[str, ...]], times: int) -> None:
    if len(_forms) >= _FORMS_MAX:
        _forms.clear()
        _likely_forms.clear()
    _forms[key] = times
