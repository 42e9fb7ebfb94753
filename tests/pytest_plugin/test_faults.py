"""Faults by marker, and faults that a test requires."""

from __future__ import annotations


def test_the_marker_adds_faults(run):
    result = run(
        """
    TABLE = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    pytestmark = pytest.mark.ddbmock(tables=TABLE, load={"orders": [{"id": "1"}]})

    ONCE = {"operation": "GetItem", "error": "ThrottlingException", "times": 1}

    @pytest.mark.ddbmock(faults=ONCE)
    def test_affected(dynamodb_client, ddb):
        answer = dynamodb_client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1

    def test_not_affected(dynamodb_client, ddb):
        answer = dynamodb_client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    """
    )
    result.assert_outcomes(passed=2)


def test_a_wrong_fault_fails_the_test(run):
    result = run(
        """
    @pytest.mark.ddbmock(faults={"error": "Nonsense"})
    def test_wrong(ddb):
        pass

    @pytest.mark.ddbmock(faults="ThrottlingException")
    def test_no_mapping(ddb):
        pass
    """
    )
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([
        "*@pytest.mark.ddbmock: faults.add(error='Nonsense'): an error is a code of the service*"
    ])  # fmt: skip
    result.stdout.fnmatch_lines([
        "*faults takes arguments of ddb.faults.add(), not 'ThrottlingException'*"
    ])  # fmt: skip


def test_a_required_fault_that_never_happens_fails_the_test(run):
    result = run(
        """
    FAULT = {"operation": "PutItem", "error": "ThrottlingException", "required": True}

    @pytest.mark.ddbmock(faults=FAULT)
    def test_nothing_called(ddb):
        pass

    def test_added_within(ddb):
        ddb.faults.add(**FAULT)

    def test_that_fails_otherwise(ddb):
        ddb.faults.add(**FAULT)
        assert 1 == 2
    """
    )
    result.assert_outcomes(failed=3, errors=1)
    result.stdout.fnmatch_lines(["E*a fault was required, and never happened: PutItem*"])
