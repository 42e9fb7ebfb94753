"""Distances of vectors: exact scores, and the nearest of many.

1. Vectors hold 32-bit floating point numbers. Sums are exact and rounded once (`math.fsum`), so a
   score does not depend on an order of additions.
2. NumPy, where it is installed, finds the few vectors that can be among the nearest ones; these are
   scored exactly, as all are without it. So the results are the same, to the last bit.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
"""

from __future__ import annotations

import struct
from array import array
from functools import lru_cache
from heapq import nsmallest
from math import fsum, sqrt
from operator import mul, sub
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: 32-bit floating point numbers, of the type code "f".
    Vector = array[float]

COSINE, DOT_PRODUCT, EUCLIDEAN = "COSINE", "DOT_PRODUCT", "EUCLIDEAN"

FLOAT32_MAX: float = struct.unpack("f", struct.pack("I", 0x7F7FFFFF))[0]
#: The smallest number that does not round to one of 32 bits.
FLOAT32_BOUND = 3.4028235e38
#: From this many components on NumPy is worth its import and its copies.
_NUMPY_COMPONENTS_MIN = 50_000
#: A generous bound of the relative error of a sum of NumPy.
_RELATIVE_ERROR = 1e-10


def vector_of(components: Sequence[float]) -> Vector:
    """Return a vector of the nearest 32-bit numbers.

    >>> vector_of([0.1])[0]
    0.10000000149011612
    """
    return array("f", components)


def float32(number: float) -> float:
    """Return the 32-bit number nearest to a number; the greatest one if the number is greater.

    >>> float32(0.1), float32(-1e300) == -FLOAT32_MAX
    (0.10000000149011612, True)
    """
    if abs(number) >= FLOAT32_BOUND:
        return FLOAT32_MAX if number > 0 else -FLOAT32_MAX
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded


def plain_text(component: float) -> str:
    """Return the shortest decimal text of a 32-bit number, without an exponent.

    >>> plain_text(vector_of([0.1])[0]), plain_text(0.0), plain_text(vector_of([1e-10])[0])
    ('0.1', '0', '0.0000000001')
    """
    if component == 0:
        return "0"
    for digits in range(1, 10):
        text = f"{component:.{digits}g}"
        if abs(float(text)) <= FLOAT32_BOUND and float32(float(text)) == component:
            break
    mantissa, _, exponent_text = text.partition("e")
    if not exponent_text:
        return text
    sign, mantissa = ("-", mantissa[1:]) if mantissa[0] == "-" else ("", mantissa)
    whole, _, fraction = mantissa.partition(".")
    exponent = int(exponent_text)
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{whole}{fraction}"
    return f"{sign}{whole}{fraction.ljust(exponent, '0')}"


# --- scores --------------------------------------------------------------------------------------


def _dot_product(left: Vector, right: Vector) -> float:
    return fsum(map(mul, left, right))


def _euclidean(left: Vector, right: Vector) -> float:
    differences = list(map(sub, left, right))
    return sqrt(fsum(map(mul, differences, differences)))


def _cosine(left: Vector, right: Vector) -> float:
    """Return 1 - the cosine; a vector of zeros has no direction and counts as perpendicular."""
    lengths = sqrt(_dot_product(left, left)) * sqrt(_dot_product(right, right))
    if lengths == 0:
        return 1.0
    return 1.0 - max(-1.0, min(1.0, _dot_product(left, right) / lengths))


_SCORES: dict[str, Callable[[Vector, Vector], float]] = {
    COSINE: _cosine,
    DOT_PRODUCT: _dot_product,
    EUCLIDEAN: _euclidean,
}


def score(function: str, left: Vector, right: Vector) -> float:
    """Return the score of two vectors, a 32-bit number.

    >>> [round(score(each, vector_of([1, 0]), vector_of([3, 4])), 6) for each in _SCORES]
    [0.4, 3.0, 4.472136]
    """
    return float32(_SCORES[function](left, right))


def nearest(
    function: str, query: Vector, vectors: Sequence[Vector], keys: Sequence[Any], count: int
) -> list[tuple[float, int]]:
    """Return the scores and positions of the nearest vectors, the nearest first.

    Vectors that are equally near are in the order of their keys.

    >>> vectors = [vector_of([2]), vector_of([1]), vector_of([-1])]
    >>> nearest(EUCLIDEAN, vector_of([0]), vectors, "zyx", 2)
    [(1.0, 2), (1.0, 1)]
    """
    # A high dot product is near, any other high score is far.
    sign = -1.0 if function == DOT_PRODUCT else 1.0
    exact = _SCORES[function]
    ranks = [
        (sign * exact(query, vectors[position]), keys[position], position)
        for position in _candidates(function, query, vectors, count)
    ]
    return [(float32(sign * rank), position) for rank, _, position in nsmallest(count, ranks)]


# --- with NumPy ----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def numpy() -> Any:
    """Return NumPy, None where it is not installed."""
    try:
        import numpy as np  # noqa: PLC0415 (optional)
    except ImportError:
        return None
    return np


def _candidates(
    function: str, query: Vector, vectors: Sequence[Vector], count: int
) -> Sequence[int]:
    """Return the positions of all vectors that can be among the nearest ones."""
    all_positions = range(len(vectors))
    if len(vectors) <= count or len(vectors) * len(query) < _NUMPY_COMPONENTS_MIN:
        return all_positions
    np = numpy()
    if np is None:
        return all_positions
    matrix = np.frombuffer(b"".join(vectors), dtype=np.float32).reshape(len(vectors), len(query))
    ranks, errors = _approximate(np, function, np.asarray(query, dtype=np.float64), matrix)
    bound = np.partition(ranks + errors, count - 1)[count - 1]
    positions: list[int] = np.flatnonzero(ranks - errors <= bound).tolist()
    return positions


def _approximate(np: Any, function: str, query: Any, matrix: Any) -> tuple[Any, Any]:
    """Return the ranks of all vectors, and how far these can be from the exact ones."""
    matrix = matrix.astype(np.float64)
    if function == EUCLIDEAN:
        ranks = np.sqrt(((matrix - query) ** 2).sum(axis=1))
        return ranks, ranks * _RELATIVE_ERROR
    products = matrix @ query
    lengths = np.sqrt((matrix**2).sum(axis=1)) * np.sqrt((query**2).sum())
    if function == DOT_PRODUCT:
        return -products, lengths * _RELATIVE_ERROR
    cosines = np.divide(products, lengths, out=np.zeros_like(products), where=lengths != 0)
    return 1.0 - cosines, np.full_like(products, _RELATIVE_ERROR)
