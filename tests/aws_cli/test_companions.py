"""CloudWatch, Application Auto Scaling and the control plane of DAX with the AWS CLI."""

from __future__ import annotations

SCALING = """
aws dynamodb create-table --table-name orders \\
  --attribute-definitions AttributeName=id,AttributeType=S \\
  --key-schema AttributeName=id,KeyType=HASH \\
  --provisioned-throughput ReadCapacityUnits=5,WriteCapacityUnits=5
aws application-autoscaling register-scalable-target --service-namespace dynamodb \\
  --resource-id table/orders --scalable-dimension dynamodb:table:WriteCapacityUnits \\
  --min-capacity 10 --max-capacity 100
aws application-autoscaling put-scaling-policy --service-namespace dynamodb \\
  --resource-id table/orders --scalable-dimension dynamodb:table:WriteCapacityUnits \\
  --policy-name writes --policy-type TargetTrackingScaling \\
  --target-tracking-scaling-policy-configuration '{"TargetValue": 70,
    "PredefinedMetricSpecification":
      {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"}}'
aws dynamodb describe-table --table-name orders \\
  --query Table.ProvisionedThroughput.WriteCapacityUnits
aws cloudwatch describe-alarms --query 'length(MetricAlarms)'
aws application-autoscaling delete-scaling-policy --service-namespace dynamodb \\
  --resource-id table/orders --scalable-dimension dynamodb:table:WriteCapacityUnits \\
  --policy-name other
"""
ALARMS = """
aws cloudwatch put-metric-alarm --alarm-name throttled --metric-name ReadThrottleEvents \\
  --namespace AWS/DynamoDB --dimensions Name=TableName,Value=orders --statistic Sum --period 60 \\
  --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanThreshold
aws cloudwatch set-alarm-state --alarm-name throttled --state-value ALARM --state-reason drill
aws cloudwatch describe-alarms --alarm-names throttled --query 'MetricAlarms[0].StateReason'
aws cloudwatch set-alarm-state --alarm-name other --state-value OK --state-reason drill
"""
DAX = """
aws dax create-cluster --cluster-name shop --node-type dax.t3.small --replication-factor 1 \\
  --iam-role-arn arn:aws:iam::123456789012:role/dax
aws dax describe-clusters --query 'Clusters[0].Status'
aws dax describe-clusters --cluster-names other
"""


def run(new_shell, script):
    *commands, refused = new_shell().run(script)
    assert [str(command) for command in commands if command.status] == []
    return commands, refused


def test_auto_scaling(new_shell):
    commands, refused = run(new_shell, SCALING)
    assert [command.answer for command in commands[-2:]] == [10, 4]
    assert "(ObjectNotFoundException)" in refused.errors


def test_alarms(new_shell):
    commands, refused = run(new_shell, ALARMS)
    assert commands[-1].answer == "drill"
    assert "(ResourceNotFound) when calling the SetAlarmState operation" in refused.errors


def test_dax(new_shell):
    commands, refused = run(new_shell, DAX)
    assert commands[-1].answer == "available"
    assert "(ClusterNotFoundFault)" in refused.errors
