"""The parser: the grammar of every kind of expression, one method a rule.

A syntax error names the first token that fits no rule, and quotes the text from the token before it
to the token after it. Redundant double parentheses are refused as soon as the outer pair closes,
before any later syntax error.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock._internal import limits
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.tokens import (
    END,
    INDEX,
    NAME,
    NAME_PLACEHOLDER,
    VALUE_PLACEHOLDER,
    Token,
    tokenize,
)
from ddbmock._internal.expressions.tree import (
    OPERANDS,
    Action,
    Addition,
    And,
    Arithmetic,
    Assignment,
    Between,
    Call,
    Comparison,
    Condition,
    Deletion,
    Group,
    In,
    Node,
    Not,
    Operand,
    Or,
    Path,
    ProjectionTree,
    Removal,
    Section,
    UpdateTree,
    Value,
    ungroup,
)
from ddbmock._internal.messages import expressions as messages

if TYPE_CHECKING:
    from collections.abc import Callable

COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_STEP_NAMES = (NAME, NAME_PLACEHOLDER, VALUE_PLACEHOLDER)
#: Functions are not nested more deeply in valid expressions, except in absurd SETs.
_CALLS_DEPTH_MAX = 100

_Part = TypeVar("_Part")


def parse_condition(text: str) -> tuple[Condition, int]:
    """Return the tree of a condition, filter or key condition and its number of operators.

    >>> parse_condition("a = :v")
    (Comparison(operator='=', left=Path(steps=('a',)), right=Value(placeholder=':v')), 1)
    """
    parser = _Parser(text)
    tree = parser.condition()
    return parser.finish(tree)


def parse_update(text: str) -> tuple[UpdateTree, int]:
    """Return the tree of an update expression and its number of operators."""
    parser = _Parser(text)
    tree = parser.update()
    return parser.finish(tree)


def parse_projection(text: str) -> ProjectionTree:
    """Return the tree of a projection expression."""
    parser = _Parser(text)
    tree = ProjectionTree(parser.series(parser.path))
    return parser.finish(tree)[0]


class _Parser:
    """A cursor over the tokens of one text, and the rules of the grammar."""

    def __init__(self, text: str) -> None:
        if not text:
            raise ExpressionProblem(messages.EXPRESSION_EMPTY)
        expression_bytes = len(text.encode("utf-8", "surrogatepass"))
        if expression_bytes > limits.EXPRESSION_BYTES_MAX:
            raise ExpressionProblem(
                messages.EXPRESSION_TOO_LONG,
                messages.older_expression_too_long(expression_bytes),
            )
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.kind = self.tokens[0].kind
        self.operator_count = 0
        self.depth = 0

    # --- the cursor ---

    def advance(self) -> Token:
        """Return the current token and skip it."""
        token = self.tokens[self.position]
        self.position += 1
        self.kind = self.tokens[self.position].kind
        return token

    def accept(self, kind: str) -> bool:
        """Skip the current token and return True if it is of that kind."""
        if self.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str) -> Token:
        """Return the current token, which must be of that kind, and skip it."""
        if self.kind != kind:
            raise self.syntax_error()
        return self.advance()

    def syntax_error(self) -> ExpressionProblem:
        """Return the error for the current token."""
        tokens, position = self.tokens, self.position
        first = tokens[position - 1] if position else None
        last = tokens[min(position + 1, len(tokens) - 1)]
        near = self.text[first.start if first else 0 : last.end]
        return ExpressionProblem(messages.expression_syntax_error(tokens[position].text, near))

    def finish(self, tree: _Part) -> tuple[_Part, int]:
        """Return the tree of the text, which must end here."""
        if self.kind != END:
            raise self.syntax_error()
        if self.operator_count > limits.EXPRESSION_OPERATORS_MAX:
            # The service stops counting at the first one too many.
            count = limits.EXPRESSION_OPERATORS_MAX + 1
            raise ExpressionProblem(messages.too_many_operators(count))
        return tree, self.operator_count

    def series(self, part: Callable[[], _Part]) -> tuple[_Part, ...]:
        # series(part) ::= part (',' part)*
        parts = [part()]
        while self.accept(","):
            parts.append(part())
        return tuple(parts)

    def closed(self, inner: Node) -> Group:
        """Skip a closing parenthesis, and return the group that it closes."""
        self.expect(")")
        if isinstance(inner, Group):
            raise ExpressionProblem(messages.REDUNDANT_PARENTHESES)
        return Group(inner)

    # --- conditions ---

    def condition(self) -> Condition:
        return self.needed_condition(self.condition_or_operand())

    def condition_or_operand(self) -> Node:
        # condition   ::= conjunction (OR conjunction)*
        # conjunction ::= negation (AND negation)*
        # negation    ::= NOT* (comparison | '(' condition ')')
        #
        # Parentheses contain a condition or an operand: `(a = :v)`, `(a) = :v`. Which of the two is
        # known only after them, so both are parsed in the same way. They can be nested as deeply as
        # 300 operators allow, too deeply for a recursive function.
        enclosing: list[_Scope] = []
        scope = _Scope()
        while True:
            scope.negations = self.negations()
            if self.accept("("):
                enclosing.append(scope)
                scope = _Scope()
                continue
            node = self.join(scope, self.comparison(self.operand()))
            while node is not None:
                if not enclosing:
                    return node
                scope = enclosing.pop()
                node = self.join(scope, self.comparison(self.closed(node)))

    def negations(self) -> int:
        """Skip all following NOTs, and return their number."""
        count = 0
        while self.accept("NOT"):
            count += 1
        self.operator_count += count
        return count

    def join(self, scope: _Scope, node: Node) -> Node | None:
        """Add a part to a condition; return the condition, or None when another part follows."""
        if scope.negations:
            node = self.needed_condition(node)
            for _ in range(min(scope.negations, limits.EXPRESSION_OPERATORS_MAX + 1)):
                node = Not(node)
        joined = self.chain("AND", And, scope.conjunction, node)
        return None if joined is None else self.chain("OR", Or, scope.disjunction, joined)

    def chain(
        self, keyword: str, tree: type[And | Or], parts: list[Condition], node: Node
    ) -> Node | None:
        """Add a part to a chain of AND or OR; return the chain, or None when it continues."""
        if self.kind == keyword:
            parts.append(self.needed_condition(node))
            self.advance()
            self.operator_count += 1
            return None
        if not parts:
            return node
        chained = tree((*parts, self.needed_condition(node)))
        parts.clear()
        return chained

    def needed_condition(self, node: Node) -> Condition:
        """Return the node, which must be a condition at this point."""
        if isinstance(ungroup(node), OPERANDS):
            raise self.syntax_error()
        return node  # type: ignore[return-value]

    def comparison(self, left: Operand | Group) -> Node:
        # comparison ::= operand comparator operand | operand BETWEEN operand AND operand
        #     | operand IN '(' series(operand) ')' | function
        if not isinstance(ungroup(left), (*OPERANDS, Call)):
            return left
        if self.kind in COMPARATORS:
            self.operator_count += 1
            return Comparison(self.advance().kind, left, self.operand())
        if self.accept("BETWEEN"):
            self.operator_count += 1
            low = self.operand()
            self.expect("AND")
            return Between(left, low, self.operand())
        if self.accept("IN"):
            self.operator_count += 1
            self.expect("(")
            candidates = self.series(self.operand)
            self.expect(")")
            return In(left, candidates)
        return left

    # --- operands ---

    def operand(self) -> Operand:
        # operand ::= ':value' | path | function | '(' operand ')'
        opened = 0
        while self.accept("("):
            opened += 1
        operand = self.atom(self.operand)
        for _ in range(opened):
            operand = self.closed(operand)
        return operand

    def atom(self, operand: Callable[[], Operand]) -> Operand:
        # atom ::= ':value' | path | name '(' series(operand) ')'
        if self.kind == VALUE_PLACEHOLDER:
            return Value(self.advance().text)
        if self.kind == NAME and self.tokens[self.position + 1].kind == "(":
            return self.call(operand)
        return self.path()

    def call(self, operand: Callable[[], Operand]) -> Call:
        # function ::= name '(' series(operand) ')'
        self.operator_count += 1
        name = self.advance().text
        if self.depth == _CALLS_DEPTH_MAX:
            count = limits.EXPRESSION_OPERATORS_MAX + 1
            raise ExpressionProblem(messages.too_many_operators(count))
        self.depth += 1
        self.advance()
        operands = self.series(operand)
        self.expect(")")
        self.depth -= 1
        return Call(name, operands)

    def path(self) -> Path:
        # path ::= (name | '#name') ('.' (name | '#name' | ':value') | '[' index ']')*
        # The service's grammar accepts a `:value` as a step, but the later checks do not.
        if self.kind not in (NAME, NAME_PLACEHOLDER):
            raise self.syntax_error()
        steps: list[str | int] = [self.advance().text]
        while self.kind in (".", "["):
            if self.advance().kind == "[":
                steps.append(int(self.expect(INDEX).text))
                self.expect("]")
            elif self.kind in _STEP_NAMES:
                steps.append(self.advance().text)
            else:
                raise self.syntax_error()
        return Path(tuple(steps))

    # --- updates ---

    def update(self) -> UpdateTree:
        # update ::= section+
        sections = [self.section()]
        while self.kind != END:
            sections.append(self.section())
        return UpdateTree(tuple(sections))

    def section(self) -> Section:
        # section ::= SET series(assignment) | REMOVE series(removal)
        #     | ADD series(addition) | DELETE series(deletion)
        actions: dict[str, Callable[[], Action]] = {
            "SET": self.assignment,
            "REMOVE": self.removal,
            "ADD": self.addition,
            "DELETE": self.deletion,
        }
        if self.kind not in actions:
            raise self.syntax_error()
        keyword = self.advance().kind
        return Section(keyword, self.series(actions[keyword]))

    def assignment(self) -> Assignment:
        # assignment ::= path '=' sum
        path = self.path()
        self.expect("=")
        return Assignment(path, self.sum())

    def removal(self) -> Removal:
        # removal ::= path
        return Removal(self.path())

    def addition(self) -> Addition:
        # addition ::= path ':value'
        return Addition(self.path(), Value(self.expect(VALUE_PLACEHOLDER).text))

    def deletion(self) -> Deletion:
        # deletion ::= path ':value'
        return Deletion(self.path(), Value(self.expect(VALUE_PLACEHOLDER).text))

    def sum(self, *, is_term: bool = False) -> Operand:
        # sum  ::= term (('+' | '-') term)?
        # term ::= ':value' | path | function | '(' sum ')'
        #
        # Without a recursive function, as in conditions. An incomplete sum is its left side and
        # operator, in the order of the parentheses.
        enclosing: list[tuple[Operand, str] | None] = []
        left: tuple[Operand, str] | None = None
        while True:
            if self.accept("("):
                enclosing.append(left)
                left = None
                continue
            node = self.atom(self.term)
            while True:
                if left is not None:
                    node = Arithmetic(left[1], left[0], node)
                elif self.kind in ("+", "-") and (enclosing or not is_term):
                    self.operator_count += 1
                    left = node, self.advance().kind
                    break
                if not enclosing:
                    return node
                node = self.closed(node)
                left = enclosing.pop()

    def term(self) -> Operand:
        return self.sum(is_term=True)


class _Scope:
    """The parts of a condition, or of a part of it in parentheses, that have been read so far."""

    __slots__ = ("conjunction", "disjunction", "negations")

    def __init__(self) -> None:
        self.negations = 0
        self.conjunction: list[Condition] = []
        self.disjunction: list[Condition] = []
