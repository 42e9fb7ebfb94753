"""The parser of statements: SELECT, INSERT, UPDATE, DELETE, and `FROM … SET …`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql import tokens, words
from ddbmock._internal.partiql.cursor import span_of
from ddbmock._internal.partiql.grammar import ExpressionParser
from ddbmock._internal.partiql.problems import StatementProblem, malformed
from ddbmock._internal.partiql.tree import (
    Action,
    Assignment,
    Clause,
    Column,
    Delete,
    Expression,
    Insertion,
    Name,
    OrderTerm,
    Path,
    Removal,
    Returning,
    Select,
    Source,
    Update,
    Wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.partiql.tokens import Token

_NAMES = frozenset({tokens.IDENTIFIER, tokens.QUOTED_IDENTIFIER})
_RETURNING = ("modified_old", "modified_new", "all_old", "all_new")
#: Keywords that cannot begin an element of a SELECT list.
_NOT_IN_LIST = frozenset(
    {"insert_into", "set", "remove", "update", "delete", "select", "from", "where"}
)


def parse_statement(text: str) -> tuple[Expression, int]:
    """Return the tree of a statement and the number of its parameters.

    Raises:
        StatementProblem: The statement is not well formed, or of an unsupported kind.

    >>> tree, parameter_count = parse_statement('DELETE FROM "t" WHERE pk = ?')
    >>> type(tree).__name__, parameter_count
    ('Delete', 1)
    """
    parser = StatementParser(text)
    tree = parser.expression()
    cursor = parser.cursor
    if not cursor.at_end:
        if cursor.head.kind == tokens.SEMICOLON:
            raise malformed("Unexpected token after semicolon. (Only one query is allowed.)")
        raise malformed("Unexpected token after expression")
    return tree, parser.parameter_count


class StatementParser(ExpressionParser):
    """A parser of statements, which can be nested in expressions (a SELECT in EXISTS)."""

    def keyword(self, token: Token) -> Expression:
        """Parse a statement or expression that begins with a keyword."""
        read = self._STATEMENTS.get(token.text)
        if read is None:
            return super().keyword(token)
        self.cursor.advance()
        return read(self, token)

    # --- SELECT ---

    def _select(self, token: Token) -> Expression:
        cursor = self.cursor
        clauses: list[Clause] = []
        quantifier = cursor.take_word("distinct", "all")
        if quantifier is not None and quantifier.text == "distinct":
            clauses.append(Clause("DISTINCT", (), span_of(quantifier)))
        if value := cursor.take_word("value"):
            clauses.append(Clause("SELECT VALUE", (self.expression(),), span_of(value)))
            columns: tuple[Column, ...] = ()
        else:
            columns = self._columns()
        if not cursor.take_word("from"):
            raise malformed("Expected FROM after SELECT list")
        sources = self._sources(clauses)
        where = self._where()
        order, rest = self._clauses()
        return Select(columns, sources, where, order, (*clauses, *rest), span_of(token))

    def _columns(self) -> tuple[Column, ...]:
        columns = self.comma_list(self._column)
        if len(columns) > 1 and any(column.expression is None for column in columns):
            raise malformed(
                "Other expressions may not be present in the select list when '*' is used"
                " without dot notation."
            )
        return columns

    def _column(self) -> Column:
        if self.cursor.take(tokens.STAR):
            return Column(None)
        word = self.cursor.head.word
        if word in _NOT_IN_LIST:
            raise malformed(
                "Expected identifier or an expression but found unexpected keyword"
                f" '{word}' in a select list."
            )
        expression = self.expression()
        _check_wildcards(expression)
        return Column(expression, self._alias())

    def _alias(self) -> str | None:
        if self.cursor.take(tokens.AS):
            if self.cursor.head.kind not in _NAMES:
                raise malformed("Expected identifier for AS-alias")
            return self.cursor.advance().text
        return self.cursor.advance().text if self.cursor.head.kind in _NAMES else None

    def _sources(self, clauses: list[Clause]) -> tuple[Source, ...]:
        if unpivot := self.cursor.take_word("unpivot"):
            clauses.append(Clause("UNPIVOT", (), span_of(unpivot)))
        sources = [self._source(self.expression(words.CLAUSE_PRECEDENCE))]
        while self.cursor.head.kind == tokens.COMMA or self.cursor.head.word in words.JOINS:
            join = self.cursor.advance()
            sources.append(self._source(self.expression(words.CLAUSE_PRECEDENCE)))
            if join.kind == tokens.KEYWORD and "cross" not in join.text:
                if not self.cursor.take_word("on"):
                    raise malformed("Expected 'ON'")
                self.expression(words.CLAUSE_PRECEDENCE)
        return tuple(sources)

    def _source(self, expression: Expression) -> Source:
        alias = self._alias()
        for kind in (tokens.AT, tokens.BY):
            if self.cursor.take(kind):
                if self.cursor.head.kind not in _NAMES:
                    raise malformed(f"Expected identifier for {kind}-alias")
                alias = self.cursor.advance().text
        return Source(expression, alias)

    def _where(self) -> Expression | None:
        if self.cursor.take_word("where"):
            return self.expression(words.CLAUSE_PRECEDENCE)
        return None

    def _clauses(self) -> tuple[tuple[OrderTerm, ...], list[Clause]]:
        """Parse the clauses that may follow WHERE, in their order."""
        clauses: list[Clause] = []
        if self.cursor.take_word("group"):
            self.cursor.take_word("partial")
            self.cursor.expect(tokens.BY)
            keys = self.comma_list(lambda: self.expression(words.CLAUSE_PRECEDENCE))
            clauses.append(Clause("GROUP BY", keys))
        clauses += self._single_clause("having")
        order: tuple[OrderTerm, ...] = ()
        if self.cursor.take_word("order"):
            self.cursor.expect(tokens.BY)
            order = self.comma_list(self._order_term)
        return order, [*clauses, *self._single_clause("limit"), *self._single_clause("offset")]

    def _single_clause(self, word: str) -> list[Clause]:
        if not self.cursor.take_word(word):
            return []
        expression = self.expression(words.CLAUSE_PRECEDENCE)
        return [Clause(word.upper(), (expression,), expression.span)]

    def _order_term(self) -> OrderTerm:
        expression = self.expression()
        direction = self.cursor.take_word("asc", "desc")
        return OrderTerm(expression, None if direction is None else direction.text == "desc")

    # --- manipulations ---

    def _insert(self, token: Token) -> Expression:
        target = self.simple_path()
        if not self.cursor.take_word("value"):
            return Insertion(target, self.expression(), single=False, span=span_of(token))
        value = self.expression()
        clauses: list[Clause] = []
        if at := self.cursor.take(tokens.AT):
            clauses.append(Clause("AT", (self.expression(),), span_of(at)))
        if self.cursor.take_word("on_conflict"):
            clauses.append(Clause("ON CONFLICT", (self._conflict(),)))
        returning = self.cursor.head
        if self._returning() is not None:
            clauses.append(Clause("RETURNING", (), span_of(returning)))
        return Insertion(target, value, clauses=tuple(clauses), span=span_of(token))

    def _conflict(self) -> Expression:
        if not self.cursor.take_word("where"):
            raise malformed("invalid ON CONFLICT syntax")
        condition = self.expression()
        if not self.cursor.take_word("do_nothing"):
            raise malformed("invalid ON CONFLICT syntax")
        return condition

    def _update(self, token: Token) -> Expression:
        source = self._source(self.simple_path())
        actions = self._actions()
        where = self._where()
        return Update(source, actions, where, self._returning(), span_of(token))

    def _delete(self, token: Token) -> Expression:
        if not self.cursor.take_word("from"):
            raise malformed("Expected FROM after DELETE")
        source = self._source(self.simple_path())
        where = self._where()
        return Delete(source, where, self._returning(), span_of(token))

    def _from(self, token: Token) -> Expression:
        clauses: list[Clause] = []
        sources = self._sources(clauses)
        where = self._where()
        actions = self._actions()
        if len(sources) > 1 or clauses:
            raise StatementProblem(messages.MANIPULATION_OF_SEVERAL_SOURCES)
        return Update(sources[0], actions, where, self._returning(), span_of(token))

    def _actions(self) -> tuple[Action, ...]:
        actions: list[Action] = []
        while token := self.cursor.take_word("set", "remove", "insert_into"):
            actions += self._ACTIONS[token.text](self, token)
        if not actions:
            raise malformed("Expected data manipulation")
        return tuple(actions)

    def _bare_action(self, token: Token) -> Expression:
        return Update(None, tuple(self._ACTIONS[token.text](self, token)), span=span_of(token))

    def _set(self, _: Token) -> list[Action]:
        return list(self.comma_list(self._assignment))

    def _assignment(self) -> Assignment:
        path = self.simple_path()
        if not self.cursor.take_word("="):
            raise malformed("Expected '='")
        return Assignment(path, self.expression())

    def _remove(self, _: Token) -> list[Action]:
        return [Removal(self.simple_path())]

    def _nested_insert(self, token: Token) -> list[Action]:
        made = self._insert(token)
        return [made] if isinstance(made, Insertion) else []

    def _returning(self) -> Returning | None:
        if not self.cursor.take_word("returning"):
            return None
        return Returning(self.comma_list(self._returning_element))

    def _returning_element(self) -> tuple[str, Expression | None]:
        mapping = self.cursor.take_word(*_RETURNING)
        if mapping is None:
            raise malformed("Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.")
        if self.cursor.take(tokens.STAR):
            return mapping.text, None
        column = self.expression()
        if not isinstance(column, (Name, Path)):
            raise malformed("Unsupported syntax in RETURNING columns.")
        return mapping.text, column

    # --- definitions, which DynamoDB does not support ---

    def _create(self, _: Token) -> Expression:
        return self._definition("CREATE", "Create")

    def _drop(self, _: Token) -> Expression:
        return self._definition("DROP", "Drop")

    def _definition(self, word: str, name: str) -> Expression:
        kind = self.cursor.take_word("table", "index")
        if kind is None:
            raise malformed(f"Unexpected token following {word}")
        raise StatementProblem(messages.unsupported_statement(name + kind.text.capitalize()))

    _STATEMENTS: ClassVar[dict[str, Callable[[Any, Token], Expression]]] = {
        "select": _select,
        "insert_into": _insert,
        "update": _update,
        "delete": _delete,
        "from": _from,
        "set": _bare_action,
        "remove": _bare_action,
        "create": _create,
        "drop": _drop,
    }
    _ACTIONS: ClassVar[dict[str, Callable[[Any, Token], list[Action]]]] = {
        "set": _set,
        "remove": _remove,
        "insert_into": _nested_insert,
    }


def _check_wildcards(expression: Expression) -> None:
    if not isinstance(expression, Path):
        return
    wildcards = [step for step in expression.steps if isinstance(step, Wildcard)]
    last = expression.steps[-1]
    if any(wildcard.bracketed or wildcard is not last for wildcard in wildcards):
        raise malformed("Invalid use of * in select list")
    if wildcards and len({type(step) for step in expression.steps[:-1]}) > 1:
        raise malformed("Cannot use [] and * together in SELECT list expression")
