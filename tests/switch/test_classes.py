"""Decorated classes, run as their own runners run them: unittest's and pytest's."""

from __future__ import annotations

import textwrap
import unittest
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.hook.active import is_active
from tests.pytest_runs import run_inprocess, run_subprocess
from tests.switch.helpers import create_table, table_names

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

#: What the test files of this module begin with.
PRELUDE = """
import asyncio, unittest
import boto3, pytest
from ddbmock import mock_dynamodb
from tests.switch.helpers import create_table, table_names

def make(name):
    create_table(boto3.client("dynamodb"), name)

def names():
    return table_names(boto3.client("dynamodb"))
"""


def make(name: str) -> None:
    create_table(boto3.client("dynamodb"), name)


def names() -> list[str]:
    return table_names(boto3.client("dynamodb"))


@pytest.fixture
def run_pytest(pytester: pytest.Pytester) -> Callable[..., None]:
    """Run a test file with pytest; all its tests must pass and nothing must stay active."""
    asyncio_options = ["-oasyncio_mode=auto", "-oasyncio_default_fixture_loop_scope=function"]

    def run(source: str, passed: int, **outcomes: int) -> None:
        pytester.makepyfile(PRELUDE + textwrap.dedent(source))
        if "async def test_" in source and "unittest" not in source:
            # pytest-asyncio leaves event loops behind: they had better not be ours.
            result = run_subprocess(pytester, *asyncio_options, plugins=["asyncio"])
        else:
            result = run_inprocess(pytester)
        result.assert_outcomes(passed=passed, **outcomes)
        assert not is_active()

    return run


def run_unittest(*cases: type[unittest.TestCase]) -> unittest.TestResult:
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite([loader.loadTestsFromTestCase(case) for case in cases])
    result = unittest.TestResult()
    suite.run(result)
    assert not is_active()
    return result


def assert_passed(result: unittest.TestResult, tests_run: int) -> None:
    assert [text for _, text in result.errors + result.failures] == []
    assert result.testsRun == tests_run


class TestUnittest:
    def test_each_test_is_fresh_set_up_included(self) -> None:
        seen: list[tuple[str, list[str]]] = []

        class Base(unittest.TestCase):
            def setUp(self) -> None:
                make("base")

            def tearDown(self) -> None:
                seen.append(("tearDown", names()))

        @mock_dynamodb
        class Case(Base):
            def setUp(self) -> None:
                super().setUp()
                make("own")
                self.addCleanup(lambda: seen.append(("cleanup", names())))

            def test_one(self) -> None:
                make("one")

            def test_two(self) -> None:
                assert names() == ["base", "own"]

        assert_passed(run_unittest(Case), 2)
        assert seen == [
            ("tearDown", ["base", "one", "own"]),
            ("cleanup", ["base", "one", "own"]),
            ("tearDown", ["base", "own"]),
            ("cleanup", ["base", "own"]),
        ]

    def test_each_test_starts_from_what_the_class_created(self) -> None:
        seen: list[list[str]] = []

        @mock_dynamodb()
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                make("made-by-class")
                cls.addClassCleanup(lambda: seen.append(names()))

            @classmethod
            def tearDownClass(cls) -> None:
                seen.append(names())

            def test_one(self) -> None:
                assert names() == ["made-by-class"]
                make("left-behind")

            test_two = test_one

        assert_passed(run_unittest(Case), 2)
        assert seen == [["made-by-class"], ["made-by-class"]]

    def test_two_classes_share_nothing(self) -> None:
        @mock_dynamodb
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                assert names() == []
                make("made-by-class")

            def test_one(self) -> None:
                pass

        assert_passed(run_unittest(Case, Case), 2)

    @pytest.mark.parametrize("error", [ValueError, unittest.SkipTest])
    def test_a_failing_class_set_up_ends_the_mock(self, error: type[Exception]) -> None:
        @mock_dynamodb
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                raise error

            def test_one(self) -> None:
                pass

        result = run_unittest(Case)
        assert len(result.errors) + len(result.skipped) == 1

    def test_a_failing_set_up_ends_the_mock(self) -> None:
        @mock_dynamodb
        class Case(unittest.TestCase):
            def setUp(self) -> None:
                raise ValueError

            def test_one(self) -> None:
                pass

            test_two = test_one

        assert len(run_unittest(Case).errors) == 2

    def test_async_cases(self) -> None:
        seen: list[list[str]] = []

        class Base(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self) -> None:
                make("made-by-set-up")

            async def asyncTearDown(self) -> None:
                seen.append(names())

        @mock_dynamodb
        class Case(Base):
            async def test_one(self) -> None:
                assert names() == ["made-by-set-up"]
                make("left-behind")

            test_two = test_one

        assert_passed(run_unittest(Case), 2)
        assert seen == [["left-behind", "made-by-set-up"]] * 2

    def test_derived_classes_are_decorated_too(self) -> None:
        @mock_dynamodb
        class Base(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                make("base")

        class WithSuper(Base):
            @classmethod
            def setUpClass(cls) -> None:
                make("before")
                super().setUpClass()

            def test_one(self) -> None:
                assert names() == ["base", "before"]

        class WithoutSuper(Base):
            @classmethod
            def setUpClass(cls) -> None:
                make("own")

            def test_one(self) -> None:
                assert names() == ["own"]

        assert_passed(run_unittest(WithSuper, WithoutSuper), 2)

    def test_inside_an_outer_mock_each_test_leaves_what_it_found(self) -> None:
        @mock_dynamodb
        class Case(unittest.TestCase):
            def test_one(self) -> None:
                assert names() == ["outer"]
                make("left-behind")

            test_two = test_one

        with mock_dynamodb():
            make("outer")
            suite = unittest.defaultTestLoader.loadTestsFromTestCase(Case)
            result = unittest.TestResult()
            suite.run(result)
            assert names() == ["outer"]
        assert_passed(result, 2)

    def test_debug_runs_inside_too(self) -> None:
        @mock_dynamodb
        class Case(unittest.TestCase):
            def test_one(self) -> None:
                assert names() == []

        Case("test_one").debug()
        assert not is_active()

    def test_the_class_stays_what_it_is(self) -> None:
        class Case(unittest.TestCase):
            """A case."""

        assert mock_dynamodb(Case) is Case
        assert Case.__doc__ == "A case."

    def test_under_pytest(self, run_pytest: Any) -> None:
        run_pytest(
            """
            class Base(unittest.TestCase):
                @pytest.fixture(autouse=True)
                def from_fixture(self):
                    make("from-fixture")
                    yield
                    assert "from-fixture" in names()

            @mock_dynamodb
            class TestCase(Base):
                @classmethod
                def setUpClass(cls):
                    make("from-class")

                def setUp(self):
                    make("from-set-up")

                def test_one(self):
                    assert names() == ["from-class", "from-fixture", "from-set-up"]
                    make("left-behind")

                test_two = test_one

            @mock_dynamodb
            class TestAsync(unittest.IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    make("from-set-up")

                async def test_one(self):
                    assert names() == ["from-set-up"]

                test_two = test_one

            @mock_dynamodb
            class TestSkipped(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    pytest.skip("not here")

                def test_one(self):
                    pass
            """,
            passed=4,
            skipped=1,
        )


class TestPlain:
    def test_each_test_is_fresh_whatever_sets_it_up(self, run_pytest: Any) -> None:
        run_pytest(
            """
            class Base:
                def setup_method(self):
                    make("base")

                def teardown_method(self, method):
                    assert method.__name__ in {"test_one", "test_two"}
                    assert "base" in names()

                @pytest.fixture(autouse=True)
                def base_fixture(self):
                    make("base-fixture")
                    yield
                    assert "base-fixture" in names()

            @mock_dynamodb
            class TestPlain(Base):
                def setup_method(self, method):
                    assert names() == ["from-class", "from-class-fixture"]
                    super().setup_method()
                    make("own")

                @classmethod
                def setup_class(cls):
                    make("from-class")

                @classmethod
                def teardown_class(cls):
                    assert names() == ["from-class", "from-class-fixture"]

                @pytest.fixture(autouse=True, scope="class")
                def class_fixture(self):
                    make("from-class-fixture")
                    yield
                    assert names() == ["from-class", "from-class-fixture"]

                @pytest.fixture
                def asked_for(self):
                    make("asked-for")
                    return names()

                def test_one(self, asked_for):
                    expected = ["asked-for", "base", "base-fixture", "from-class"]
                    assert names() == asked_for == [*expected, "from-class-fixture", "own"]
                    make("left-behind")

                test_two = test_one
            """,
            passed=2,
        )

    def test_methods_of_every_kind(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @mock_dynamodb(region="eu-west-1")
            class TestPlain:
                @pytest.mark.parametrize("number", [1, 2])
                def test_parametrized(self, number, tmp_path):
                    assert names() == []
                    make("left-behind")

                async def test_async(self):
                    assert names() == []
                    await asyncio.sleep(0)
                    make("left-behind")

                @staticmethod
                def test_static():
                    assert names() == []
                    make("left-behind")

                @classmethod
                def test_class(cls):
                    assert names() == []
                    make("left-behind")

                class TestNested:
                    def setup_method(self):
                        make("nested")

                    def test_nested(self):
                        assert names() == ["nested"]

                    test_nested_too = test_nested
            """,
            passed=7,
        )

    def test_set_ups_without_classmethod_and_arguments(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @mock_dynamodb
            class TestPlain:
                def setup_class(cls):
                    make("from-class")

                @staticmethod
                def teardown_class():
                    assert names() == ["from-class"]

                def test_one(self):
                    assert names() == ["from-class"]
            """,
            passed=1,
        )

    def test_failing_set_ups_end_the_mock(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @mock_dynamodb
            class TestMethod:
                def setup_method(self):
                    raise ValueError

                def test_one(self):
                    pass

            @mock_dynamodb
            class TestClass:
                def setup_class(self):
                    raise ValueError

                def test_one(self):
                    pass

            @mock_dynamodb
            class TestFixture:
                @pytest.fixture(autouse=True)
                def broken(self):
                    raise ValueError

                def test_one(self):
                    pass
            """,
            passed=0,
            errors=3,
        )

    def test_derived_classes_are_decorated_too(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @mock_dynamodb
            class Base:
                def setup_method(self):
                    make("base")

            class TestWithSuper(Base):
                def setup_method(self):
                    make("before")
                    super().setup_method()

                def test_one(self):
                    assert names() == ["base", "before"]

                def teardown_method(self):
                    assert names() == ["base", "before"]

            class TestWithoutSuper(Base):
                def setup_method(self):
                    make("own")

                def test_one(self):
                    assert names() == ["own"]

                test_two = test_one

            class Mixin:
                def test_inherited(self):
                    assert names() == ["base"]

            class TestMixed(Mixin, Base):
                pass
            """,
            passed=4,
        )

    def test_beside_the_fixture_the_state_is_shared(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @pytest.fixture
            def table(ddb):
                make("from-fixture")

            @mock_dynamodb
            class TestPlain:
                def setup_method(self):
                    make("own")

                def test_one(self, table):
                    assert names() == ["from-fixture", "own"]

                test_two = test_one
            """,
            passed=2,
        )

    def test_public_methods_called_on_their_own(self) -> None:
        @mock_dynamodb
        class Shop:
            factory = dict

            def __init__(self) -> None:
                self.active = is_active()

            def open(self) -> list[str]:
                make("shop")
                return self._look()

            def _look(self) -> list[str]:
                return names()

            @property
            def sign(self) -> str:
                return "open"

        shop = Shop()
        assert not shop.active
        assert shop.open() == ["shop"]
        assert shop.sign == "open"
        assert Shop.factory is dict

    def test_inherited_methods_of_undecorated_bases_stay_as_they_are(self) -> None:
        class Base:
            def look(self) -> bool:
                return is_active()

        @mock_dynamodb
        class Derived(Base):
            pass

        assert Derived().look()
        assert not Base().look()

    def test_init_subclass_of_the_class_runs(self) -> None:
        made: list[tuple[type, int]] = []

        @mock_dynamodb
        class Base:
            def __init_subclass__(cls, number: int, **kwargs: Any) -> None:
                made.append((cls, number))

        class Derived(Base, number=5):
            pass

        assert made == [(Derived, 5)]


class TestFixtures:
    def test_the_decorator_below_the_fixture(self, run_pytest: Any) -> None:
        run_pytest(
            """
            @pytest.fixture
            @mock_dynamodb
            def generator_table(tmp_path):
                make("from-generator")
                yield "from-generator"
                assert "from-generator" in names()

            @pytest.fixture
            @mock_dynamodb
            async def async_table():
                make("from-async-generator")
                await asyncio.sleep(0)
                yield "from-async-generator"
                assert "from-async-generator" in names()

            @pytest.fixture
            @mock_dynamodb
            def returned():
                return names()

            def test_one(generator_table):
                assert names() == ["from-generator"]

            async def test_two(async_table):
                assert names() == ["from-async-generator"]

            @mock_dynamodb
            def test_three(generator_table, returned):
                assert returned == names() == ["from-generator"]

            @mock_dynamodb
            @pytest.mark.parametrize("a", [1, 2])
            def test_four(a, tmp_path, generator_table):
                assert names() == ["from-generator"]
                make("left-behind")
            """,
            passed=5,
        )

    def test_the_decorator_above_the_fixture(self, pytester: pytest.Pytester) -> None:
        source = """
        @mock_dynamodb
        @pytest.fixture
        def table():
            yield
        """
        pytester.makepyfile(PRELUDE + textwrap.dedent(source))
        options = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio"]
        result = pytester.runpytest_inprocess(*options)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*MisuseError: *swap them*"])
