"""Tokens to trees: the grammar of every kind of expression, one method a rule.

A syntax error names the first token that fits no rule, and quotes the text from the token before it
to the token after it. Two parentheses straight around the same thing are refused as soon as the
outer pair closes, before any later syntax error.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock import limits, messages
from ddbmock.expressions.problems import ExpressionProblem
from ddbmock.expressions.tokens import (
    END,
    INDEX,
    NAME,
    NAME_PLACEHOLDER,
    VALUE_PLACEHOLDER,
    Token,
    tokenize,
)
from ddbmock.expressions.tree import (
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

if TYPE_CHECKING:
    from collections.abc import Callable

COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_STEP_NAMES = (NAME, NAME_PLACEHOLDER, VALUE_PLACEHOLDER)
# Deeper than this, well-formed text has too many operators or redundant parentheses anyway.
_NESTING_MAX = 100

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
    """A cursor over the tokens of one text, and the rules."""

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
        """Return the current token and go past it."""
        token = self.tokens[self.position]
        self.position += 1
        self.kind = self.tokens[self.position].kind
        return token

    def accept(self, kind: str) -> bool:
        """Go past the current token if it is of that kind."""
        if self.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str) -> Token:
        """Return the current token, which must be of that kind, and go past it."""
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
        """Return the tree of the whole text, which must end here."""
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

    def group(self, content: Callable[[], Node]) -> Group:
        # group(content) ::= '(' content ')'
        if self.depth == _NESTING_MAX:
            count = limits.EXPRESSION_OPERATORS_MAX + 1
            raise ExpressionProblem(messages.too_many_operators(count))
        self.depth += 1
        self.advance()
        inner = content()
        self.expect(")")
        self.depth -= 1
        if isinstance(inner, Group):
            raise ExpressionProblem(messages.REDUNDANT_PARENTHESES)
        return Group(inner)

    # --- conditions ---

    def condition(self) -> Condition:
        # condition ::= conjunction (OR conjunction)*
        return self.needed_condition(self.condition_or_operand())

    def condition_or_operand(self) -> Node:
        # Inside parentheses may be a condition or an operand: `(a = :v)`, `(a) = :v`. Which of
        # the two it is shows only at the end, so the rules from here to `comparison` read both.
        first = self.conjunction()
        if self.kind != "OR":
            return first
        conditions = [self.needed_condition(first)]
        while self.accept("OR"):
            self.operator_count += 1
            conditions.append(self.needed_condition(self.conjunction()))
        return Or(tuple(conditions))

    def conjunction(self) -> Node:
        # conjunction ::= negation (AND negation)*
        first = self.negation()
        if self.kind != "AND":
            return first
        conditions = [self.needed_condition(first)]
        while self.accept("AND"):
            self.operator_count += 1
            conditions.append(self.needed_condition(self.negation()))
        return And(tuple(conditions))

    def negation(self) -> Node:
        # negation ::= NOT* (comparison | '(' condition ')')
        negations = 0
        while self.accept("NOT"):
            negations += 1
        self.operator_count += negations
        node = self.comparison()
        if negations:
            node = self.needed_condition(node)
            for _ in range(min(negations, limits.EXPRESSION_OPERATORS_MAX + 1)):
                node = Not(node)
        return node

    def needed_condition(self, node: Node) -> Condition:
        """Return the node, which must be a condition where it stands."""
        if isinstance(ungroup(node), OPERANDS):
            raise self.syntax_error()
        return node  # type: ignore[return-value]

    def comparison(self) -> Node:
        # comparison ::= operand comparator operand | operand BETWEEN operand AND operand
        #     | operand IN '(' series(operand) ')' | function
        left = self.group(self.condition_or_operand) if self.kind == "(" else self.operand()
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
        if self.kind == VALUE_PLACEHOLDER:
            return Value(self.advance().text)
        if self.kind == "(":
            return self.group(self.operand)
        if self.kind == NAME and self.tokens[self.position + 1].kind == "(":
            return self.call(self.operand)
        return self.path()

    def call(self, operand: Callable[[], Operand]) -> Call:
        # function ::= name '(' series(operand) ')'
        self.operator_count += 1
        name = self.advance().text
        if self.depth == _NESTING_MAX:
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
        # The service's grammar takes a `:value` as a step; what comes after it does not.
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

    def sum(self) -> Operand:
        # sum ::= term (('+' | '-') term)?
        left = self.term()
        if self.kind not in ("+", "-"):
            return left
        self.operator_count += 1
        return Arithmetic(self.advance().kind, left, self.term())

    def term(self) -> Operand:
        # term ::= ':value' | path | function | '(' sum ')'
        if self.kind == VALUE_PLACEHOLDER:
            return Value(self.advance().text)
        if self.kind == "(":
            return self.group(self.sum)
        if self.kind == NAME and self.tokens[self.position + 1].kind == "(":
            return self.call(self.term)
        return self.path()
