from __future__ import annotations

import pytest

from ddbmock._internal import arns
from ddbmock._internal.arns import Namespace

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"


class TestParsing:
    @pytest.mark.parametrize(
        ("arn", "kind", "name", "subresource"),
        [
            (TABLE, "table", "orders", ""),
            (arns.index_arn(TABLE, "by-date"), "table", "orders", "index/by-date"),
            (
                arns.stream_arn(TABLE, "2026-01-01T00:00:00.000"),
                "table",
                "orders",
                "stream/2026-01-01T00:00:00.000",
            ),
            (arns.backup_arn(TABLE, "01-ab"), "table", "orders", "backup/01-ab"),
            (arns.export_arn(TABLE, "01-ab"), "table", "orders", "export/01-ab"),
            (arns.import_arn(TABLE, "01-ab"), "table", "orders", "import/01-ab"),
            (
                Namespace("eu-west-1", "123456789012").global_table("orders"),
                "global-table",
                "orders",
                "",
            ),
        ],
    )
    def test_what_an_arn_names(self, arn, kind, name, subresource):
        parts = arns.parse(arn)
        assert parts is not None
        assert (parts.kind, parts.name, parts.subresource) == (kind, name, subresource)
        assert str(parts) == arn

    @pytest.mark.parametrize("text", ["orders", "", "arn:aws:dynamodb", "x:a:b:c:d:table/t"])
    def test_what_is_no_arn(self, text):
        assert arns.parse(text) is None

    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ("orders", "orders"),
            (TABLE, "orders"),
            (f"{TABLE}/index/by-date", "orders"),
            (
                "arn:aws:kms:eu-west-1:123456789012:key/1",
                "arn:aws:kms:eu-west-1:123456789012:key/1",
            ),
            ("arn:", "arn:"),
            ("arn:a:b:c:d:table/", "arn:a:b:c:d:table/"),
        ],
    )
    def test_the_table_of_a_name_or_arn(self, given, name):
        assert arns.table_name_of(given) == name

    @pytest.mark.parametrize(
        ("arn", "is_stream"),
        [
            (arns.stream_arn(TABLE, "2026-01-01T00:00:00.000"), True),
            ("arn:aws-us-gov:dynamodb:us-gov-west-1:1:table/t/stream/1", True),
            (TABLE, False),
            (f"{TABLE}/stream/", False),
            ("arn:other:dynamodb:eu-west-1:1:table/t/stream/1", False),
            ("arn:aws:kinesis:eu-west-1:1:table/t/stream/1", False),
        ],
    )
    def test_the_arn_of_a_stream(self, arn, is_stream):
        assert arns.is_stream_arn(arn) == is_stream

    @pytest.mark.parametrize("arn", ["arn:", "arn:aws:kms:eu-west-1:1:key/1"])
    def test_another_name_of_no_table(self, arn):
        assert arns.with_table_name(arn, "x") == arn


class TestNamespace:
    @pytest.mark.parametrize(
        ("region_name", "partition", "domain"),
        [
            ("eu-west-1", "aws", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("us-west-2", "aws", "amazonaws.com"),
        ],
    )
    def test_partitions(self, region_name, partition, domain):
        assert arns.partition_of(region_name) == (partition, domain)
        namespace = Namespace(region_name, "123456789012")
        assert (
            namespace.table("t") == f"arn:{partition}:dynamodb:{region_name}:123456789012:table/t"
        )

    def test_other_services(self):
        namespace = Namespace("eu-west-1", "123456789012")
        assert namespace.kms_key("1") == "arn:aws:kms:eu-west-1:123456789012:key/1"
        assert namespace.function("f") == "arn:aws:lambda:eu-west-1:123456789012:function:f"

    @pytest.mark.parametrize("account_id", ["123456789012", "210987654321"])
    def test_only_its_own_tables_have_a_name(self, account_id):
        own, other = Namespace("eu-west-1", account_id), Namespace("eu-west-1", "000000000000")
        assert own.table_name(own.table("t")) == "t"
        assert own.table_name(other.table("t")) == other.table("t")
        assert own.table_name("t") == "t"
