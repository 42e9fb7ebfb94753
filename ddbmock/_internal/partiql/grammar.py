"""The parser of expressions, by operator precedence; statements are parsed by recursive descent.

The grammar is PartiQL's, wider than what DynamoDB supports: a statement can be well formed and
still unsupported, and the service has different errors for the two cases.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
https://partiql.org/assets/PartiQL-Specification.pdf
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql import tokens, words
from ddbmock._internal.partiql.cursor import Cursor, span_of
from ddbmock._internal.partiql.problems import StatementProblem, malformed
from ddbmock._internal.partiql.tokens import Token, tokenize
from ddbmock._internal.partiql.tree import (
    Bag,
    Call,
    Element,
    Expression,
    Field,
    Listing,
    Literal,
    Name,
    Operation,
    Parameter,
    Path,
    Span,
    Star,
    Step,
    Struct,
    TypeTest,
    Wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = frozenset({tokens.IDENTIFIER, tokens.QUOTED_IDENTIFIER})
_LITERALS = {
    tokens.STRING: "S",
    tokens.NUMBER: "N",
    tokens.BOOLEAN: "BOOL",
    tokens.NULL: "NULL",
    tokens.MISSING: "MISSING",
    tokens.ION_LITERAL: "ION",
}
#: Operators that are a negation of another one.
_NEGATED = {
    "not_in": "in",
    "not_between": "between",
    "not_like": "like",
    "is_not": "is",
}
T = TypeVar("T")
#: How deeply expressions may be nested; Python's stack would overflow soon after.
_NESTING_MAX = 64


class ExpressionParser:
    """A parser of expressions; `statements` adds those that begin with a keyword."""

    def __init__(self, text: str) -> None:
        self.cursor: Cursor = Cursor(tokenize(text))
        self.parameter_count: int = 0
        self._depth = 0

    # --- operators ---

    def expression(self, precedence: int = -1) -> Expression:
        """Parse an expression whose operators have a higher precedence."""
        self._enter()
        left = self._unary()
        chained = 0
        while precedence < words.PRECEDENCE.get(self.cursor.head.word, -1):
            chained += self.cursor.head.word not in ("and", "or")
            if chained > _NESTING_MAX:
                raise UnsupportedError(messages.STATEMENT_TOO_NESTED)
            left = self._infix(left)
        self._depth -= 1
        return left

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _NESTING_MAX:
            raise UnsupportedError(messages.STATEMENT_TOO_NESTED)

    def _infix(self, left: Expression) -> Expression:
        cursor = self.cursor
        token = cursor.head
        operator = _NEGATED.get(token.text, token.text)
        read = self._INFIX.get(operator)
        made = self._binary(left, token) if read is None else read(self, left, token)
        return made if operator == token.text else Operation("not", (made,), span_of(token))

    def _right(self, token: Token) -> Expression:
        if self.cursor.left < 3:  # noqa: PLR2004 (the operator, an operand, the end)
            raise malformed("Missing right-hand side expression of infix operator")
        self.cursor.advance()
        return self.expression(words.PRECEDENCE[token.text])

    def _binary(self, left: Expression, token: Token) -> Expression:
        right = self._right(token)
        operator = token.text
        if operator in ("and", "or") and isinstance(left, Operation) and left.operator == operator:
            return Operation(operator, (*left.operands, right), left.span)
        return Operation(operator, (left, right), span_of(token))

    def _is(self, left: Expression, token: Token) -> Expression:
        self.cursor.advance()
        name = self.cursor.head.word
        name = words.TYPE_ALIASES.get(name, name)
        if name not in words.TYPE_NAMES:
            raise malformed("Expected type name")
        self.cursor.advance()
        if self.cursor.take(tokens.LEFT_PAREN):
            self.comma_list(self.expression)
            self.cursor.expect(tokens.RIGHT_PAREN)
        return TypeTest(left, name, span_of(token))

    def _in(self, left: Expression, token: Token) -> Expression:
        if self.cursor.second.kind != tokens.LEFT_PAREN:
            return Operation("in", (left, self._right(token)), span_of(token))
        self.cursor.advance()
        return Operation("in", (left, self._in_list(token)), span_of(token))

    def _in_list(self, token: Token) -> Expression:
        if self.cursor.second.word in ("select", "values"):
            return self.expression(words.PRECEDENCE[token.text])
        start = self.cursor.advance().start
        items = self.comma_list(self.expression)
        self.cursor.expect(tokens.RIGHT_PAREN)
        return Listing(items, self.cursor.span_from(start))

    def _between(self, left: Expression, token: Token) -> Expression:
        low = self._right(token)
        self.cursor.expect_word("and")
        if self.cursor.at_end:
            raise malformed("Expected expression after AND")
        high = self.expression(words.PRECEDENCE[token.text])
        return Operation("between", (left, low, high), span_of(token))

    def _like(self, left: Expression, token: Token) -> Expression:
        operands = [left, self._right(token)]
        if self.cursor.take_word("escape"):
            if self.cursor.at_end:
                raise malformed("Expected expression after ESCAPE")
            operands.append(self.expression(words.PRECEDENCE[token.text]))
        return Operation("like", tuple(operands), span_of(token))

    def _unary(self) -> Expression:
        token = self.cursor.head
        if token.kind != tokens.OPERATOR or token.text not in ("+", "-", "not"):
            return self._path()
        self.cursor.advance()
        if token.text == "not":
            return Operation("not", (self.expression(words.NOT_PRECEDENCE),), span_of(token))
        return self._signed(token)

    def _signed(self, token: Token) -> Expression:
        self._enter()
        operand = self._unary()
        self._depth -= 1
        if not (isinstance(operand, Literal) and operand.kind == "N"):
            return Operation(token.text, (operand,), span_of(token))
        if token.text == "+":
            return operand
        text = operand.text
        return Literal("N", text[1:] if text[0] == "-" else f"-{text}", operand.span)

    # --- paths ---

    def _path(self) -> Expression:
        return self._steps(self._term(), simple=False)

    def simple_path(self) -> Expression:
        """Parse a path of names and indexes only, such as the target of an assignment."""
        token = self.cursor.head
        if token.kind not in _NAMES:
            raise malformed("Expected identifier for simple path")
        self.cursor.advance()
        return self._steps(Name(token.text, span_of(token)), simple=True)

    def _steps(self, root: Expression, *, simple: bool) -> Expression:
        steps: list[Step] = []
        start = getattr(root, "span", Span(0, 0)).start
        while True:
            if self.cursor.take(tokens.DOT):
                steps.append(self._field(simple=simple))
            elif self.cursor.take(tokens.LEFT_BRACKET):
                steps.append(self._element(simple=simple))
            else:
                break
        return Path(root, tuple(steps), self.cursor.span_from(start)) if steps else root

    def _field(self, *, simple: bool) -> Step:
        token = self.cursor.head
        if token.kind == tokens.STAR:
            if simple:
                raise malformed("Invalid path dot component for simple path")
            self.cursor.advance()
            return Wildcard(bracketed=False, span=span_of(token))
        if token.kind not in _NAMES:
            raise malformed("Invalid path dot component")
        self.cursor.advance()
        return Field(token.text, span_of(token))

    def _element(self, *, simple: bool) -> Step:
        token = self.cursor.head
        if token.kind == tokens.STAR:
            self.cursor.advance()
            self.cursor.expect(tokens.RIGHT_BRACKET)
            return Wildcard(bracketed=True, span=span_of(token))
        index = self.expression()
        self.cursor.expect(tokens.RIGHT_BRACKET)
        if simple and not isinstance(index, (Literal, Name)):
            raise malformed("Invalid path component for simple path")
        return Element(index, index.span)

    # --- terms ---

    def _term(self) -> Expression:
        token = self.cursor.head
        if token.kind in _LITERALS:
            self.cursor.advance()
            return Literal(_LITERALS[token.kind], token.text, span_of(token))
        if token.kind == tokens.KEYWORD:
            return self.keyword(token)
        read = self._TERMS.get(token.kind)
        if read is None:
            raise malformed("Unexpected term")
        return read(self, token)

    def _name(self, token: Token) -> Expression:
        self.cursor.advance()
        if self.cursor.head.kind == tokens.LEFT_PAREN:
            return self._call(token)
        return Name(token.text, span_of(token))

    def _parameter(self, token: Token) -> Expression:
        self.cursor.advance()
        self.parameter_count += 1
        return Parameter(self.parameter_count - 1, span_of(token))

    def _operator(self, _: Token) -> Expression:
        raise malformed("Unexpected operator")

    def _group(self, token: Token) -> Expression:
        self.cursor.advance()
        items = self.comma_list(self.expression)
        self.cursor.expect(tokens.RIGHT_PAREN)
        return items[0] if len(items) == 1 else Listing(items, self.cursor.span_from(token.start))

    def _listing(self, token: Token) -> Expression:
        return Listing(*self._enclosed(token, tokens.RIGHT_BRACKET))

    def _bag(self, token: Token) -> Expression:
        return Bag(*self._enclosed(token, tokens.RIGHT_BAG))

    def _enclosed(self, token: Token, closing: str) -> tuple[tuple[Expression, ...], Span]:
        self.cursor.advance()
        if self.cursor.take(closing):
            return (), self.cursor.span_from(token.start)
        items = self.comma_list(self.expression)
        self.cursor.expect(closing)
        return items, self.cursor.span_from(token.start)

    def _struct(self, token: Token) -> Expression:
        self.cursor.advance()
        pairs: tuple[tuple[Expression, Expression], ...] = ()
        if not self.cursor.take(tokens.RIGHT_CURLY):
            pairs = self.comma_list(self._pair)
            self.cursor.expect(tokens.RIGHT_CURLY)
        return Struct(pairs, self.cursor.span_from(token.start))

    def _pair(self) -> tuple[Expression, Expression]:
        name = self.expression()
        self.cursor.expect(tokens.COLON)
        return name, self.expression()

    def keyword(self, token: Token) -> Expression:
        """Parse an expression that begins with a keyword."""
        foreign = words.FOREIGN_SYNTAX.get(token.text)
        if foreign is not None:
            raise StatementProblem(messages.unsupported_statement(foreign))
        if token.text not in words.FUNCTION_WORDS:
            raise malformed("Unexpected keyword")
        if self.cursor.second.kind != tokens.LEFT_PAREN:
            raise malformed("Unexpected keyword")
        self.cursor.advance()
        return self._call(token)

    def _call(self, name: Token) -> Expression:
        """Parse the operands of a function; its parenthesis is next."""
        cursor = self.cursor
        cursor.advance()
        aggregate = name.kind == tokens.KEYWORD and name.text in words.AGGREGATES
        if aggregate:
            cursor.take_word("distinct", "all")
        operands: tuple[Expression, ...] = ()
        if cursor.head.kind == tokens.STAR:
            if name.text != "count":
                raise malformed(f"{name.text}(*) is not allowed")
            operands = (Star(span_of(cursor.advance())),)
        elif cursor.head.kind != tokens.RIGHT_PAREN:
            operands = self.comma_list(self.expression)
        cursor.expect(tokens.RIGHT_PAREN)
        if aggregate and len(operands) != 1:
            raise malformed("Aggregate functions are always unary")
        return Call(name.text, operands, span_of(name))

    def comma_list(self, read: Callable[[], T]) -> tuple[T, ...]:
        """Parse one or more elements, separated by commas."""
        items = [read()]
        while self.cursor.take(tokens.COMMA):
            items.append(read())
        return tuple(items)

    _INFIX: ClassVar[dict[str, Callable[[Any, Expression, Token], Expression]]] = {
        "is": _is,
        "in": _in,
        "between": _between,
        "like": _like,
    }
    _TERMS: ClassVar[dict[str, Callable[[Any, Token], Expression]]] = {
        tokens.IDENTIFIER: _name,
        tokens.QUOTED_IDENTIFIER: _name,
        tokens.QUESTION_MARK: _parameter,
        tokens.OPERATOR: _operator,
        tokens.LEFT_PAREN: _group,
        tokens.LEFT_BRACKET: _listing,
        tokens.LEFT_BAG: _bag,
        tokens.LEFT_CURLY: _struct,
    }
