"""Fixtures of libraries that are not installed: the test that requests one fails."""

from __future__ import annotations

WITHOUT = """
import sys
for library in ("aioboto3", "aiobotocore", "boto3"):
    sys.modules[library] = None
"""
LIBRARIES = {
    "dynamodb_client": "boto3",
    "dynamodb_resource": "boto3",
    "dynamodb_session": "boto3",
    "aio_dynamodb_session": "aiobotocore",
    "aio_dynamodb_client": "aiobotocore",
    "aio_dynamodb_resource": "aioboto3",
}


def test_it_fails(pytester, run_apart):
    pytester.makeconftest(WITHOUT)
    tests = "\n".join(f"def test_{fixture}({fixture}): pass" for fixture in LIBRARIES)
    pytester.makepyfile(test_it=tests)
    result = run_apart("", "test_it.py")
    result.assert_outcomes(errors=len(LIBRARIES))
    for fixture, library in LIBRARIES.items():
        result.stdout.fnmatch_lines([
            f"_* ERROR at setup of test_{fixture} _*",
            f"the fixture {fixture} needs {library}, which is not installed: pip install {library}",
            "[_=]* *",
        ], consecutive=True)  # fmt: skip
