"""ListMetrics, GetMetricStatistics, GetMetricData and PutMetricData."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ddbmock import UnsupportedError
from tests.refusals import refusal

pytestmark = pytest.mark.usefixtures("orders")
WRITE = "ConsumedWriteCapacityUnits"
ORDERS = [{"Name": "TableName", "Value": "orders"}]


def put(client, number):
    client.put_item(TableName="orders", Item={"id": {"S": str(number)}})


def statistics(cloudwatch, ddb, **changes):
    request = {
        "Namespace": "AWS/DynamoDB",
        "MetricName": WRITE,
        "Dimensions": ORDERS,
        "StartTime": ddb.clock.now() - timedelta(minutes=10),
        "EndTime": ddb.clock.now() + timedelta(minutes=1),
        "Period": 60,
        "Statistics": ["Sum"],
    }
    merged = {**request, **changes}
    return cloudwatch.get_metric_statistics(**{k: v for k, v in merged.items() if v is not None})


def query(name, metric=WRITE, statistic="Sum", **more):
    of_metric = {"Namespace": "AWS/DynamoDB", "MetricName": metric, "Dimensions": ORDERS}
    return {
        "Id": name,
        "MetricStat": {"Metric": of_metric, "Period": 60, "Stat": statistic},
        **more,
    }


def values(cloudwatch, ddb, *queries, minutes=10, **more):
    response = cloudwatch.get_metric_data(
        MetricDataQueries=list(queries),
        StartTime=ddb.clock.now() - timedelta(minutes=minutes),
        EndTime=ddb.clock.now() + timedelta(minutes=1),
        **more,
    )
    return {result["Id"]: result["Values"] for result in response["MetricDataResults"]}


class TestGetMetricStatistics:
    def test_datapoints(self, ddb, client, cloudwatch):
        put(client, 1)
        put(client, 2)
        response = statistics(cloudwatch, ddb, Statistics=["Sum", "Average", "SampleCount"])
        assert response["Label"] == WRITE
        assert response["Datapoints"] == [
            {
                "Timestamp": ddb.clock.now(),
                "Sum": 2.0,
                "Average": 1.0,
                "SampleCount": 2.0,
                "Unit": "Count",
            }
        ]

    def test_percentiles(self, ddb, cloudwatch):
        for milliseconds in range(1, 101):
            ddb.metrics.record(
                "SuccessfulRequestLatency", milliseconds, TableName="orders", Operation="Query"
            )
        response = statistics(
            cloudwatch,
            ddb,
            MetricName="SuccessfulRequestLatency",
            Dimensions=[*ORDERS, {"Name": "Operation", "Value": "Query"}],
            Statistics=None,
            ExtendedStatistics=["p50", "p99"],
        )
        (point,) = response["Datapoints"]
        assert point["ExtendedStatistics"] == {"p50": 50.0, "p99": 99.0}
        assert point["Unit"] == "Milliseconds"

    def test_dimensions_match_as_a_whole(self, ddb, client, cloudwatch):
        put(client, 1)
        response = statistics(cloudwatch, ddb, MetricName="SuccessfulRequestLatency")
        assert response["Datapoints"] == []

    def test_longer_periods(self, ddb, client, cloudwatch):
        put(client, 1)
        ddb.clock.advance(minutes=7)
        put(client, 2)
        response = statistics(cloudwatch, ddb, Period=300)
        assert [point["Sum"] for point in response["Datapoints"]] == [1.0, 0.0, 1.0]

    def test_another_unit(self, ddb, client, cloudwatch):
        put(client, 1)
        assert statistics(cloudwatch, ddb, Unit="Bytes")["Datapoints"] == []

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            (
                {"Period": 61},
                "InvalidParameterValue: The parameter Period must be a multiple of 60, not 61.",
            ),
            (
                {"Statistics": None},
                "MissingParameter: The parameter Statistics is required.",
            ),
            (
                {"Statistics": None, "ExtendedStatistics": ["p101"]},
                "InvalidParameterValue: The value p101 for parameter Statistics is invalid.",
            ),
            (
                {"StartTime": "2026-03-02T12:00:00Z"},
                (
                    "InvalidParameterValue: The parameter StartTime must be less than the parameter"
                    " EndTime."
                ),
            ),
            (
                {"StartTime": "2026-02-01T00:00:00Z"},
                (
                    "InvalidParameterCombination: You have requested up to 42,361 datapoints, which"
                    " exceeds the limit of 1,440. You may reduce the datapoints requested by"
                    " increasing Period, or decreasing the time range."
                ),
            ),
        ],
    )
    def test_refusals(self, ddb, cloudwatch, changes, text):
        assert refusal(statistics, cloudwatch, ddb, **changes) == text


class TestGetMetricData:
    def test_newest_first(self, ddb, client, cloudwatch):
        put(client, 1)
        ddb.clock.advance(minutes=1)
        put(client, 1)
        put(client, 1)
        assert values(cloudwatch, ddb, query("m")) == {"m": [2, 1]}
        assert values(cloudwatch, ddb, query("m"), ScanBy="TimestampAscending") == {"m": [1, 2]}

    def test_an_empty_metric_is_complete(self, ddb, cloudwatch):
        response = cloudwatch.get_metric_data(
            MetricDataQueries=[query("m", "ReadThrottleEvents")],
            StartTime=ddb.clock.now() - timedelta(minutes=5),
            EndTime=ddb.clock.now(),
        )
        assert response["MetricDataResults"] == [
            {
                "Id": "m",
                "Label": "ReadThrottleEvents",
                "Timestamps": [],
                "Values": [],
                "StatusCode": "Complete",
            }
        ]

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("m / PERIOD(m)", [2 / 60, 4 / 60]),
            ("SUM([m, n])", [4, 8]),
            ("SUM(METRICS())", [4, 8]),
            ("100 * m / (m + n)", [50, 50]),
            ("IF(m > 3, m, 0)", [0, 4]),
            ("IF(m > 3, m)", [4]),
            ("MAX(m)", [4] * 10),
            ("RATE(m)", [2 / 60]),
            ("-m ^ 2 + 1", [5, 17]),
            ("FILL(m, 0) + 1", [1] * 8 + [3, 5]),
            ("m - 1 - 1", [0, 2]),
            ("CEIL(m / 3)", [1, 2]),
            ("m / 0", []),
        ],
    )
    def test_expressions(self, ddb, client, cloudwatch, expression, expected):
        for minute in (0, 1):
            for _ in range(2 * (minute + 1)):
                ddb.metrics.record("ReadThrottleEvents", 1, TableName="orders")
            if minute == 0:
                ddb.clock.advance(minutes=1)
        metrics = [query(name, "ReadThrottleEvents", ReturnData=False) for name in ("m", "n")]
        found = values(
            cloudwatch,
            ddb,
            *metrics,
            {"Id": "e", "Expression": expression},
            minutes=9,
            ScanBy="TimestampAscending",
        )
        assert found == {"e": pytest.approx(expected[-11:])}

    def test_labels_tell_metrics_apart(self, ddb, client, cloudwatch):
        response = cloudwatch.get_metric_data(
            MetricDataQueries=[query("a"), query("b", "UserErrors"), query("c", Label="mine")],
            StartTime=ddb.clock.now() - timedelta(minutes=5),
            EndTime=ddb.clock.now(),
        )
        labels = [result["Label"] for result in response["MetricDataResults"]]
        assert labels == [WRITE, "UserErrors", "mine"]

    def test_a_function_that_is_not_there(self, ddb, cloudwatch):
        with pytest.raises(UnsupportedError, match="the function ANOMALY_DETECTION_BAND of Cloud"):
            values(
                cloudwatch,
                ddb,
                query("m"),
                {"Id": "e", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"},
            )

    @pytest.mark.parametrize(
        ("queries", "text"),
        [
            (
                [query("m"), query("m")],
                "ValidationError: The values for parameter id in MetricDataQueries are not unique.",
            ),
            (
                [{"Id": "e", "Expression": "nothing + 1"}],
                "ValidationError: Error in expression: nothing",
            ),
            (
                [{"Id": "e", "Expression": "1 +"}],
                "ValidationError: Error in expression: 1 +",
            ),
            (
                [{"Id": "e"}],
                (
                    "ValidationError: Exactly one of MetricStat and Expression must be specified"
                    " for the id e."
                ),
            ),
            (
                [query("m", statistic="Median")],
                "ValidationError: The value Median for parameter Stat is invalid.",
            ),
        ],
    )
    def test_refusals(self, ddb, cloudwatch, queries, text):
        assert refusal(values, cloudwatch, ddb, *queries) == text


class TestListMetrics:
    def test_metrics_by_name_and_dimension(self, ddb, client, cloudwatch):
        put(client, 1)
        response = cloudwatch.list_metrics(Namespace="AWS/DynamoDB", MetricName=WRITE)
        assert [each["Dimensions"] for each in response["Metrics"]] == [
            [
                {"Name": "GlobalSecondaryIndexName", "Value": "by-status"},
                {"Name": "Source", "Value": "Customer"},
                *ORDERS,
            ],
            [{"Name": "GlobalSecondaryIndexName", "Value": "by-status"}, *ORDERS],
            [{"Name": "Source", "Value": "Customer"}, *ORDERS],
            ORDERS,
        ]
        selected = cloudwatch.list_metrics(
            Dimensions=[{"Name": "Operation", "Value": "PutItem"}, {"Name": "TableName"}]
        )
        names = [metric["MetricName"] for metric in selected["Metrics"]]
        assert names == ["SuccessfulRequestLatency"]

    def test_pages(self, ddb, cloudwatch):
        for number in range(501):
            ddb.metrics.record("UserErrors", 1, TableName=f"t{number}")
        pages = cloudwatch.get_paginator("list_metrics").paginate(MetricName="UserErrors")
        assert [len(page["Metrics"]) for page in pages] == [500, 1]

    def test_a_wrong_token(self, ddb, cloudwatch):
        text = refusal(cloudwatch.list_metrics, NextToken="x")
        assert text == "InvalidNextToken: Invalid token"


class TestPutMetricData:
    def test_the_services_own_namespaces(self, cloudwatch):
        metric = {"MetricName": "Mine", "Value": 1.0}
        text = refusal(cloudwatch.put_metric_data, Namespace="AWS/DynamoDB", MetricData=[metric])
        assert text == ("InvalidParameterValue: The value AWS/ for parameter Namespace is invalid.")

    def test_other_namespaces(self, cloudwatch):
        with pytest.raises(UnsupportedError, match="PutMetricData for the namespace Shop: it has"):
            cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "M"}])


def test_an_operation_that_is_not_there(cloudwatch):
    with pytest.raises(UnsupportedError, match="the operation cloudwatch:PutDashboard yet"):
        cloudwatch.put_dashboard(DashboardName="d", DashboardBody="{}")
