"""Fixtures of libraries that are not installed: the test that requests one fails."""

from __future__ import annotations

import pytest

WITHOUT = """
import sys
sys.modules[{0!r}] = None
"""


@pytest.mark.parametrize(
    ("library", "fixture"),
    [
        ("boto3", "dynamodb_client"),
        ("boto3", "dynamodb_resource"),
        ("boto3", "dynamodb_session"),
        ("aiobotocore", "aio_dynamodb_session"),
        ("aiobotocore", "aio_dynamodb_client"),
        ("aioboto3", "aio_dynamodb_resource"),
    ],
)
def test_it_fails(pytester, run_apart, library, fixture):
    pytester.makeconftest(WITHOUT.format(library))
    pytester.makepyfile(test_it=f"def test_it({fixture}): pass")
    result = run_apart("", "test_it.py")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([
        "_* ERROR at setup of test_it _*",
        f"the fixture {fixture} needs {library}, which is not installed: pip install {library}",
        "=* short test summary info =*",
    ], consecutive=True)  # fmt: skip
