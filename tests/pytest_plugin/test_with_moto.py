"""`--ddbmock-with-moto`: an unchanged suite of moto, with DynamoDB by ddbmock."""

from __future__ import annotations

import pytest

pytest.importorskip("moto")

SUITE = """
    import os
    import unittest

    from moto import mock_aws

    REGION = {"region_name": "us-east-1"}

    def client():
        return boto3.client("dynamodb", **REGION)

    def is_ddbmock():
        # The ids of moto's answers have small letters.
        return client().list_tables()["ResponseMetadata"]["RequestId"].isupper()

    @pytest.fixture
    def orders():
        os.environ["AWS_ACCESS_KEY_ID"] = "testing"
        os.environ["AWS_SECRET_ACCESS_KEY"] = "testing"
        with mock_aws():
            create_table(client())
            yield boto3.resource("dynamodb", **REGION).Table("orders")

    def test_fixture(orders):
        orders.put_item(Item={"id": "1"})
        assert is_ddbmock()
        s3 = boto3.client("s3", **REGION)
        s3.create_bucket(Bucket="bucket")
        assert orders.scan()["Count"] == 1

    def test_fresh(orders):
        assert orders.scan()["Count"] == 0
        assert boto3.client("s3", **REGION).list_buckets()["Buckets"] == []

    @mock_aws
    def test_decorator():
        assert table_names(client()) == []
        create_table(client())
        with mock_aws():
            assert table_names(client()) == ["orders"]
        assert is_ddbmock()

    def test_started():
        mock = mock_aws()
        mock.start()
        assert table_names(client()) == []
        create_table(client())
        mock.stop()

    @mock_aws
    class TestPlain:
        def setup_method(self, method):
            create_table(client())

        def test_one(self):
            assert table_names(client()) == ["orders"]
            boto3.client("s3", **REGION).create_bucket(Bucket="bucket")
            create_table(client(), "more")

        def test_two(self):
            assert table_names(client()) == ["orders"]
            assert boto3.client("s3", **REGION).list_buckets()["Buckets"] == []

    @mock_aws
    class Case(unittest.TestCase):
        def setUp(self):
            create_table(client())

        def test_one(self):
            assert table_names(client()) == ["orders"]
            create_table(client(), "more")

        def test_two(self):
            assert table_names(client()) == ["orders"]

    @mock_aws
    class TestWithoutSetUp:
        def test_one(self):
            assert table_names(client()) == []
            create_table(client())

        def test_two(self):
            assert table_names(client()) == []
"""


def test_a_suite(run_apart):
    run_apart(SUITE, "--ddbmock-with-moto").assert_outcomes(passed=10)


def test_the_ini_file(run, pytester, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    pytester.makeini("[pytest]\nddbmock_with_moto = true\n")
    run(SUITE).assert_outcomes(passed=10)


def test_in_one_process_and_back(run, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    source = """
        from moto import mock_aws

        @mock_aws
        def test_it():
            from ddbmock._internal.hook.active import is_active
            assert is_active() is {}
    """
    run(source.format("True"), "--ddbmock-with-moto").assert_outcomes(passed=1)
    run(source.format("False")).assert_outcomes(passed=1)


def test_the_suite_as_it_is(run_apart):
    """With moto alone, what is asserted about ddbmock fails, and nothing else does."""
    run_apart(SUITE).assert_outcomes(passed=8, failed=2)
