"""The AWS CLI commands of published DynamoDB guides, run unchanged but for the endpoint.

004 is a lab, one session from its first to its last step. The blocks of 000 and 003 stand alone;
what they take as given (a table) is made before.
"""

from __future__ import annotations

import re

import pytest

from tests import guides

BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)

if guides.MISSING:
    pytest.skip(guides.MISSING, allow_module_level=True)

GIVEN = {
    "Users": "aws dynamodb create-table --table-name Users --billing-mode PAY_PER_REQUEST"
    " --attribute-definitions AttributeName=UserId,AttributeType=S"
    " --key-schema AttributeName=UserId,KeyType=HASH; "
    'aws dynamodb put-item --table-name Users --item \'{"UserId": {"S": "1"}}\''
}

#: The start of a command -> what it is told, wherever it is run.
NEVER = {
    # Other services than DynamoDB.
    "sts get-caller-identity": "GetCallerIdentity",
    # The guides' own mistakes, which the CLI itself finds: the response of a scan is no request,
    # and a replica is added with Create.
    "dynamodb batch-write-item --request-items file://data.json": "Invalid type for parameter",
    "dynamodb update-table --table-name Users --replica-updates": "Unknown parameter in ReplicaUpd",
    # The lab shows an optimistic lock that refuses.
    'dynamodb update-item --table-name TaskApp --key {"PK":{"S":"USER#u123"},"SK":{"S":'
    '"TASK#t001"}} --update-expression SET #S = :newStatus --condition': "ConditionalCheckFailed",
}


def blocks(guide):
    """The blocks of a guide that use the AWS CLI."""
    found = BLOCK.findall(guides.text_of(guide))
    return [block for block in found if re.search(r"^aws \S+ ", block, re.MULTILINE)]


def text_of(command):
    return " ".join(command.arguments)


def beginning(command, table):
    return next((entry for entry in table if text_of(command).startswith(entry)), None)


def check(commands):
    """Every command succeeds, or gives the reason why it is not run."""
    for command in commands:
        never = beginning(command, NEVER)
        if never is not None:
            assert command.status != 0, command
            assert NEVER[never] in command.errors, command
        else:
            assert command.status == 0, str(command)


@pytest.fixture(scope="module")
def lab(new_shell):
    """The uses of the CLI in the lab of 004, by name, in order."""
    return new_shell().run("\n".join(blocks("004")))


def answers(commands, name):
    return [command.answer for command in commands if command.name == name and not command.status]


def test_the_lab(lab):
    assert len(lab) > 25
    check(lab)


def test_what_the_lab_shows(lab):
    described = answers(lab, "dynamodb describe-table")
    assert described[:2] == ["ACTIVE", ["ACTIVE"]]
    (profile,) = answers(lab, "dynamodb get-item")
    assert profile["Item"]["Email"] == {"S": "u123@example.com"}
    tasks, open_tasks = answers(lab, "dynamodb query")[:2]
    assert [item["TaskId"]["S"] for item in tasks["Items"]] == ["t001", "t002"]
    assert [item["TaskId"]["S"] for item in open_tasks["Items"]] == ["t001"]
    (specification,) = answers(lab, "dynamodb update-time-to-live")
    assert specification["TimeToLiveSpecification"]["AttributeName"] == "ExpiresAt"


def test_the_backup_of_the_lab(lab):
    (created,) = answers(lab, "dynamodb create-backup")
    arn = created["BackupDetails"]["BackupArn"]
    assert created["BackupDetails"]["BackupStatus"] == "CREATING"
    (restored,) = answers(lab, "dynamodb restore-table-from-backup")
    assert restored["TableDescription"]["RestoreSummary"]["SourceBackupArn"] == arn
    queried = answers(lab, "dynamodb query")[-1]["Items"]
    assert [item["SK"]["S"] for item in queried] == ["PROFILE", "TASK#t001", "TASK#t002"]
    # The last thing the lab shows: a backup outlives its table.
    listed = [command for command in lab if command.name == "dynamodb list-backups"]
    assert listed[-1].answer == [arn]


@pytest.mark.parametrize(
    ("guide", "ordinal"), [("000", at) for at in range(len(blocks("000")))] + [("003", 0)]
)
def test_blocks(new_shell, guide, ordinal):
    block = blocks(guide)[ordinal]
    shell = new_shell()
    for table, script in GIVEN.items():
        if table in block and f"create-table \\\n  --table-name {table}" not in block:
            check(shell.run(script))
    commands = shell.run(block)
    assert len(commands) == len(re.findall(r"^aws ", block, re.MULTILINE))
    check(commands)
