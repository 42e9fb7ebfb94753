"""`ddb.load`: every format, the tables that items go to, and what is said of wrong ones."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import boto3
import pytest

from ddbmock._internal.data import FileError
from ddbmock._internal.errors import MisuseError
from tests.formats.exports import CHANGES, ITEMS, write_export

Item = dict[str, Any]

# --- formats -------------------------------------------------------------------------------------


def test_a_mapping_of_plain_values(shop, by_key):
    count = shop.load(
        {
            "orders": [
                {
                    "orderId": "o-1",
                    "total": Decimal("1.50"),
                    "count": 3,
                    "paid": True,
                    "coupon": None,
                    "receipt": b"hello",
                    "lines": [{"sku": "A-7"}, ("x", 1)],
                    "tags": {"b", "a"},
                    "sizes": {2, Decimal("1.5")},
                    "parts": {b"b", b"a"},
                }
            ]
        }
    )
    assert count == 1
    assert by_key(shop, "orders")["o-1"] == {
        "orderId": {"S": "o-1"},
        "total": {"N": "1.5"},
        "count": {"N": "3"},
        "paid": {"BOOL": True},
        "coupon": {"NULL": True},
        "receipt": {"B": b"hello"},
        "lines": {"L": [{"M": {"sku": {"S": "A-7"}}}, {"L": [{"S": "x"}, {"N": "1"}]}]},
        "tags": {"SS": ["a", "b"]},
        "sizes": {"NS": ["1.5", "2"]},
        "parts": {"BS": [b"a", b"b"]},
    }


def test_what_was_given_is_not_changed_or_shared(shop, by_key):
    item: Item = {"orderId": {"S": "o-1"}, "n": {"N": "1.0"}, "l": {"L": []}}
    shop.load({"orders": [item]})
    item["l"]["L"].append({"S": "later"})
    assert item["n"] == {"N": "1.0"}
    assert by_key(shop, "orders")["o-1"]["l"] == {"L": []}


def test_the_output_of_a_scan(shop, files, by_key):
    assert shop.load(files / "scan.json", table="orders") == 2
    assert by_key(shop, "orders")["o-2"] == {
        "orderId": {"S": "o-2"},
        "total": {"N": "5"},
        "tags": {"SS": ["gift", "new"]},
        "receipt": {"B": b"hello"},
    }


def test_pages_of_a_scan_one_after_the_other(shop, tmp_path):
    pages = [{"Items": [{"orderId": {"S": f"o-{n}"}}], "Count": 1} for n in range(3)]
    path = tmp_path / "orders.json"
    path.write_text("\n".join(json.dumps(page, indent=4) for page in pages))
    assert shop.load(path) == 3
    assert shop.tables["orders"].item_count == 3


def test_a_request_file_of_batch_write_item(shop, files, by_key):
    assert shop.load(files / "batch.json") == 4
    assert by_key(shop, "orders") == {"o-2": {"orderId": {"S": "o-2"}}}
    assert by_key(shop, "customers") == {"7": {"customerId": {"N": "7"}, "name": {"S": "Ada"}}}


def test_a_request_of_batch_write_item_and_an_answer_of_batch_get_item(shop, files, tmp_path):
    request = json.loads((files / "batch.json").read_text())
    path = tmp_path / "any.json"
    path.write_text(json.dumps({"RequestItems": request, "ReturnConsumedCapacity": "TOTAL"}))
    assert shop.load(path) == 4
    path.write_text(json.dumps({"Responses": {"orders": [{"orderId": {"S": "o-9"}}]}}))
    assert shop.load(path) == 1


def test_json_lines_of_either_form(shop, files, by_key):
    assert shop.load(files / "orders.jsonl") == 3
    assert by_key(shop, "orders")["o-1"] == {
        "orderId": {"S": "o-1"},
        "total": {"N": "19.9"},
        "lines": {"L": [{"M": {"sku": {"S": "A-7"}, "quantity": {"N": "2"}}}]},
    }


def test_one_item(shop, tmp_path):
    path = tmp_path / "orders.json"
    path.write_text('{"Item": {"orderId": {"S": "o-1"}}, "ConsumedCapacity": null}')
    assert shop.load(path) == 1
    path.write_text('{"orderId": "o-2", "lines": []}')
    assert shop.load(path) == 1
    assert shop.tables["orders"].item_count == 2


def test_an_attribute_called_item(ddb, dynamodb_client, tmp_path):
    dynamodb_client.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "Item", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Item", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ddb.load({"things": [{"Item": {"S": "a"}}, {"Item": "b"}]})
    assert sorted(item["Item"]["S"] for item in ddb.tables["things"].items) == ["a", "b"]


def test_yaml_is_read_as_it_is_written(shop, files, by_key):
    assert shop.load(files / "saved_state.yaml") == 3
    assert by_key(shop, "orders")["o-1"] == {
        "orderId": {"S": "o-1"},
        "total": {"N": "19.9"},
        "country": {"S": "NO"},
        "day": {"S": "2026-01-31"},
        "tags": {"SS": ["gift", "new"]},
        "receipt": {"B": b"hello"},
        "coupon": {"NULL": True},
    }
    assert by_key(shop, "customers")["7"]["name"] == {"S": "Ada"}


def test_yaml_s_numbers_merges_and_sets(shop, tmp_path, by_key):
    path = tmp_path / "shop.yaml"
    path.write_text("""
orders:
  - &first {orderId: o-1, hex: 0x1F, octal: 0o17, big: 123456789012345678901234567890, exp: 1e3}
  - <<: *first
    orderId: o-2
    text: "5"
    sizes: !!set {1, 2.5}
""")
    shop.load(path)
    assert by_key(shop, "orders")["o-2"] == {
        "orderId": {"S": "o-2"},
        "hex": {"N": "31"},
        "octal": {"N": "15"},
        "big": {"N": "123456789012345678901234567890"},
        "exp": {"N": "1000"},
        "text": {"S": "5"},
        "sizes": {"NS": ["1", "2.5"]},
    }


def test_csv_takes_types_from_the_header_and_the_keys(shop, files, by_key):
    assert shop.load(files / "orders.csv") == 2
    assert by_key(shop, "orders") == {
        "o-1": {
            "orderId": {"S": "o-1"},
            "total": {"S": "19.90"},
            "note": {"S": "two, in one cell"},
            "paid": {"BOOL": True},
            "tags": {"SS": ["gift"]},
            "lines": {"L": [{"S": "A-7"}]},
            "customerId": {"N": "7"},
        },
        "o-2": {
            "orderId": {"S": "o-2"},
            "total": {"S": "5"},
            "paid": {"BOOL": False},
            "customerId": {"N": "8"},
        },
    }
    assert shop.tables["orders"].indexes["byCustomer"].item_count == 2


def test_a_model_of_nosql_workbench(ddb, files, dynamodb_client):
    assert ddb.load(files / "model.json") == 2
    table = dynamodb_client.describe_table(TableName="shop")["Table"]
    assert table["KeySchema"] == [
        {"AttributeName": "PK", "KeyType": "HASH"},
        {"AttributeName": "SK", "KeyType": "RANGE"},
    ]
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"]}
    assert ddb.tables["shop"].indexes["GSI1"].items == [
        {"GSI1PK": {"S": "open"}, "PK": {"S": "C#7"}, "SK": {"S": "O#1"}, "total": {"N": "20"}}
    ]
    # The table is there now: only the items are loaded.
    assert ddb.load(files / "model.json") == 2


def test_compressed_files_and_other_encodings(shop, tmp_path):
    text = '{"orders": [{"orderId": "ö"}]}'
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "b.json").write_bytes(text.encode("utf-16"))  # PowerShell's `>`
    (tmp_path / "c.json").write_bytes(text.encode("utf-8-sig"))
    for name in ("a.json.gz", "b.json", "c.json"):
        shop.load({"orders": []})
        assert shop.load(tmp_path / name) == 1
    assert shop.tables["orders"].items == [{"orderId": {"S": "ö"}}]


def test_a_folder_of_files(shop, files, tmp_path):
    for name in ("orders.jsonl", "orders.csv"):
        (tmp_path / name).write_bytes((files / name).read_bytes())
    (tmp_path / "customers.json").write_text('[{"customerId": 1}]')
    (tmp_path / "readme.txt").write_text("not to be loaded")
    assert shop.load(tmp_path) == 6
    assert shop.tables["customers"].item_count == 1


# --- exports to Amazon S3 -----------------------------------------------------------------------


def test_an_export(shop, tmp_path, by_key):
    folder = write_export(tmp_path, ITEMS)
    for path in (folder, tmp_path, folder / "manifest-summary.json"):
        assert shop.load(path) == 2
    assert by_key(shop, "orders")["o-2"]["tags"] == {"SS": ["gift", "new"]}


def test_an_incremental_export_deletes_too(shop, tmp_path, by_key):
    shop.load({"orders": [{"orderId": "o-1", "total": 1}, {"orderId": "o-2"}]})
    assert shop.load(write_export(tmp_path, CHANGES, incremental=True)) == 2
    assert sorted(by_key(shop, "orders")) == ["o-2", "o-3"]


def test_an_export_into_another_table(shop, tmp_path, dynamodb_client):
    dynamodb_client.create_table(
        TableName="copy",
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    shop.load(write_export(tmp_path, ITEMS), table="copy")
    assert (shop.tables["copy"].item_count, shop.tables["orders"].item_count) == (2, 0)


def test_a_damaged_export_leaves_nothing(shop, tmp_path):
    folder = write_export(tmp_path, ITEMS, item_count=3)
    with pytest.raises(FileError, match=r"abc.json.gz: the manifest says 3 items, the file has 2"):
        shop.load(folder)
    assert shop.tables["orders"].items == []


def test_an_item_of_an_export_that_the_table_does_not_take(shop, tmp_path):
    folder = write_export(tmp_path, [ITEMS[0], '{"Item":{"id":{"S":"o-2"}}}'])
    with pytest.raises(FileError) as raised:
        shop.load(folder)
    assert str(raised.value) == (
        f"{folder / 'data' / 'abc.json.gz'}:2: item of orders: One or more parameter values were"
        " invalid: Missing the key orderId in the item"
    )
    assert shop.tables["orders"].items == []


# --- through the one door ------------------------------------------------------------------------


def test_items_reach_indexes_and_streams(shop, dynamodb_client):
    dynamodb_client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    shop.load({"orders": [{"orderId": "a", "customerId": 1}]})
    assert shop.tables["orders"].indexes["byCustomer"].item_count == 1
    assert [record["Keys"] for record in shop.tables["orders"].stream.records] == [
        {"orderId": {"S": "a"}}
    ]
    shop._backend.region("us-east-1").tables["orders"]._check()


def test_handlers_get_the_changes(shop, dynamodb_client):
    dynamodb_client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    seen = []
    shop.on_change("orders", lambda event: seen.extend(event["Records"]), deliver="immediately")
    shop.load({"orders": [{"orderId": "a"}, {"orderId": "b"}]})
    assert len(seen) == 2


def test_a_load_can_be_rolled_back(shop):
    with shop.rollback():
        shop.load({"orders": [{"orderId": "a"}]})
    assert shop.tables["orders"].items == []


def test_loads_are_not_among_the_calls(shop, files):
    before = len(shop.calls)
    shop.load(files / "saved_state.yaml")
    assert len(shop.calls) == before


def test_the_only_table_of_that_name_in_another_region(ddb):
    client = boto3.client("dynamodb", "eu-west-1")
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ddb.load({"orders": [{"id": "a"}]})
    assert client.scan(TableName="orders")["Count"] == 1


# --- which table ---------------------------------------------------------------------------------


def test_table_leads_a_source_of_one_table_elsewhere(shop, tmp_path, by_key):
    path = tmp_path / "old.json"
    path.write_text('{"old-orders": [{"orderId": "a"}]}')
    shop.load(path, table="orders")
    assert list(by_key(shop, "orders")) == ["a"]


def test_table_takes_no_source_of_several_tables(shop, files):
    with pytest.raises(FileError) as raised:
        shop.load(files / "saved_state.yaml", table="orders")
    assert raised.value.problem == (
        "items of orders and of customers: table= takes a source of one table"
    )
    assert shop.tables["orders"].items == []


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_table_takes_an_arn(ddb, tmp_path, region):
    client = boto3.client("dynamodb", region)
    for name in ("orders", "bills"):
        client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    arn = f"arn:aws:dynamodb:{region}:123456789012:table/orders"
    path = tmp_path / "any.jsonl"
    path.write_text('{"id": "a"}')
    assert ddb.load(path, table=arn) == 1
    # The request of batch-write-item takes an ARN as the key, too.
    path = tmp_path / "request.json"
    path.write_text(json.dumps({arn: [{"PutRequest": {"Item": {"id": {"S": "b"}}}}]}))
    assert ddb.load(path) == 1
    assert client.scan(TableName="orders")["Count"] == 2
    with pytest.raises(
        FileError, match=r"no table 'arn:.*/none'; the tables that exist: bills, ord"
    ):
        ddb.load({arn.replace("orders", "none"): [{"id": "c"}]})


def test_a_mapping_of_tables_to_files(shop, files, tmp_path):
    (tmp_path / "seeds.csv").write_text("orderId\nx\n")
    source = {"orders": tmp_path / "seeds.csv", "customers": [{"customerId": 7}]}
    assert shop.load(source) == 2
    assert [shop.tables[name].item_count for name in ("orders", "customers")] == [1, 1]


def test_tables_with_names_of_shapes(ddb, dynamodb_client):
    """A mapping is always by table, whatever the tables are called."""
    for name in ("Items", "Responses", "DataModel"):
        dynamodb_client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        assert ddb.load({name: [{"id": "a"}]}) == 1
        assert ddb.tables[name].item_count == 1


def test_a_file_that_names_no_table(shop, files, tmp_path):
    path = tmp_path / "seeds.json"
    path.write_text("[{}]")
    with pytest.raises(FileError) as raised:
        shop.load(path)
    assert str(raised.value) == (
        f"{path}: for which table? There is none called 'seeds', as the file is; name the file"
        " after its table, or say table=... (--table of `ddbmock load`)"
        " (the tables that exist: customers, orders)"
    )


def test_a_table_that_is_not_there(shop, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"orders": [{"orderId": "a"}],\n "bills": [{"id": 1}]}')
    with pytest.raises(FileError) as raised:
        shop.load(path)
    assert str(raised.value) == (
        f"{path}:2: item 1 of bills: no table 'bills'; the tables that exist: customers, orders"
    )
    assert shop.tables["orders"].items == []


# --- wrong items: where and what -----------------------------------------------------------------

WRONG_ITEMS = [
    (
        '{"total": 1}',
        "One or more parameter values were invalid: Missing the key orderId in the item",
    ),
    (
        '{"orderId": 5}',
        (
            "One or more parameter values were invalid: Type mismatch for key orderId"
            " expected: S actual: N"
        ),
    ),
    (
        '{"orderId": "a", "customerId": "7"}',
        (
            "One or more parameter values were invalid: Type mismatch for Index Key customerId"
            " Expected: N Actual: S IndexName: byCustomer"
        ),
    ),
    (
        '{"orderId": {"S": "a"}, "total": {"N": 5}}',
        'attribute total: N takes a number as text, as in {"N": "1.5"}, not 5',
    ),
    (
        '{"orderId": {"S": "a"}, "total": {"N": "five"}}',
        "The parameter cannot be converted to a numeric value: five",
    ),
    (
        '{"orderId": {"S": "a"}, "lines": {"L": [{"S": "x"}, {"M": {"n": 5}}]}}',
        'attribute lines[1].n: not an attribute value such as {"S": "a"}: 5',
    ),
    (
        '{"orderId": {"S": "a"}, "x": {"S": "a", "N": "1"}}',
        "attribute x: an attribute value has exactly one type, this one has: S, N",
    ),
    (
        '{"orderId": {"S": "a"}, "x": {"T": "a"}}',
        "attribute x: no type 'T'; the types are S, N, B, BOOL, NULL, L, M, SS, NS, BS",
    ),
    (
        '{"orderId": {"S": "a"}, "x": {"B": "a?"}}',
        "attribute x: B takes base64 text, not 'a?'",
    ),
    (
        '{"orderId": {"S": "a"}, "x": {"SS": []}}',
        "One or more parameter values were invalid: An string set  may not be empty",
    ),
    (
        '{"orderId": {"S": "a"}, "x": {"NULL": false}}',
        "attribute x: NULL takes true, not False",
    ),
]


@pytest.mark.parametrize(("item", "problem"), WRONG_ITEMS)
def test_a_wrong_item(shop, tmp_path, item, problem):
    path = tmp_path / "seeds.json"
    path.write_text(f'{{"orders": [\n  {{"orderId": "first"}},\n  {item}\n]}}')
    with pytest.raises(FileError) as raised:
        shop.load(path)
    assert str(raised.value) == f"{path}:3: item 2 of orders: {problem}"
    assert raised.value.line == 3
    assert shop.tables["orders"].items == []


def test_an_item_that_is_too_large(shop, tmp_path):
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps({"orderId": "a", "text": "x" * 409_600}))
    with pytest.raises(FileError, match="Item size has exceeded the maximum allowed size"):
        shop.load(path)


WRONG_VALUES = [
    (1.5, "attribute x: a float, 1.5, is not exactly what was written; use Decimal('1.5')"),
    (Decimal("NaN"), "attribute x: DynamoDB's numbers are finite, not NaN"),
    (set(), "attribute x: DynamoDB has no empty sets"),
    ({1, "a"}, "attribute x: a set has only strings, only numbers or only binary values"),
    (object, "attribute x: DynamoDB has no type for type, here <class 'object'>"),
    ({"y": [1.5]}, "attribute x.y[0]: a float, 1.5, is not exactly what was written;"),
    ({5: "a"}, "attribute names are text, not 5; put it into quotes"),
]


@pytest.mark.parametrize(("value", "problem"), WRONG_VALUES)
def test_a_wrong_plain_value(shop, value, problem):
    with pytest.raises(FileError) as raised:
        shop.load({"orders": [{"orderId": "a", "x": value}]})
    assert str(raised.value).startswith(f"the mapping: item 1 of orders: {problem}")


def test_sources_that_are_none(shop):
    for source in (5, {"orders": {"orderId": "a"}}, {"orders": b"abc"}, {"orders": 5}):
        with pytest.raises(MisuseError, match=r"load\(\) takes a path, or a mapping"):
            shop.load(source)


# --- wrong files ---------------------------------------------------------------------------------

WRONG_FILES = [
    ("a.json", '{"orders": [\n{"orderId": "a",}]}', ":2: not JSON: "),
    ("a.json", "", ": the file is empty"),
    ("a.json", '{"orders": [\n"a"]}', ":1: item 1 of orders: an item is an object of attributes,"),
    ("a.json", "5", ":1: expected items, not 5"),
    ("a.json", '{"orders": [{"orderId": "a", "n": NaN}]}', ": not JSON: JSON has no number NaN"),
    ("orders.jsonl", '{"orderId": "a"}\n{"orderId"}\n', ":2: not JSON: Expecting ':' delimiter"),
    ("orders.jsonl", "[1]\n", ":1: an item is an object of attributes, not [1]"),
    ("a.yaml", "orders:\n  - {orderId: a\n", ":3: not YAML: "),
    ("a.yaml", "orders:\n  - orderId: !Ref A\n", ":2: the YAML tag !Ref means nothing here"),
    ("a.yaml", "orders: &o\n  - *o\n", ":1: an alias is inside of its own anchor"),
    ("a.yaml", "", ": the file is empty"),
    ("a.yaml", "- !!int many\n", ":1: not YAML: no int: 'many'"),
    ("a.yaml", "- !!omap [a: b]\n", ":1: "),
    ("a.yaml", "- ? [a, b]\n  : c\n", ":1: a key that is not a scalar"),
    ("a.yaml", "- <<: 5\n", ":1: only mappings can be merged with <<"),
    ("a.yaml", "a: b\n---\nc: d\n", ":2: not YAML: "),
    (
        "a.yaml",
        "orders:\n - {orderId: a}\n - {orderId: b, 5: x}",
        ":3: item 2 of orders: attribute",
    ),
    ("orders.csv", "", ":1: a CSV file begins with a header of attribute names"),
    ("orders.csv", "orderId,\n", ":1: column 2 has no attribute name"),
    ("orders.csv", "orderId,a:N,a:N\n", ":1: two columns are a:N"),
    ("orders.csv", "orderId\na,b\n", ":2: item: 2 cells under a header of 1"),
    ("orders.csv", "orderId,a:N,a:S\nx,1,b\n", ":2: item: two columns give attribute a a value"),
    (
        "orders.csv",
        "orderId,a:BOOL\nx,maybe\n",
        ":2: item: attribute a: a cell of type BOOL contains true or false, not 'maybe'",
    ),
    (
        "orders.csv",
        "orderId,a:L\nx,[\n",
        ":2: item: attribute a: a cell of type L contains JSON, not '['",
    ),
    ("orders.csv", "orderId,n:N\nx,many\n", ":2: item: The parameter cannot be converted to a"),
    ("a.json.gz", "not compressed", ":1: not JSON: "),
]


@pytest.mark.parametrize(("name", "text", "problem"), WRONG_FILES)
def test_a_wrong_file(shop, tmp_path, name, text, problem):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FileError) as raised:
        shop.load(path)
    assert str(raised.value).startswith(f"{path}{problem}")
    assert shop.tables["orders"].items == []


def test_a_file_in_another_folder_than_the_working_directory(shop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError) as raised:
        shop.load("orders.json")
    assert str(raised.value) == (
        "orders.json: cannot be read: No such file or directory"
        f" (the working directory is {tmp_path})"
    )


def test_a_file_of_an_unknown_format(shop, tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("hello")
    with pytest.raises(FileError) as raised:
        shop.load(path)
    assert raised.value.problem == "the format cannot be recognised by the suffix '.txt'"
    assert raised.value.hint == (
        "the suffixes are .jsonl, .ndjson, .json, .yaml, .yml, .csv, .ion, followed by .gz or .zst"
        " if compressed"
    )
    path.write_text('{"orders": [{"orderId": "a"}]}')
    assert shop.load(path) == 1


@pytest.mark.parametrize("levels", [32, 200, 900, 100_000])
@pytest.mark.parametrize("suffix", ["json", "jsonl", "yaml"])
def test_an_item_nested_too_deeply(shop, tmp_path, suffix, levels):
    path = tmp_path / f"orders.{suffix}"
    path.write_text('{"orderId": "a", "deep": ' + "[" * levels + "1" + "]" * levels + "}")
    with pytest.raises(FileError, match=r"(?i)Nesting Levels have exceeded|nested too deeply"):
        shop.load(path)
    assert shop.tables["orders"].items == []


@pytest.mark.parametrize("suffix", ["json", "jsonl", "yaml"])
def test_numbers_that_no_decimal_takes(shop, tmp_path, suffix):
    path = tmp_path / f"orders.{suffix}"
    for number in ("1e99999999999999999999", "1e400", "9" * 5000):
        path.write_text(f'{{"orderId": "a", "n": {number}}}')
        with pytest.raises(FileError, match=r"Number overflow|cannot be converted to a num"):
            shop.load(path)
    path.write_text('{"orderId": "a", "n": 0.10000000000000000000000000000000000000}')
    shop.load(path)
    assert shop.tables["orders"].items == [{"orderId": {"S": "a"}, "n": {"N": "0.1"}}]


def test_what_boto3_read_can_be_loaded(shop, dynamodb_resource):
    shop.load(
        {
            "orders": [
                {"orderId": "a", "raw": b"hi", "parts": {b"x"}, "n": Decimal("1.50"), "l": [b"y"]}
            ]
        }
    )
    before = shop.tables["orders"].items
    assert shop.load({"orders": dynamodb_resource.Table("orders").scan()["Items"]}) == 1
    assert shop.tables["orders"].items == before


def test_files_that_cannot_be_read(shop, tmp_path):
    for name in ("none.json", "none.jsonl", "none.csv"):
        with pytest.raises(FileError) as raised:
            shop.load(tmp_path / name)
        assert str(raised.value) == (
            f"{tmp_path / name}: cannot be read: No such file or directory"
        )
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(FileError, match=r"not text in UTF-8: .* at byte 7"):
        shop.load(tmp_path / "latin.json")
    for name in ("a.json.gz", "orders.jsonl.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b'{"orderId": "a"}' * 99)[:-12])
        with pytest.raises(FileError, match="cannot be decompressed: "):
            shop.load(tmp_path / name)
    assert shop.tables["orders"].items == []


def test_a_folder_without_anything_to_load(shop, tmp_path):
    with pytest.raises(FileError, match="no export and no file to load in this folder"):
        shop.load(tmp_path)


def test_a_model_that_is_none(ddb, tmp_path):
    path = tmp_path / "model.json"
    path.write_text('{"ModelName": "x",\n "DataModel": [\n{"TableName": "tab"}]}')
    with pytest.raises(FileError) as raised:
        ddb.load(path)
    assert str(raised.value) == (
        f"{path}:3: table 1 of the model: not a table of NoSQL Workbench: KeyAttributes is"
        " missing or wrong"
    )


KEY = (
    '"TableName": "tab", "KeyAttributes": {"PartitionKey":'
    ' {"AttributeName": "a", "AttributeType": "S"}}'
)
WRONG_MODELS = [
    ('"x"', "TableName is missing or wrong"),
    ('{"TableName": 5}', "TableName is missing or wrong"),
    ('{"TableName": "tab", "KeyAttributes": "x"}', "KeyAttributes is missing or wrong"),
    (
        '{"TableName": "tab", "KeyAttributes": {"PartitionKey": {"a": 1}}}',
        "AttributeName is missing",
    ),
    (f'{{{KEY}, "TableData": "x"}}', "TableData takes a list, not 'x'"),
    (f'{{{KEY}, "TableData": [5]}}', "an item is an object of attributes, not 5"),
    (
        f'{{{KEY}, "ProvisionedCapacitySettings": {{"ProvisionedThroughput": {{"a": []}}}}}}',
        "capacity units are whole numbers, not []",
    ),
    (
        f'{{{KEY}, "GlobalSecondaryIndexes": [{{"IndexName": []}}]}}',
        "IndexName is missing or wrong",
    ),
]


@pytest.mark.parametrize(("table", "problem"), WRONG_MODELS)
def test_wrong_tables_of_a_model(ddb, tmp_path, table, problem):
    path = tmp_path / "model.json"
    path.write_text(f'{{"ModelName": "x", "DataModel": [{table}]}}')
    with pytest.raises(FileError) as raised:
        ddb.load(path)
    assert problem in raised.value.problem
    assert not ddb.tables


def test_a_model_that_the_service_refuses_leaves_nothing(ddb, files, tmp_path):
    text = (
        (files / "model.json")
        .read_text()
        .replace('"ReadCapacityUnits": 5', '"ReadCapacityUnits": 0')
    )
    path = tmp_path / "model.json"
    path.write_text(text)
    with pytest.raises(FileError, match=r"model.json:12: table shop: 2 validation errors detected"):
        ddb.load(path)
    assert not ddb.tables


@pytest.mark.parametrize(
    ("module", "name", "problem"),
    [
        ("yaml", "saved_state.yaml", "YAML, install PyYAML: pip install 'mock-dynamodb[yaml]'"),
    ],
)
def test_a_library_that_is_not_installed(shop, files, monkeypatch, module, name, problem):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(FileError) as raised:
        shop.load(files / name)
    assert str(raised.value) == f"{files / name}: to read or write {problem}"


def test_pytest_shows_the_line_of_the_test_and_no_frame_of_ddbmock(pytester):
    pytester.makepyfile("""
        def test_load(ddb):
            ddb.load({"orders": [{"id": "a"}]})

        def test_dump(ddb):
            ddb.dump("none/a.json")

        def test_save(ddb):
            ddb.save("none/a.json")
    """)
    options = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider", "--tb=short")
    result = pytester.runpytest_inprocess(*options, "-oasyncio_default_fixture_loop_scope=function")
    result.assert_outcomes(failed=3)
    frames = [line for line in result.outlines if ": in " in line]
    functions = [line.partition(": in ")[2] for line in frames]
    assert functions == ["test_load", "test_dump", "test_save"]
