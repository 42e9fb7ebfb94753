"""Nested stacks, SAM applications and exports: tables of templates that other templates name."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from

TABLE = """
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: {name}
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      BillingMode: PAY_PER_REQUEST
"""
USERS = "  Users:" + TABLE.format(name="users")
CHILD = (
    """
Parameters:
  Env: {Type: String}
  Suffix: {Type: String, Default: orders}
Resources:
  Orders:"""
    + TABLE.format(name='!Sub "${Env}-${Suffix}"')
    + """
Outputs:
  Name: {Value: !Ref Orders}
"""
)
PARENT = """
Parameters:
  Env: {Type: String, Default: dev}
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./data.yaml
      Parameters: {Env: !Ref Env}
"""


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / f"{next(iter(texts))}.yaml"


def test_a_local_file_is_read_with_its_parameters(tmp_path):
    path = write(tmp_path, parent=PARENT + USERS, data=CHILD)
    tables = tables_from(path)
    assert sorted(tables.names) == ["dev-orders", "users"]
    assert tables.skipped == []
    assert tables_from(path, parameters={"Env": "test"}).names == ["users", "test-orders"]


def test_a_table_in_a_nested_stack_can_be_given_a_name(tmp_path):
    path = write(tmp_path, parent=PARENT, data=CHILD)
    assert tables_from(path, parameters={"Orders": "bills"}).names == ["bills"]


def test_a_parameter_that_the_stack_does_not_give(tmp_path):
    path = write(tmp_path, parent=PARENT.replace("Parameters: {Env: !Ref Env}", ""), data=CHILD)
    assert tables_from(path, parameters={"Env": "test"}).names == ["test-orders"]
    assert tables_from(path, parameters={"Env": "a", "Suffix": "b"}).names == ["a-b"]


def test_outputs_of_a_nested_stack(tmp_path):
    parent = PARENT + "  Copies:" + TABLE.format(name='!Sub "copy-of-${Data.Outputs.Name}"')
    path = write(tmp_path, parent=parent, data=CHILD)
    assert tables_from(path).names == ["copy-of-dev-orders", "dev-orders"]
    path = write(tmp_path, parent=parent.replace("Outputs.Name", "Outputs.None"), data=CHILD)
    with pytest.raises(FileError, match=r"parent.yaml:13: .*data.yaml has no output None\Z"):
        tables_from(path)


def test_a_template_that_is_not_on_disk_is_left_out(tmp_path):
    url = "https://example.com/data.yaml"
    path = write(tmp_path, parent=PARENT.replace("./data.yaml", url) + USERS)
    tables = tables_from(path)
    assert tables.names == ["users"]
    assert tables.skipped == [f"nested stack Data: its template is not a local file: '{url}'"]
    (tmp_path / "parent.yaml").write_text(PARENT + USERS)
    assert tables_from(path).skipped == [
        f"nested stack Data: no such file: {tmp_path / 'data.yaml'}"
    ]


def test_without_other_tables_the_error_names_it(tmp_path):
    path = write(tmp_path, parent=PARENT.replace("./data.yaml", "!Ref Url"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}: no DynamoDB tables in this template; left out: nested stack Data: Url has no"
        " value here"
    )


def test_a_sam_application(tmp_path):
    parent = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Data:
    Type: AWS::Serverless::Application
    Properties: {Location: data.yaml, Parameters: {Env: sam}}
  Shared:
    Type: AWS::Serverless::Application
    Properties:
      Location: {ApplicationId: "arn:aws:serverlessrepo:x", SemanticVersion: 1.0.0}
"""
    tables = tables_from(write(tmp_path, parent=parent, data=CHILD))
    assert tables.names == ["sam-orders"]
    (skipped,) = tables.skipped
    assert skipped == (
        "nested stack Shared: its template is not a local file:"
        " {'ApplicationId': 'arn:aws:serverlessrepo:x', 'SemanticVe..."
    )


def test_a_stack_whose_condition_does_not_hold(tmp_path):
    parent = PARENT.replace("    Type: AWS::Cloud", "    Condition: No\n    Type: AWS::Cloud")
    parent += USERS + "Conditions: {No: !Equals [a, b]}\n"
    assert tables_from(write(tmp_path, parent=parent, data=CHILD)).names == ["users"]


def test_a_stack_in_itself(tmp_path):
    path = write(tmp_path, parent=PARENT.replace("data", "parent"))
    with pytest.raises(FileError, match=r"parent.yaml:6: Data: the stack of .* is nested in"):
        tables_from(path)


def test_a_nested_file_that_is_no_template(tmp_path):
    path = write(tmp_path, parent=PARENT, data="a: b")
    with pytest.raises(FileError, match=r"data.yaml is no CloudFormation template\Z"):
        tables_from(path)


def test_an_error_in_a_nested_template_names_that_file(tmp_path):
    path = write(tmp_path, parent=PARENT, data=CHILD.replace("KeySchema", "Schema"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{tmp_path / 'data.yaml'}:11: Orders: unknown property of a table: Schema"
    )


def test_types_that_hide_resources_are_named(tmp_path):
    template = """
Resources:
  Users: {Type: 'AWS::Serverless::SimpleTable'}
  Set: {Type: 'AWS::CloudFormation::StackSet'}
  Module: {Type: 'My::Team::Table::MODULE'}
  Fn::Transform: {Name: 'AWS::Include'}
  Odd: {Type: 'AWS::DynamoDB::Odd'}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: dynamodb
      ResourceId: table/Users
      ScalableDimension: dynamodb:table:ReadCapacityUnits
  Other:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ServiceNamespace: ecs}
"""
    assert sorted(tables_from(write(tmp_path, template=template)).skipped) == [
        (
            "AWS::ApplicationAutoScaling::ScalableTarget Scaling: done in a mock with"
            " autoscaling=True alone"
        ),
        "AWS::CloudFormation::StackSet Set: its template is not a local file",
        "AWS::DynamoDB::Odd Odd: ddbmock does not know this type",
        "Fn::Transform in Resources: ddbmock does not resolve it",
        "My::Team::Table::MODULE Module: its template is not a local file",
    ]


# --- exports -------------------------------------------------------------------------------------

EXPORTING = (
    "Resources:\n  Orders:"
    + TABLE.format(name='!Sub "${AWS::StackName}-orders"')
    + """
Outputs:
  Name: {Value: !Ref Orders, Export: {Name: !Sub "${AWS::StackName}-name"}}
"""
)
IMPORTING = "Resources:\n  Copy:" + TABLE.format(
    name='!Join [-, [copy-of, "Fn::ImportValue": !Sub "${AWS::StackName}-name"]]'
)


def test_what_another_template_exports(tmp_path):
    path = write(tmp_path, a=IMPORTING, b=EXPORTING)
    tables = tables_from(path, tmp_path / "b.yaml", stack_name="shop")
    assert tables.names == ["copy-of-shop-orders", "shop-orders"]
    with pytest.raises(FileError, match=r"a.yaml:5: shop-name has no value here; give it:"):
        tables_from(path, stack_name="shop")


def test_exports_in_a_circle(tmp_path):
    circle = IMPORTING + "Outputs:\n  Name: {Value: !Ref Copy, Export: {Name: ddbmock-name}}\n"
    with pytest.raises(FileError, match=r"a.yaml:5: Copy depends on itself"):
        tables_from(write(tmp_path, a=circle))


def test_tables_of_one_name_in_two_templates(tmp_path):
    path = write(tmp_path, a="Resources:\n" + USERS, b="Resources:\n" + USERS)
    with pytest.raises(FileError, match=r"b.yaml:3: Users: the name 'users' is that of Users too"):
        tables_from(path, tmp_path / "b.yaml")
