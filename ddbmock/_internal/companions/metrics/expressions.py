"""Metric math: arithmetic on the values of metrics.

    comparison = sum [("<" | ">" | "<=" | ">=" | "==" | "!=") sum]
    sum        = product {("+" | "-") product}
    product    = power {("*" | "/") power}
    power      = sign ["^" power]
    sign       = ["-"] primary
    primary    = number | name | function "(" arguments ")" | "[" arguments "]" | "(" comparison ")"

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from ddbmock._internal.companions.metrics.errors import CloudWatchValidationError
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import metrics as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ddbmock._internal.companions.metrics.statistics import Window


@dataclass(frozen=True, slots=True)
class Values:
    """Values at the beginnings of periods; epoch seconds -> value."""

    by_time: Mapping[float, float] = field(default_factory=dict)
    period: int = 60


Value: TypeAlias = "float | Values | list[Values]"
#: A parsed expression: the kind, then its parts.
Tree: TypeAlias = tuple[Any, ...]

_TOKEN = re.compile(
    r'\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Za-z]\w*)|(<=|>=|==|!=|[-+*/^<>(),\[\]])|("[^"]*"|\'[^\']*\'))'
)
_COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")
_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        position = 0
        end = len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._wrong()
            kinds = ("number", "name", "sign", "text")
            kind = next(kind for kind, part in zip(kinds, found.groups(), strict=True) if part)
            self._tokens.append((kind, found.group(found.lastindex or 0)))
            position = found.end()
        self._at = 0

    def parse(self) -> Tree:
        tree = self._comparison()
        if self._at < len(self._tokens):
            raise self._wrong()
        return tree

    def _wrong(self) -> CloudWatchValidationError:
        return CloudWatchValidationError(messages.metric_expression_wrong(self._text))

    def _take(self, *signs: str) -> str | None:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return None

    def _expect(self, sign: str) -> None:
        if self._take(sign) is None:
            raise self._wrong()

    def _comparison(self) -> Tree:
        tree = self._sum()
        sign = self._take(*_COMPARISONS)
        return tree if sign is None else ("binary", sign, tree, self._sum())

    def _sum(self) -> Tree:
        tree = self._product()
        while sign := self._take("+", "-"):
            tree = ("binary", sign, tree, self._product())
        return tree

    def _product(self) -> Tree:
        tree = self._power()
        while sign := self._take("*", "/"):
            tree = ("binary", sign, tree, self._power())
        return tree

    def _power(self) -> Tree:
        tree = self._sign()
        return ("binary", "^", tree, self._power()) if self._take("^") else tree

    def _sign(self) -> Tree:
        if self._take("-"):
            return ("binary", "-", ("number", 0.0), self._primary())
        return self._primary()

    def _primary(self) -> Tree:
        if self._take("("):
            tree = self._comparison()
            self._expect(")")
            return tree
        if self._take("["):
            return ("list", self._arguments("]"))
        if self._at >= len(self._tokens):
            raise self._wrong()
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return ("number", float(text))
        if kind == "text":
            return ("text", text[1:-1])
        if kind != "name":
            raise self._wrong()
        if self._take("("):
            return ("call", text.upper(), self._arguments(")"))
        return ("name", text)

    def _arguments(self, end: str) -> tuple[Tree, ...]:
        if self._take(end):
            return ()
        arguments = [self._comparison()]
        while self._take(","):
            arguments.append(self._comparison())
        self._expect(end)
        return tuple(arguments)


@lru_cache(maxsize=256)
def parsed(text: str) -> Tree:
    """Return the tree of an expression.

    >>> parsed("m1 / PERIOD(m1)")
    ('binary', '/', ('name', 'm1'), ('call', 'PERIOD', (('name', 'm1'),)))

    Raises:
        CloudWatchValidationError: It does not follow the grammar.
    """
    return _Parser(text).parse()


def evaluated(
    tree: Tree,
    resolve: Callable[[str], Values],
    metrics: Sequence[Values],
    window: Window,
) -> Values:
    """Return the values of an expression.

    Args:
        tree: The expression.
        resolve: Returns the values of another query by its id.
        metrics: All metrics, for `METRICS()`.
        window: The time range; a constant has its value at each period of it.

    Raises:
        CloudWatchValidationError: It cannot be computed.
        UnsupportedError: It uses a function that ddbmock does not have.
    """
    evaluation = _Evaluation(resolve, metrics, window)
    value = evaluation.value(tree)
    if isinstance(value, Values):
        return value
    if isinstance(value, float):
        return evaluation.constant(value)
    raise CloudWatchValidationError(messages.METRIC_EXPRESSION_IS_A_LIST)


class _Evaluation:
    def __init__(
        self, resolve: Callable[[str], Values], metrics: Sequence[Values], window: Window
    ) -> None:
        self._resolve = resolve
        self._metrics = metrics
        self._window = window

    def value(self, tree: Tree) -> Value:
        match tree:
            case ("number", number):
                return float(number)
            case ("name", name):
                return self._resolve(name)
            case ("list", parts):
                return [self._values(part) for part in parts]
            case ("binary", sign, left, right):
                return _combined(_OPERATORS[sign], self.value(left), self.value(right))
            case ("call", name, arguments):
                return self._call(name, arguments)
        raise CloudWatchValidationError(messages.metric_expression_wrong(str(tree[-1])))

    def constant(self, value: float) -> Values:
        period = self._metrics[0].period if self._metrics else 60
        start, end = int(self._window.start), int(self._window.end)
        return Values({float(at): value for at in range(start, end, period)}, period)

    def _values(self, tree: Tree) -> Values:
        value = self.value(tree)
        if isinstance(value, float):
            return self.constant(value)
        if isinstance(value, Values):
            return value
        raise CloudWatchValidationError(messages.METRIC_EXPRESSION_IS_A_LIST)

    def _call(  # noqa: C901, PLR0911 (a case for each function)
        self, name: str, arguments: Sequence[Tree]
    ) -> Value:
        if name in _ACROSS and len(arguments) == 1:
            return _across(_ACROSS[name], self.value(arguments[0]))
        if name in _EACH and len(arguments) == 1:
            return _each(_EACH[name], self.value(arguments[0]))
        match name, arguments:
            case "METRICS", ():
                return list(self._metrics)
            case "PERIOD", (metric,):
                return float(self._values(metric).period)
            case "RATE" | "DIFF", (metric,):
                return _differences(self._values(metric), per_second=name == "RATE")
            case "FILL", (metric, ("name", "REPEAT")):
                return self._filled(self._values(metric), None)
            case "FILL", (metric, constant):
                filling = self.value(constant)
                if isinstance(filling, float):
                    return self._filled(self._values(metric), filling)
            case "IF", (condition, then):
                return _chosen(self._values(condition), self.value(then), None)
            case "IF", (condition, then, otherwise):
                return _chosen(self._values(condition), self.value(then), self.value(otherwise))
        raise UnsupportedError(messages.unsupported_of_cloudwatch(f"the function {name}"))

    def _filled(self, values: Values, constant: float | None) -> Values:
        filled: dict[float, float] = {}
        last: float | None = constant
        for at in range(int(self._window.start), int(self._window.end), values.period):
            value = values.by_time.get(float(at), last)
            if value is not None:
                filled[float(at)] = value
            last = value if constant is None else constant
        return Values(filled, values.period)


_ACROSS: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
_EACH: dict[str, Callable[[float], float]] = {
    "ABS": abs,
    "CEIL": lambda value: float(math.ceil(value)),
    "FLOOR": lambda value: float(math.floor(value)),
}


def _across(function: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Aggregate several series into one, or the values of one into a number."""
    if isinstance(value, float):
        return value
    if isinstance(value, Values):
        values = list(value.by_time.values())
        return float(function(values)) if values else Values({}, value.period)
    times = sorted({at for values in value for at in values.by_time})
    period = value[0].period if value else 60
    return Values(
        {
            at: float(function([each.by_time[at] for each in value if at in each.by_time]))
            for at in times
        },
        period,
    )


def _each(function: Callable[[float], float], value: Value) -> Value:
    if isinstance(value, float):
        return function(value)
    if isinstance(value, Values):
        return Values({at: function(each) for at, each in value.by_time.items()}, value.period)
    raise CloudWatchValidationError(messages.METRIC_EXPRESSION_IS_A_LIST)


def _combined(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Combine the values of equal times; there is none where a side has none, or for x / 0."""
    if isinstance(left, list) or isinstance(right, list):
        raise CloudWatchValidationError(messages.METRIC_EXPRESSION_IS_A_LIST)
    if isinstance(left, float) and isinstance(right, float):
        result = _computed(function, left, right)
        return Values() if result is None else result
    period = left.period if isinstance(left, Values) else right.period  # type: ignore[union-attr]
    times = left.by_time if isinstance(left, Values) else right.by_time  # type: ignore[union-attr]
    combined: dict[float, float] = {}
    for at in times:
        one, other = _at(left, at), _at(right, at)
        if one is not None and other is not None:
            result = _computed(function, one, other)
            if result is not None:
                combined[at] = result
    return Values(combined, period)


def _computed(function: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        result = function(left, right)
    except (OverflowError, ZeroDivisionError):
        return None
    return None if isinstance(result, complex) else float(result)


def _at(value: Value, at: float) -> float | None:
    return value.by_time.get(at) if isinstance(value, Values) else float(value)  # type: ignore[arg-type]


def _differences(values: Values, *, per_second: bool) -> Values:
    ordered = sorted(values.by_time.items())
    return Values(
        {
            at: (value - before) / ((at - earlier) if per_second else 1)
            for (earlier, before), (at, value) in pairwise(ordered)
        },
        values.period,
    )


def _chosen(condition: Values, then: Value, otherwise: Value | None) -> Values:
    chosen = {}
    for at, value in condition.by_time.items():
        source = then if value else otherwise
        result = None if source is None else _at(source, at)
        if result is not None:
            chosen[at] = result
    return Values(chosen, condition.period)
