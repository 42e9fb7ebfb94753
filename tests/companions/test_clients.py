"""How the clients of companions are answered: async, beside moto, over HTTP."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

import ddbmock
from ddbmock import UnsupportedError, mock_dynamodb
from ddbmock.beside import mock_aws

ALARM = {
    "AlarmName": "errors",
    "Namespace": "AWS/DynamoDB",
    "MetricName": "UserErrors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


async def test_an_asynchronous_client():
    get_session = pytest.importorskip("aiobotocore.session").get_session
    async with mock_dynamodb(metrics=True) as ddb:
        async with get_session().create_client("cloudwatch", region_name="us-east-1") as client:
            await client.put_metric_alarm(**ALARM)
            with pytest.raises(client.exceptions.ResourceNotFound):
                await client.set_alarm_state(AlarmName="x", StateValue="OK", StateReason="r")
        assert ddb.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}


class TestBesideMoto:
    def test_other_namespaces_are_motos(self):
        with mock_aws(metrics=True, region="us-east-1") as ddb:
            cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
            cloudwatch.put_metric_alarm(**ALARM)
            cloudwatch.put_metric_data(
                Namespace="Shop", MetricData=[{"MetricName": "Sales", "Value": 1.0}]
            )
            listed = cloudwatch.list_metrics(Namespace="Shop")["Metrics"]
            assert [metric["MetricName"] for metric in listed] == ["Sales"]
            assert ddb.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}

    def test_everything_is_motos_without_metrics(self):
        with mock_aws(region="us-east-1"):
            cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
            cloudwatch.put_metric_alarm(**ALARM)
            assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 1

    def test_alarms_of_both_are_listed(self):
        with mock_aws(metrics=True, region="us-east-1"):
            cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
            cloudwatch.put_metric_alarm(**ALARM)
            other = {**ALARM, "AlarmName": "sales", "Namespace": "Shop"}
            cloudwatch.put_metric_alarm(**other)
            listed = cloudwatch.describe_alarms()["MetricAlarms"]
            assert sorted(each["AlarmName"] for each in listed) == ["errors", "sales"]
            (sales,) = cloudwatch.describe_alarms(AlarmNames=["sales"])["MetricAlarms"]
            assert sales["Namespace"] == "Shop"
            cloudwatch.delete_alarms(AlarmNames=["sales", "errors"])
            assert cloudwatch.describe_alarms()["MetricAlarms"] == []


class TestOverHttp:
    def test_a_client(self):
        with mock_dynamodb(metrics=True) as ddb, ddbmock.serve() as url:
            ask(url, "GraniteServiceVersion20100801.PutMetricAlarm", ALARM)
            status, headers, response = ask(
                url, "GraniteServiceVersion20100801.DescribeAlarms", {"AlarmNames": ["errors"]}
            )
            assert status == 200
            (alarm,) = response["MetricAlarms"]
            assert alarm["StateUpdatedTimestamp"] == pytest.approx(ddb.clock.seconds(), abs=60)
            status, headers, response = ask(
                url,
                "GraniteServiceVersion20100801.SetAlarmState",
                {"AlarmName": "x", "StateValue": "OK", "StateReason": "r"},
            )
            assert status == 404
            assert headers["x-amzn-query-error"] == "ResourceNotFound;Sender"
            assert response == {
                "__type": "com.amazonaws.cloudwatch#ResourceNotFound",
                "message": "Alarm x does not exist",
            }

    def test_it_is_off_until_asked_for(self):
        target = "GraniteServiceVersion20100801.DescribeAlarms"
        with ddbmock.serve() as url:
            status, _, response = ask(url, target, {})
        assert status == 501
        assert response["message"] == (
            "cloudwatch is not switched on: ddbmock serve --metrics, serve(metrics=True) or"
            " mock_dynamodb(metrics=True)"
        )
        with ddbmock.serve(metrics=True) as url:
            assert ask(url, target, {})[0] == 200
            status, _, response = ask(url, "GraniteServiceVersion20100801.Nothing", {})
            assert (status, response["__type"]) == (
                400,
                "com.amazon.coral.service#UnknownOperationException",
            )

    @pytest.mark.parametrize(
        ("target", "request_", "text"),
        [
            ("AmazonDAXV3.DescribeClusters", {"ClusterNames": True}, "Unexpected field type"),
            (
                "AmazonDAXV3.DescribeClusters",
                {"NextToken": 1},
                "NUMBER_VALUE cannot be converted to String",
            ),
            (
                "AnyScaleFrontendService.DescribeScalableTargets",
                {"ServiceNamespace": "dynamodb", "MaxResults": "x"},
                "STRING_VALUE cannot be converted to Integer",
            ),
            (
                "GraniteServiceVersion20100801.GetMetricStatistics",
                {"Namespace": ["a"]},
                "Unrecognized collection type class java.lang.String",
            ),
            (
                "GraniteServiceVersion20100801.PutMetricData",
                {"Namespace": "a", "MetricData": [{"MetricName": "b", "Timestamp": 1e20}]},
                None,
            ),
        ],
    )
    def test_values_of_other_types(self, target, request_, text):
        with ddbmock.serve(metrics=True, autoscaling=True, dax=True) as url:
            status, _, response = ask(url, target, request_)
        assert status == 400
        assert response["__type"] == "com.amazon.coral.service#SerializationException"
        assert response.get("Message") == text

    def test_nothing_in_a_list(self):
        with ddbmock.serve(dax=True) as url:
            status, _, response = ask(
                url, "AmazonDAXV3.DescribeClusters", {"ClusterNames": ["a", None]}
            )
        assert status == 400
        assert response["message"].endswith(
            "Value null at 'clusterNames.2.member' failed to satisfy constraint:"
            " Member must not be null"
        )


def ask(url, target, request):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port)
    scope = "AKID/20260301/us-east-1/monitoring/aws4_request"
    headers = {
        "X-Amz-Target": target,
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Date": "20260301T000000Z",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    connection.request("POST", "/", json.dumps(request), headers)
    response = connection.getresponse()
    content = json.loads(response.read())
    connection.close()
    return response.status, response.headers, content


def test_what_no_companion_owns():
    with mock_dynamodb(metrics=True):
        cloudwatch = boto3.client("cloudwatch", config=Config(retries={"max_attempts": 1}))
        with pytest.raises(UnsupportedError, match="GetMetricStatistics for the namespace AWS/EC2"):
            cloudwatch.get_metric_statistics(
                Namespace="AWS/EC2",
                MetricName="CPUUtilization",
                StartTime="2026-03-01T00:00:00Z",
                EndTime="2026-03-01T01:00:00Z",
                Period=60,
                Statistics=["Sum"],
            )


class TestAutoScalingBesideMoto:
    def test_other_services_are_motos(self):
        with mock_aws(autoscaling=True, region="us-east-1"):
            boto3.client("dynamodb", region_name="us-east-1").create_table(
                TableName="orders",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            )
            scaling = boto3.client("application-autoscaling", region_name="us-east-1")
            scaling.register_scalable_target(
                ServiceNamespace="dynamodb",
                ResourceId="table/orders",
                ScalableDimension="dynamodb:table:ReadCapacityUnits",
                MinCapacity=1,
                MaxCapacity=5,
            )
            found = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")
            assert len(found["ScalableTargets"]) == 1
            found = scaling.describe_scalable_targets(ServiceNamespace="ecs")
            assert found["ScalableTargets"] == []


async def test_asynchronous_auto_scaling():
    get_session = pytest.importorskip("aiobotocore.session").get_session
    place = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": "table/orders",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    }
    create = get_session().create_client
    async with (
        mock_dynamodb(autoscaling=True, dax=True, region="us-east-1"),
        create("application-autoscaling") as scaling,
        create("dax") as dax,
    ):
        with pytest.raises(scaling.exceptions.ValidationException, match="table does not exist"):
            await scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=5)
        assert (await dax.describe_clusters())["Clusters"] == []
