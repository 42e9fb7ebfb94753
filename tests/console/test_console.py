"""The pages of the console by plain HTTP: what they show and what their forms do."""

from __future__ import annotations

import json
import threading
from urllib.parse import quote, urlencode

import boto3
import pytest
from botocore.config import Config

import ddbmock
from ddbmock import MisuseError, mock_dynamodb
from tests.console.conftest import Browser
from tests.other_accounts import assumed_role

ORDERS = "/console/table/mock/eu-west-1/orders"


def put(shop, *items):
    shop.load({"orders": list(items)})


# --- tables --------------------------------------------------------------------------------------


def test_the_list_of_tables(shop, console):
    put(shop, {"id": "a", "line": 1})
    page = console.get()
    assert page.status == 200
    assert "orders id (S), line (N) 1 9 byCustomer stream" in page.text
    assert page.link("orders") == ORDERS
    assert page.link("stream") == f"{ORDERS}/stream"


def test_no_tables():
    with mock_dynamodb(isolate=True) as ddb:
        page = Browser(ddb.console()).get("/console")
    assert "No tables yet" in page.text


def test_the_address_leads_to_the_console(console):
    page = console.get("/")
    assert page.status == 303
    assert page.headers["location"] == "/console"


def test_settings(shop, console):
    put(shop, {"id": "a", "line": 1, "customer": "ann"})
    page = console.get(f"{ORDERS}/settings")
    assert "byCustomer global customer (S) KEYS_ONLY 1" in page.text
    assert '"TableName": "orders"' in page.text
    assert page.link("byCustomer") == f"{ORDERS}?index=byCustomer"


def test_the_stream(shop, console):
    put(shop, {"id": "a", "line": 1}, {"id": "a", "line": 1, "raw": b"<b>"})
    page = console.get(f"{ORDERS}/stream")
    assert "The newest 2 records, the last one first" in page.text
    assert page.text.index("MODIFY") < page.text.index("INSERT")
    assert "{'id': 'a', 'line': 1, 'raw': 'PGI+'}" in page.text


def test_a_table_without_a_stream(shop, console):
    boto3.client("dynamodb").create_table(
        TableName="plain",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    page = console.get("/console/table/mock/eu-west-1/plain/stream")
    assert "The table has no stream." in page.text
    assert "No indexes." in console.get("/console/table/mock/eu-west-1/plain/settings").text


@pytest.mark.parametrize(
    "path",
    [
        "/console/nothing",
        f"{ORDERS}/nothing",
        f"{ORDERS}/item/more",
        "/console/table/mock/eu-west-1/others",
        "/console/table/mock/us-east-1/orders",
        "/console/table/other/eu-west-1/orders",
    ],
)
def test_pages_that_are_not_there(console, path):
    assert console.get(path).status == 404


# --- items ---------------------------------------------------------------------------------------


def items_page(console, **fields):
    return console.get(f"{ORDERS}?{urlencode(fields)}")


def test_items(shop, console):
    put(shop, {"id": "a", "line": 1, "note": "<b>bold</b>"}, {"id": "b", "line": 2})
    page = items_page(console)
    assert "2 items, by Scan" in page.text
    assert "&lt;b&gt;bold" in page.html
    assert "<b>" not in page.html


def test_what_a_page_reads_is_not_recorded(shop, console):
    put(shop, {"id": "a", "line": 1})
    before = len(shop.calls)
    items_page(console)
    assert len(shop.calls) == before


def test_pages_of_items(shop, console):
    put(shop, *({"id": "a", "line": line} for line in range(60)))
    page, seen = items_page(console, pk0="a"), []
    while True:
        seen.append(int(page.text.split(" items, by Query")[0].split()[-1]))
        if "Next page" not in page.text:
            break
        page = console.get(page.link("Next page"))
    assert seen == [25, 25, 10]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"pk0": "a"}, {1, 2, 3}),
        ({"pk0": "a", "op": "=", "sk": "2"}, {2}),
        ({"pk0": "a", "op": "<", "sk": "2"}, {1}),
        ({"pk0": "a", "op": ">=", "sk": "2"}, {2, 3}),
        ({"pk0": "a", "op": "between", "sk": "2", "to": "9"}, {2, 3}),
        ({"index": "byCustomer", "pk0": "ann"}, {1}),
        ({"index": "byCustomer"}, {1, 2}),
        ({"filter": "customer", "value": "an", "test": "begins_with"}, {1}),
        ({"filter": "customer", "value": "ob", "test": "contains"}, {2}),
        ({"filter": "customer", "test": "missing"}, {3}),
        ({"filter": "customer", "test": "exists"}, {1, 2}),
        ({"filter": "line", "value": "3"}, {3}),
        ({"filter": "paid", "value": "true"}, {3}),
        ({"filter": "customer", "value": "bob"}, {2}),
        ({"filter": "customer", "value": "nan"}, set()),
    ],
)
def test_queries(shop, console, fields, lines):
    put(
        shop,
        {"id": "a", "line": 1, "customer": "ann"},
        {"id": "a", "line": 2, "customer": "bob"},
        {"id": "a", "line": 3, "paid": True},
    )
    page = items_page(console, **fields)
    found = {line for line in range(10) if f"<code>{line}</code>" in page.html}
    assert found == lines


def test_a_query_that_is_refused(console):
    page = items_page(console, pk0="a", op="begins_with", sk="2")
    assert page.status == 400
    assert "begins_with" in page.message


@pytest.mark.parametrize("start", ["{", '{"id": 5}', "-1", "[]", "[" * 5_000])
def test_a_page_that_does_not_exist(console, start):
    assert items_page(console, start=start).status == 400


# --- one item ------------------------------------------------------------------------------------


def item_url(**key):
    return f"{ORDERS}/item?key={quote(json.dumps(key))}"


KEY = {"id": {"S": "a"}, "line": {"N": "1"}}


def test_edit_an_item(shop, console):
    put(shop, {"id": "a", "line": 1, "raw": b"\0", "tags": {"x", "y"}})
    page = console.get(items_page(console).link("Edit"))
    assert '"B": "AA=="' in page.text
    changed = json.dumps({**KEY, "total": {"N": "1.50"}})
    page = console.post(item_url(**KEY), do="save", item=changed)
    assert page.message == "The item was saved."
    assert shop.tables["orders"].items == [{**KEY, "total": {"N": "1.5"}}]


def test_create_an_item(shop, console):
    page = console.get(console.get(ORDERS).link("New item"))
    assert '{"S": ""}' in page.text.replace("{ ", "{").replace(" }", "}")
    page = console.post(f"{ORDERS}/item", do="save", item=json.dumps(KEY))
    assert page.message == "The item was created."
    assert shop.tables["orders"].items == [KEY]


def test_a_new_item_replaces_none(shop, console):
    put(shop, {"id": "a", "line": 1, "note": "old"})
    console.get(f"{ORDERS}/item")
    page = console.post(f"{ORDERS}/item", do="save", item=json.dumps(KEY))
    assert (page.status, page.message) == (400, "An item with this key exists already.")
    assert shop.tables["orders"].items[0]["note"] == {"S": "old"}


def test_another_key_makes_another_item(shop, console):
    put(shop, {"id": "a", "line": 1})
    console.get(item_url(**KEY))
    other = {**KEY, "line": {"N": "2"}}
    assert console.post(item_url(**KEY), do="save", item=json.dumps(other)).status == 200
    assert shop.tables["orders"].items == [KEY, other]


def test_delete_an_item(shop, console):
    put(shop, {"id": "a", "line": 1})
    console.get(item_url(**KEY))
    page = console.post(item_url(**KEY), do="delete", item="")
    assert page.message == "Deleted."
    assert shop.tables["orders"].items == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "This is not JSON"),
        ("[]", "an item is an object"),
        ('{"id": "a"}', "id"),
        ('{"id": {"S": "a"}}', "One or more parameter values were invalid: Missing the key line"),
        ('{"id": {"S": ""}, "line": {"N": "1"}}', "empty string"),
        ('{"id": {"S": "a"}, "line": {"N": "x"}}', "cannot be converted to a numeric value"),
    ],
)
def test_an_item_that_is_refused(shop, console, content, problem):
    console.get(f"{ORDERS}/item")
    page = console.post(f"{ORDERS}/item", do="save", item=content)
    assert page.status == 400
    assert problem in page.message
    assert content in page.text  # what was typed is still there
    assert shop.tables["orders"].items == []


def test_an_item_that_is_gone(console):
    page = console.get(item_url(**KEY))
    assert page.status == 404
    assert "no such item" in page.text


# --- calls ---------------------------------------------------------------------------------------


def test_calls(shop, console):
    client = boto3.client("dynamodb")
    client.put_item(TableName="orders", Item=KEY)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_item(TableName="others", Key=KEY)
    text = console.get("/console/calls").text
    assert "calls 3 read units 0 write units 1 failed 1" in text
    assert text.index("GetItem others") < text.index("PutItem orders")
    assert "ResourceNotFoundException" in text


# --- clock ---------------------------------------------------------------------------------------


def test_the_clock(shop, console):
    console.get("/console/clock")
    page = console.post("/console/clock", do="freeze", of="mock", at="2026-01-31T12:00:00")
    assert "2026-01-31 12:00:00 UTC, frozen" in page.text
    console.post("/console/clock", do="advance", of="mock", by="1.5", unit="hours")
    assert f"{shop.clock.now():%H:%M}" == "13:30"
    page = console.post("/console/clock", do="unfreeze", of="mock")
    assert "running" in page.text
    assert not shop.clock.is_frozen


def test_what_is_in_progress_and_what_is_expired(shop, console):
    client = boto3.client("dynamodb")
    client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"}
    )
    shop.clock.freeze("2026-01-31T12:00:00Z")
    put(shop, {"id": "a", "line": 1, "until": 1769860000})
    console.get("/console/clock")
    assert console.post("/console/clock", do="settle", of="mock").status == 200
    assert shop.tables["orders"].item_count == 1
    assert console.post("/console/clock", do="expire", of="mock").status == 200
    assert shop.tables["orders"].item_count == 0


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"do": "freeze", "at": "noon"}, "the clock cannot be set to 'noon'"),
        ({"do": "advance", "by": "x", "unit": "hours"}, "'x' is not a number of hours"),
        ({"do": "advance", "by": "-1", "unit": "hours"}, "forward"),
        ({"do": "advance", "by": "1", "unit": "by"}, "the clock has no 'by'"),
        ({"do": "wonder"}, "There is no such button."),
        ({"do": "settle", "of": "other"}, "not there any more"),
    ],
)
def test_what_the_clock_refuses(shop, console, fields, problem):
    shop.clock.freeze("2026-01-31T12:00:00Z")
    console.get("/console/clock")
    page = console.post("/console/clock", **{"of": "mock", **fields})
    assert page.status == 400
    assert problem in page.message
    assert f"{shop.clock.now():%H:%M}" == "12:00"


# --- faults --------------------------------------------------------------------------------------


def test_faults(shop, console):
    assert "No faults." in console.get("/console/faults").text
    page = console.post(
        "/console/faults",
        do="add",
        of="mock",
        error="ThrottlingException",
        operation="PutItem",
        table="orders",
        times="1",
    )
    assert "ThrottlingException" in page.text
    client = boto3.client("dynamodb")
    response = client.put_item(TableName="orders", Item=KEY)
    assert response["ResponseMetadata"]["RetryAttempts"] == 1
    (fault,) = shop.faults
    page = console.get("/console/faults")
    assert page.html.count("<tr>") == 2
    console.post(
        "/console/faults", do="remove", of="mock", number="0", selector=str(fault.selector)
    )
    assert len(shop.faults) == 0


def test_all_faults_are_removed(shop, console):
    shop.faults.add(error="ThrottlingException")
    shop.faults.add(error="InternalServerError")
    console.get("/console/faults")
    assert "No faults." in console.post("/console/faults", do="clear", of="mock").text
    assert len(shop.faults) == 0


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"error": "ThrottlingException", "times": "x"}, "'x' is not a number of times"),
        ({"error": "ThrottlingException", "operation": "Putitem"}, "PutItem"),
        ({"error": "WonderException"}, "WonderException"),
    ],
)
def test_a_fault_that_is_refused(shop, console, fields, problem):
    console.get("/console/faults")
    page = console.post("/console/faults", do="add", of="mock", **fields)
    assert page.status == 400
    assert problem in page.message
    assert len(shop.faults) == 0


# --- who may change something --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("x" * 43, {}),
        (None, {"origin": "https://evil.test"}),
        (None, {"origin": "null"}),
        (None, {"sec_fetch_site": "cross-site"}),
        (None, {"sec_fetch_site": "same-site"}),
    ],
)
def test_forms_of_other_pages_are_refused(shop, console, token, headers):
    put(shop, {"id": "a", "line": 1})
    console.get(item_url(**KEY))
    fields = {"do": "delete", "item": "", **({} if token is None else {"token": token})}
    page = console.send(item_url(**KEY), fields, **headers)
    assert page.status == 403
    assert shop.tables["orders"].item_count == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(shop, console, method):
    put(shop, {"id": "a", "line": 1})
    assert console.ask(method, item_url(**KEY)).status in {400, 501}
    assert shop.tables["orders"].item_count == 1


def test_the_name_of_another_machine(console):
    assert console.ask("GET", "/console", host="evil.test").status == 403


def test_no_page_of_another_origin_can_show_it(console):
    page = console.ask("GET", "/console", origin="https://evil.test")
    assert "access-control-allow-origin" not in page.headers
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "script" not in page.html


def test_a_form_that_is_too_large(console):
    page = console.ask("POST", "/console/clock", content_length=str(10**9))
    assert page.status == 413


# --- on a mock -----------------------------------------------------------------------------------


def test_it_is_opened_once_and_ends_with_the_mock(capsys):
    with mock_dynamodb(isolate=True) as ddb:
        url = ddb.console()
        assert ddb.console() == url
        assert capsys.readouterr().out.count(url) == 2
        Browser(url).get("/console")
    with pytest.raises(ConnectionRefusedError):
        Browser(url).get("/console")
    assert not [t for t in threading.enumerate() if t.name == "ddbmock-console"]


def test_a_mock_that_is_used_again():
    mock = mock_dynamodb(isolate=True)
    with mock as ddb:
        first = ddb.console()
    with mock as ddb:
        assert ddb.console() != first or Browser(ddb.console()).get("/console").status == 200


def test_a_mock_that_is_not_active():
    mock = mock_dynamodb()
    with pytest.raises(MisuseError):
        mock.console()


# --- throughput and regions ----------------------------------------------------------------------


def test_throughput(shop, console):
    shop.clock.freeze()  # so that nothing comes back
    page = console.get("/console/throughput")
    assert "orders eu-west-1 12,000 4,000" in page.text
    assert "orders byCustomer eu-west-1 12,000 4,000" in page.text
    assert "nothing was throttled" in page.text
    where = {"of": "mock", "table": "orders", "region": "eu-west-1"}
    page = console.post("/console/throughput", do="drain", index="", **where)
    assert "orders eu-west-1 0 0" in page.text
    assert "orders byCustomer eu-west-1 12,000 4,000" in page.text
    client = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(client.exceptions.ClientError):
        client.scan(TableName="orders")
    page = console.post("/console/throughput", do="fill", index="", **where)
    assert "orders eu-west-1 12,000 4,000" in page.text
    assert "orders: 1 read throttled" in page.text


def test_throughput_of_a_table_that_is_not_there(console):
    console.get("/console/throughput")
    where = {"of": "mock", "table": "bills", "region": "eu-west-1", "index": ""}
    page = console.post("/console/throughput", do="drain", **where)
    assert page.status == 400
    assert "bills" in page.message


def test_a_mock_that_does_not_throttle():
    with mock_dynamodb(isolate=True) as ddb:
        browser = Browser(ddb.console())
        page = browser.get("/console/throughput")
        browser.get("/console/clock")
        changed = browser.post("/console/throughput", do="drain", of="mock", table="orders")
    assert "mock_dynamodb(throughput=True)" in page.text
    assert changed.status == 400


def test_regions(shop, console):
    boto3.client("dynamodb", region_name="us-east-1").list_tables()
    page = console.get("/console/regions")
    assert "eu-west-1 orders connected Isolate eu-west-1 us-east-1 connected" in page.text
    assert page.link("orders") == ORDERS
    page = console.post("/console/regions", do="isolate", of="mock", region="us-east-1")
    assert "us-east-1 isolated Heal us-east-1" in page.text
    assert shop.regions["us-east-1"].is_isolated
    console.post("/console/regions", do="heal", of="mock", region="us-east-1")
    assert not shop.regions["us-east-1"].is_isolated


def test_a_region_without_a_name(shop, console):
    console.get("/console/regions")
    page = console.post("/console/regions", do="isolate", of="mock", region="")
    assert page.status == 400
    assert list(shop.regions) == ["eu-west-1"]


def test_what_is_cut_off_is_replicated_when_it_is_healed(shop, console):
    client = boto3.client("dynamodb")
    replica = {"Create": {"RegionName": "us-east-1"}}
    client.update_table(TableName="orders", ReplicaUpdates=[replica])
    console.get("/console/regions")
    console.post("/console/regions", do="isolate", of="mock", region="us-east-1")
    client.put_item(TableName="orders", Item={"id": {"S": "a"}, "line": {"N": "1"}})
    assert shop.regions["us-east-1"].tables["orders"].item_count == 0
    console.post("/console/regions", do="heal", of="mock", region="us-east-1")
    assert shop.regions["us-east-1"].tables["orders"].item_count == 1


# --- at an endpoint ------------------------------------------------------------------------------


@pytest.fixture
def endpoint():
    with ddbmock.serve() as url:
        yield url


def client_of(url, access_key="x", region="us-east-1"):
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="x",
    )


def create_table(client):
    client.create_table(
        TableName="events",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "B"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_an_endpoint_has_the_console(endpoint):
    browser = Browser(endpoint)
    create_table(client_of(endpoint, "ANN"))
    create_table(client_of(endpoint, "BOB", "eu-west-1"))
    page = browser.get("/")
    assert "us-east-1, access key ANN" in page.text
    assert "eu-west-1, access key BOB" in page.text
    style = browser.get("/console/style.css")
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_a_form_at_an_endpoint(endpoint):
    browser = Browser(endpoint)
    client = client_of(endpoint, "ANN")
    create_table(client)
    path = "/console/table/ANN/us-east-1/events/item"
    browser.get(path)
    page = browser.post(path, do="save", item='{"id": {"B": "AA=="}}')
    assert page.message == "The item was created."
    assert client.scan(TableName="events")["Items"] == [{"id": {"B": b"\0"}}]
    found = browser.get("/console/table/ANN/us-east-1/events?pk0=AA%3D%3D")
    assert "1 item, by Query" in found.text


def test_tables_of_other_accounts():
    with mock_dynamodb(isolate=True) as ddb:
        create_table(boto3.client("dynamodb", **assumed_role("222233334444")))
        create_table(boto3.client("dynamodb"))
        browser = Browser(ddb.console())
        page = browser.get("/console")
        assert "us-east-1, account 222233334444" in page.text
        path = "/console/table/mock/us-east-1@222233334444/events"
        assert f'href="{path.replace("@", "%40")}"' in page.html
        browser.get(f"{path}/item")
        saved = browser.post(f"{path}/item", do="save", item='{"id": {"B": "AA=="}}')
        assert saved.message == "The item was created."
        assert "account 222233334444" in browser.get(f"{path}/settings").text
        assert ddb.accounts["222233334444"].tables["events"].item_count == 1
        assert ddb.tables["events"].item_count == 0


def test_two_clocks(endpoint):
    browser = Browser(endpoint)
    for access_key in ("ANN", "BOB"):
        client_of(endpoint, access_key).list_tables()
    assert "Access key ANN" in browser.get("/console/clock").text
    page = browser.post("/console/clock", do="freeze", of="BOB", at="2026-01-31T12:00:00")
    assert page.text.count(", frozen") == 1
    assert "Access key BOB" in browser.get("/console/calls").text
    assert "Access key BOB" in browser.get("/console/faults").text
    assert "Access key BOB" in browser.get("/console/throughput").text
    assert "access key BOB" in browser.get("/console/regions").text


def test_before_any_call(endpoint):
    browser = Browser(endpoint)
    for page in ("calls", "clock", "faults", "throughput", "regions"):
        assert browser.get(f"/console/{page}").status == 200


def test_the_endpoint_is_as_healthy_as_before(endpoint):
    page = Browser(endpoint).ask("GET", "/", accept="*/*")
    assert page.html == "healthy: dynamodb.us-east-1.amazonaws.com "


def test_pages_of_other_origins_cannot_read_the_console_of_an_endpoint(endpoint):
    page = Browser(endpoint).ask("GET", "/console", origin="https://evil.test")
    assert "access-control-allow-origin" not in page.headers
    assert Browser(endpoint).ask("GET", "/console", host="evil.test").status == 403
    preflight = Browser(endpoint).ask("OPTIONS", "/console", origin="https://evil.test")
    assert "access-control-allow-origin" not in preflight.headers


def test_an_active_mock_is_what_an_endpoint_shows(endpoint, shop):
    put(shop, {"id": "a", "line": 1})
    assert "orders" in Browser(endpoint).get("/").text
