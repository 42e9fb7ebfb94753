"""Given values: which names are taken, and which are refused."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from

SIMPLE = "AWS::Serverless::SimpleTable"


def template(**resources):
    return {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Resources": {
            "Orders": {"Type": SIMPLE, "Properties": {"TableName": {"Fn::Sub": "${Stage}-orders"}}},
            "Key": {"Type": "AWS::KMS::Key"},
            **resources,
        },
    }


def test_an_unknown_name_is_refused():
    with pytest.raises(FileError) as raised:
        tables_from(template(), parameters={"Stag": "x", "Stage": "test"})
    assert str(raised.value) == (
        "the template: unknown parameters: Stag; the template has: Stage, Orders"
    )


def test_names_that_are_known():
    parameters = {"Stage": "test", "Orders": "bills", "Key.Arn": "arn:aws:kms:x"}
    assert tables_from(template(), parameters=parameters).names == ["bills"]


def test_names_that_only_other_resources_mention():
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": {"Fn::ImportValue": "name"},
            "Tags": [{"Key": "a", "Value": "{{resolve:ssm:/a}}-${Other}"}],
        },
    }
    parameters = {"name": "a", "{{resolve:ssm:/a}}": "b", "Other": "c"}
    assert tables_from(template(Bucket=bucket), parameters=parameters).names == ["dev-orders"]
    with pytest.raises(FileError, match="unknown parameters: nam; "):
        tables_from(template(Bucket=bucket), parameters={"nam": "a"})


@pytest.mark.parametrize("name", ["Shop", "Shop563325D0"])
def test_the_id_of_a_cdk_construct(name):
    shop = {"Type": SIMPLE, "Properties": {"TableName": "x"}}
    assert tables_from({"Resources": {"Shop563325D0": shop}}, parameters={name: "shop"}).names == [
        "shop"
    ]


def test_the_id_by_the_path_of_a_construct():
    shop = {"Type": SIMPLE, "Metadata": {"aws:cdk:path": "Stack/Api/Shop/Resource"}}
    resources = {"Resources": {"ApiShop563325D0": shop}}
    assert tables_from(resources, parameters={"Shop": "shop"}).names == ["shop"]


def test_an_id_of_two_constructs():
    resources = {"Resources": {"Shop563325D0": {"Type": SIMPLE}, "Shop563325D1": {"Type": SIMPLE}}}
    with pytest.raises(FileError) as raised:
        tables_from(resources, parameters={"Shop": "shop"})
    assert str(raised.value) == (
        "the template: the parameter Shop can mean each of Shop563325D0, Shop563325D1"
    )


def test_several_templates_share_them():
    other = {"Parameters": {"Size": {"Type": "Number"}}, "Resources": {"Bills": {"Type": SIMPLE}}}
    parameters = {"Stage": "test", "Size": 5}
    tables = tables_from(template(), other, parameters=parameters)
    assert tables.names == ["test-orders", "Bills"]


def test_the_values_of_a_list_are_compared_with_the_allowed_ones():
    names = {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}
    properties = {"TableName": {"Fn::Select": [0, {"Ref": "Names"}]}}
    document = {
        "Parameters": {"Names": names},
        "Resources": {"Orders": {"Type": SIMPLE, "Properties": properties}},
    }
    assert tables_from(document, parameters={"Names": "a, b"}).names == ["a"]
    with pytest.raises(FileError, match=r"Names is 'c'; allowed are a, b\Z"):
        tables_from(document, parameters={"Names": "a,c"})


def test_terraform_s_names(files):
    with pytest.raises(FileError) as raised:
        tables_from(files / "terraform", parameters={"projekt": "x"})
    assert str(raised.value) == (
        f"{files / 'terraform'}: unknown parameters: projekt; the template has: project,"
        " provisioned, tags"
    )
    names = tables_from(files / "terraform", parameters={"data.aws_region.current.name": "x"})
    assert names.requests[0]["Tags"][-1] == {"Key": "Region", "Value": "x"}


def test_the_framework_s_names(files):
    with pytest.raises(FileError, match="unknown parameters: opt:stag; the template has: "):
        tables_from(files / "serverless", parameters={"opt:stag": "x"})
    tables = tables_from(files / "serverless", parameters={"ssm:/shop/secret": "unused"})
    assert tables.names == ["shop-orders-dev", "customers-dev"]


def test_what_is_no_template():
    with pytest.raises(FileError) as raised:
        tables_from(template(), {"Stage": "test"})
    assert str(raised.value).endswith("; values of parameters go into parameters={...}")
