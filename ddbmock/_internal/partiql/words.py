"""The words and operators of PartiQL: keywords, compound tokens, precedences.

Statements have PartiQL's own keywords, not the reserved words of expressions. A keyword is a name
only in double quotes.

https://partiql.org/assets/PartiQL-Specification.pdf
"""

from __future__ import annotations

#: SQL-92's keywords and PartiQL's additions, in lower case.
_KEYWORDS = """
absolute action add all allocate alter and any are as asc assertion at authorization avg begin
between bit bit_length by cascade cascaded case cast catalog char character character_length
char_length check close coalesce collate collation column commit connect connection constraint
constraints continue convert corresponding count create cross current current_date current_time
current_timestamp current_user cursor date date_add date_diff deallocate dec decimal declare
default deferrable deferred delete desc describe descriptor diagnostics disconnect distinct
domain double drop else end escape except exception exec execute exists external extract false
fetch first float for foreign found from full get global go goto grant group having identity
immediate in indicator initially inner input insensitive insert int integer intersect interval
into is isolation join key language last left level like local lower match max min module names
national natural nchar next no not null nullif numeric octet_length of on only open option or
order outer output overlaps pad partial position precision prepare preserve primary prior
privileges procedure public read real references relative restrict revoke right rollback rows
schema scroll section select session session_user set size smallint some space sql sqlcode
sqlerror sqlstate substring sum system_user table temporary then time timestamp to transaction
translate translation trim true union unique unknown update upper usage user using value values
varchar varying view when whenever where with work write zone

can_cast can_lossless_cast missing pivot unpivot limit offset tuple remove index let
integer2 int2 integer4 int4 integer8 int8 bigint conflict do nothing returning modified new old
bool boolean string symbol clob blob struct list sexp bag
"""
KEYWORDS = frozenset(_KEYWORDS.split())

#: Keywords that are operators.
OPERATOR_WORDS = frozenset(
    {"and", "or", "not", "is", "in", "between", "like", "union", "except", "intersect"}
)

#: Words that form one token; longer ones first. The text is the one in errors.
MERGED_WORDS: dict[tuple[str, ...], str] = {
    ("full", "outer", "cross", "join"): "outer_cross_join",
    ("left", "outer", "cross", "join"): "left_cross_join",
    ("right", "outer", "cross", "join"): "right_cross_join",
    ("full", "outer", "join"): "outer_join",
    ("left", "outer", "join"): "left_join",
    ("right", "outer", "join"): "right_join",
    ("full", "cross", "join"): "outer_cross_join",
    ("left", "cross", "join"): "left_cross_join",
    ("right", "cross", "join"): "right_cross_join",
    ("inner", "cross", "join"): "cross_join",
    ("outer", "cross", "join"): "outer_cross_join",
    ("cross", "join"): "cross_join",
    ("inner", "join"): "inner_join",
    ("left", "join"): "left_join",
    ("right", "join"): "right_join",
    ("full", "join"): "outer_join",
    ("outer", "join"): "outer_join",
    ("insert", "into"): "insert_into",
    ("on", "conflict"): "on_conflict",
    ("do", "nothing"): "do_nothing",
    ("modified", "old"): "modified_old",
    ("modified", "new"): "modified_new",
    ("all", "old"): "all_old",
    ("all", "new"): "all_new",
    ("double", "precision"): "double_precision",
    ("character", "varying"): "character_varying",
    ("not", "in"): "not_in",
    ("not", "between"): "not_between",
    ("not", "like"): "not_like",
    ("is", "not"): "is_not",
    ("union", "all"): "union_all",
    ("intersect", "all"): "intersect_all",
    ("except", "all"): "except_all",
}
MERGED_OPERATORS = frozenset(
    {"not_in", "not_between", "not_like", "is_not", "union_all", "intersect_all", "except_all"}
)
JOINS = frozenset(
    {
        "join",
        "cross_join",
        "inner_join",
        "left_join",
        "left_cross_join",
        "right_join",
        "right_cross_join",
        "outer_join",
        "outer_cross_join",
    }
)

#: Precedences of infix operators; all are left-associative.
PRECEDENCE = {
    **dict.fromkeys(
        ("union", "union_all", "intersect", "intersect_all", "except", "except_all"), 5
    ),
    "or": 10,
    "and": 20,
    **dict.fromkeys(("=", "<>", "is", "is_not", "in", "not_in"), 40),
    **dict.fromkeys(("<", "<=", ">", ">=", "between", "not_between", "like", "not_like"), 50),
    **dict.fromkeys(("+", "-", "||"), 60),
    **dict.fromkeys(("*", "/", "%"), 70),
}
NOT_PRECEDENCE = 30
#: The precedence of expressions in FROM, WHERE and the like.
CLAUSE_PRECEDENCE = 6

#: Keywords that are functions if a parenthesis follows.
_FUNCTIONS = """
exists count avg max min sum substring char_length character_length octet_length bit_length
upper lower size sexp list bag
"""
FUNCTION_WORDS = frozenset(_FUNCTIONS.split())
AGGREGATES = frozenset({"count", "avg", "max", "min", "sum"})

#: Type names after IS, aliases resolved.
TYPE_ALIASES = {
    "varchar": "character_varying",
    "char": "character",
    "dec": "decimal",
    "int": "integer",
    "int2": "smallint",
    "integer2": "smallint",
    "int4": "integer4",
    "int8": "integer8",
    "bigint": "integer8",
    "bool": "boolean",
}
_TYPES = """
missing null boolean smallint integer4 integer8 integer float real double_precision decimal
numeric timestamp date time character character_varying string symbol clob blob struct tuple
list sexp bag any
"""
TYPE_NAMES = frozenset(_TYPES.split())

#: Keywords of syntax that DynamoDB does not support, with its name in the service's text.
FOREIGN_SYNTAX = {
    "case": "SimpleCase",
    "cast": "Cast",
    "can_cast": "CanCast",
    "can_lossless_cast": "CanLosslessCast",
    "pivot": "Select",
    "values": "Bag",
    "substring": "Call",
    "trim": "Call",
    "extract": "Call",
    "date_add": "Call",
    "date_diff": "Call",
    "date": "Date",
    "time": "LitTime",
    "nullif": "NullIf",
    "coalesce": "Coalesce",
    "exec": "Exec",
}
