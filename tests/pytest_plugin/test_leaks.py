"""A mock that a test leaves active is ended, and the test is named."""

from __future__ import annotations

import pytest

LEFT = (
    "*{} left a mock of DynamoDB active, which was started at *{}; it has been ended: call its"
    " stop() in the tear-down, or use `with mock_dynamodb():`"
)
NEXT = """
    def test_next(ddb):
        assert dict(ddb.tables) == {}
"""


def test_a_test_that_forgets_to_stop(run):
    result = run(
        """
    from ddbmock import mock_dynamodb

    def test_forgetful():
        mock_dynamodb().start()
        create_table(boto3.client("dynamodb"))
    """
        + NEXT
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines([
        "_* ERROR at teardown of test_forgetful _*",
        LEFT.format(
            "test_a_test_that_forgets_to_stop.py::test_forgetful",
            "test_a_test_that_forgets_to_stop.py:15",
        ),
    ], consecutive=True)  # fmt: skip


@pytest.mark.parametrize("form", ["fixture", "setup_method", "unittest"])
def test_a_set_up_that_forgets(run, form):
    bodies = {
        "fixture": """
    @pytest.fixture
    def started():
        return mock_dynamodb().start()

    def test_forgetful(started):
        create_table(boto3.client("dynamodb"))
    """,
        "setup_method": """
    class TestClass:
        def setup_method(self):
            mock_dynamodb().start()

        def test_forgetful(self):
            create_table(boto3.client("dynamodb"))
    """,
        "unittest": """
    import unittest

    class Case(unittest.TestCase):
        def setUp(self):
            mock_dynamodb().start()

        def test_forgetful(self):
            create_table(boto3.client("dynamodb"))
    """,
    }
    result = run("\n    from ddbmock import mock_dynamodb" + bodies[form] + NEXT)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines([LEFT.format("test_forgetful", "*.py:*")])


def test_start_and_stop_in_pairs(run):
    run("""
        import unittest
        from ddbmock import mock_dynamodb

        MOCK = mock_dynamodb()

        class Case(unittest.TestCase):
            def setUp(self):
                MOCK.start()

            def tearDown(self):
                MOCK.stop()

            def test_one(self):
                create_table(boto3.client("dynamodb"))

            test_two = test_one

        class WithCleanUp(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                mock = mock_dynamodb()
                mock.start()
                cls.addClassCleanup(mock.stop)
                create_table(boto3.client("dynamodb"))

            def test_one(self):
                assert table_names(boto3.client("dynamodb")) == ["orders"]

            test_two = test_one

        @pytest.fixture
        def started():
            mock = mock_dynamodb()
            yield mock.start()
            mock.stop()

        def test_fixture(started):
            create_table(boto3.client("dynamodb"))

        def test_it_is_gone(ddb):
            assert dict(ddb.tables) == {}
    """).assert_outcomes(passed=6)


def test_fixtures_of_wider_scopes(run):
    result = run("""
        from ddbmock import mock_dynamodb

        @pytest.fixture(scope="class")
        def kept():
            mock = mock_dynamodb()
            mock.start()
            create_table(boto3.client("dynamodb"))
            yield
            mock.stop()

        @pytest.fixture(scope="class")
        def forgotten():
            mock_dynamodb().start()

        @pytest.mark.usefixtures("kept")
        class TestKept:
            def test_one(self):
                assert table_names(boto3.client("dynamodb")) == ["orders"]

            test_two = test_one

        @pytest.mark.usefixtures("forgotten")
        class TestForgotten:
            def test_one(self):
                create_table(boto3.client("dynamodb"))

            def test_two(self):
                assert table_names(boto3.client("dynamodb")) == ["orders"]

        def test_next(ddb):
            assert dict(ddb.tables) == {}
    """)
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines([
        "_* ERROR at teardown of TestForgotten.test_two _*",
        LEFT.format("the fixture forgotten", "*.py:*"),
    ])  # fmt: skip


def test_a_mock_of_the_run_stays(run, pytester):
    pytester.makeconftest("""
        from ddbmock import mock_dynamodb

        mock = mock_dynamodb()

        def pytest_sessionstart():
            mock.start()

        def pytest_sessionfinish():
            mock.stop()
    """)
    run("""
        def test_one():
            create_table(boto3.client("dynamodb"))

        def test_two():
            assert table_names(boto3.client("dynamodb")) == ["orders"]
    """).assert_outcomes(passed=2)


def test_stop_after_the_mock_has_been_ended(run):
    result = run("""
        from ddbmock import MisuseError, mock_dynamodb

        MOCK = mock_dynamodb()

        def test_forgetful():
            MOCK.start()

        def test_next():
            with pytest.raises(MisuseError, match="without start"):
                MOCK.stop()
            MOCK.start()
            MOCK.stop()
    """)
    result.assert_outcomes(passed=2, errors=1)


def test_a_test_that_fails_too(run):
    result = run(
        """
    from ddbmock import mock_dynamodb

    @pytest.fixture
    def broken():
        yield
        raise KeyError("broken")

    def test_forgetful(broken):
        mock_dynamodb().start()
        assert False
    """
        + NEXT
    )
    result.assert_outcomes(passed=1, failed=1, errors=1)
