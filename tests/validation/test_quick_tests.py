from __future__ import annotations

import re

import pytest

from ddbmock._internal.validation.member_constraints import Constraints
from ddbmock._internal.validation.model_overrides import Bounds
from ddbmock._internal.validation.quick_tests import text_test

PATTERNS = [None, r"[a-zA-Z0-9_.-]+", r"a|b+", r"^\S+$", r".*"]
BOUNDS = [(None, None), (1, None), (None, 3), (0, 2), (3, 5), (2, 2)]
TEXTS = [
    "",
    "a",
    "b",
    "ab",
    "bb",
    "bbb",
    "abc",
    "a-c.d",
    "abcdef",
    "a b",
    "a\n",
    "bbb\n",
    "\n\n",
    "äöü",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("bounds", BOUNDS)
def test_length_and_pattern_of_a_text_are_tested_together(pattern, bounds):
    least, greatest = bounds
    compiled = None if pattern is None else re.compile(pattern)
    test = text_test(
        Constraints(
            allowed=(),
            bounds=Bounds(least, greatest),
            pattern=compiled,
            length_first=True,
        )
    )
    for text in TEXTS:
        fits = (least or 0) <= len(text) <= (greatest if greatest is not None else 99)
        matches = compiled is None or compiled.fullmatch(text) is not None
        assert (test is None or bool(test(text))) == (fits and matches), text
