"""Scores of vectors, and that NumPy changes nothing but the time that a search takes."""

from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction
from math import inf, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine import distances
from ddbmock._internal.engine.distances import (
    COSINE,
    DOT_PRODUCT,
    EUCLIDEAN,
    FLOAT32_MAX,
    float32,
    nearest,
    plain_text,
    score,
    vector_of,
)

FUNCTIONS = [COSINE, DOT_PRODUCT, EUCLIDEAN]
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
#: Few values, so that there are ties.
VECTORS = st.lists(
    st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.1, 0.3, 1e-20, 3e38]), min_size=3, max_size=3),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("other", "cosine", "euclidean", "product"),
    [
        ([0.7071, 0.7071, 0, 0], 0.29, 0.77, 0.71),
        ([-1, 0, 0, 0], 2.0, 2.0, -1.0),
        ([10, 0, 0, 0], 0.0, 9.0, 10.0),
        ([0, 0, 0, 0], 1.0, 1.0, 0.0),
    ],
)
def test_the_documented_scores(other, cosine, euclidean, product):
    query, vector = vector_of([1, 0, 0, 0]), vector_of(other)
    found = [score(function, query, vector) for function in (COSINE, EUCLIDEAN, DOT_PRODUCT)]
    assert [round(each, 2) for each in found] == [cosine, euclidean, product]


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=20))
def test_a_dot_product_is_exact(pairs):
    left, right = (vector_of(components) for components in zip(*pairs, strict=True))
    exact = sum(Fraction(a) * Fraction(b) for a, b in zip(left, right, strict=True))
    assert score(DOT_PRODUCT, left, right) == float32(float(exact))


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=20))
def test_a_distance(pairs):
    left, right = (vector_of(components) for components in zip(*pairs, strict=True))
    squares = sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(left, right, strict=True))
    expected = sqrt(squares) if squares < 10**300 else inf
    found = score(EUCLIDEAN, left, right)
    # Next to zero, floats of four bytes are 1.4e-45 apart.
    assert isclose(found, min(expected, FLOAT32_MAX), rel_tol=1e-6, abs_tol=1.5e-45)


@given(FLOATS)
def test_a_plain_text_is_the_number_again(number):
    text = plain_text(number)
    assert struct.pack("f", float(text)) == struct.pack("f", number + 0.0)
    assert "e" not in text.lower()
    assert len(Decimal(text).as_tuple().digits) <= 9 or "." not in text


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("count", [1, 3, 100])
@given(vectors=VECTORS, query=st.lists(FLOATS, min_size=3, max_size=3))
def test_results_are_the_same_without_numpy(function, count, vectors, query):
    pytest.importorskip("numpy")
    stored, keys = [vector_of(each) for each in vectors], list(range(len(vectors)))[::-1]
    without = nearest(function, vector_of(query), stored, keys, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distances, "_NUMPY_COMPONENTS_MIN", 0)
        assert nearest(function, vector_of(query), stored, keys, count) == without


def test_numpy_leaves_few_candidates(monkeypatch):
    pytest.importorskip("numpy")
    monkeypatch.setattr(distances, "_NUMPY_COMPONENTS_MIN", 0)
    stored = [vector_of([number, 1.0]) for number in range(100)]
    for function in (DOT_PRODUCT, EUCLIDEAN):
        found = distances._candidates(function, vector_of([50.2, 1.0]), stored, 3)
        assert len(found) == 3


def test_without_numpy(monkeypatch):
    monkeypatch.setattr(distances, "numpy", lambda: None)
    monkeypatch.setattr(distances, "_NUMPY_COMPONENTS_MIN", 0)
    stored = [vector_of([number]) for number in (3, 1, 2)]
    assert nearest(EUCLIDEAN, vector_of([0]), stored, "abc", 2) == [(1.0, 1), (2.0, 2)]
