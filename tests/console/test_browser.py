"""The console in a real browser: every page, by keyboard, on a phone, in light and dark."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.config import Config

from tests.browser import Page, needs_chromium

pytestmark = needs_chromium

ORDERS = "/console/table/mock/eu-west-1/orders"
KEY = '{"id":{"S":"o-1"},"line":{"N":"1"}}'
PAGES = (
    "/console",
    ORDERS,
    f"{ORDERS}?index=byCustomer&pk0=ann",
    f"{ORDERS}/item",
    f"{ORDERS}/item?key={KEY}",
    f"{ORDERS}/settings",
    f"{ORDERS}/stream",
    "/console/calls",
    "/console/clock",
    "/console/faults",
    "/console/throughput",
    "/console/regions",
    "/console/nothing",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Page(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def url(shop):
    """The address of the console of a shop with items that are long, and a call that failed."""
    shop.load({"orders": [
        {"id": "o-1", "line": 1, "customer": "ann", "note": "x" * 300, "tags": {"a", "b"}},
        *({"id": "o-2", "line": line, "total": line} for line in range(30)),
    ]})  # fmt: skip
    client = boto3.client("dynamodb")
    client.get_item(TableName="orders", Key=json.loads(KEY))
    with pytest.raises(client.exceptions.ClientError):
        client.get_item(TableName="nothing", Key=json.loads(KEY))
    shop.faults.add(error="ThrottlingException", operation="PutItem", times=3)
    shop.regions["us-east-1"].isolate()
    shop.clock.freeze()  # so that nothing comes back
    shop.throughput.drain("orders")
    impatient = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(client.exceptions.ClientError):
        impatient.get_item(TableName="orders", Key=json.loads(KEY))
    shop.throughput.fill("orders")
    shop.clock.unfreeze()
    return shop.console()


#: What does not fit, and controls without a name or too small for a finger.
FAULTS_OF_LAYOUT = """(() => {
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} wide`);
    const controls = "input:not([type=hidden]), select, textarea, button";
    for (const each of document.querySelectorAll(controls)) {
        const box = each.getBoundingClientRect();
        if (box.height < 36) faults.push(`${each.name} ${box.height} high`);
        if (!each.textContent.trim() && !each.closest("label")) faults.push(`${each.name} unnamed`);
    }
    for (const each of document.querySelectorAll("a"))
        if (!each.textContent.trim()) faults.push(`link ${each.href} unnamed`);
    if (document.querySelectorAll("h1").length != 1) faults.push("not one h1");
    const sheets = [...document.styleSheets].map(sheet => sheet.cssRules.length);
    if (!(sheets[0] > 20)) faults.push("no style");
    return faults;
})()"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_every_page_fits(page, url, path, width, height):
    page.resize(width, height, phone=width < 500)
    page.open(url + path)
    assert page.run(FAULTS_OF_LAYOUT) == []


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 27)")]
)
def test_light_and_dark(page, url, scheme, paper):
    page.prefer(scheme)
    page.open(url)
    assert page.run("getComputedStyle(document.body).backgroundColor") == paper


def focus(page):
    """What the keyboard is at: its text or its name."""
    return page.run("document.activeElement.innerText || document.activeElement.name")


def tab_to(page, wanted):
    """Press Tab until the keyboard is at this."""
    seen = []
    while focus(page) != wanted:
        page.press("Tab")
        seen.append(focus(page))
        assert len(seen) < 60, seen


def test_the_keyboard_alone(page, url, shop):
    page.resize(1280, 900)
    page.open(url)
    page.press("Tab")
    assert focus(page) == "Skip to the content"
    tab_to(page, "orders")
    page.submits()
    tab_to(page, "pk0")
    page.type("o-1")
    page.submits()
    assert "1 item, by Query" in page.run("document.body.innerText")
    tab_to(page, "Edit")
    page.submits()
    assert focus(page) == "item"  # the text can be typed at once
    page.run("document.activeElement.select()")
    page.type('{"id": {"S": "o-1"}, "line": {"N": "1"}, "total": {"N": "7"}}')
    tab_to(page, "Save")
    page.submits()
    assert "The item was saved." in page.run("document.body.innerText")
    assert shop.tables["orders"].get(id="o-1", line=1) == {"id": "o-1", "line": 1, "total": 7}


def test_a_form_by_keyboard(page, url, shop):
    page.open(f"{url}/console/clock")
    tab_to(page, "by")
    page.run("document.activeElement.select()")
    page.type("36")
    before = shop.clock.now()
    page.submits()
    assert (shop.clock.now() - before).total_seconds() >= 36 * 3600
    assert "ahead" in page.run("document.body.innerText")


def test_buttons_by_keyboard(page, url, shop):
    page.open(f"{url}/console/regions")
    tab_to(page, "Isolate eu-west-1")
    page.submits()
    assert shop.regions["eu-west-1"].is_isolated
    tab_to(page, "Heal eu-west-1")
    page.submits()
    assert not shop.regions["eu-west-1"].is_isolated
    shop.clock.freeze()
    page.open(f"{url}/console/throughput")
    tab_to(page, "Drain")
    page.submits()
    assert shop.throughput.left("orders")[1] <= 0
    assert "throttled" in page.run("document.body.innerText")


def test_a_page_elsewhere_can_send_no_form(page, url, shop, tmp_path):
    evil = tmp_path / "evil.html"
    evil.write_text(
        f'<form method="post" action="{url}/console/clock"><input name="do" value="freeze">'
        '<input name="of" value="mock"><button autofocus>Go</button></form>'
    )
    page.open(evil.as_uri())
    page.run("document.querySelector('button').focus()")
    page.submits()
    assert "does not come from this console" in page.run("document.body.innerText")
    assert not shop.clock.is_frozen
