"""Random items as DynamoDB holds them, with the names and texts that formats stumble over."""

from __future__ import annotations

from hypothesis import strategies as st

TEXTS = st.text(max_size=8)
NUMBERS = st.one_of(
    st.integers(-(10**37), 10**37).map(str),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=5, min_value=-1000, max_value=1000
    ).map(lambda number: f"{number:f}"),
    st.sampled_from(["1e125", "1e-130", "-0.1", "1e5", "0"]),
)
BINARIES = st.binary(max_size=8)
SCALARS = st.one_of(
    TEXTS.map(lambda text: {"S": text}),
    NUMBERS.map(lambda number: {"N": number}),
    BINARIES.map(lambda content: {"B": content}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.sets(TEXTS, min_size=1, max_size=3).map(lambda members: {"SS": sorted(members)}),
    st.sets(st.integers(-99, 99), min_size=1, max_size=3).map(
        lambda members: {"NS": list(map(str, sorted(members)))}
    ),
    st.sets(BINARIES, min_size=1, max_size=3).map(lambda members: {"BS": sorted(members)}),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda elements: {"L": elements}),
        st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3).map(
            lambda members: {"M": members}
        ),
    ),
    max_leaves=6,
)
NAMES = st.one_of(
    st.sampled_from([
        *("a", "a:S", "a:N", "a:b", "0o17", "no", "null", "1.5", "=", "<<", "a,b", "N", "~"),
        *("$1", "$ion_1_0", "nan", "'", '"', "\\", "a\nb", " a"),
    ]),
    st.text(min_size=1, max_size=6),
).filter(lambda name: name != "id")  # fmt: skip
#: Items without their key, `id`.
ITEMS = st.dictionaries(NAMES, VALUES, max_size=4)
