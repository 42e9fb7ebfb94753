"""A shop with tables, and its console, called by plain HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import boto3
import pytest

from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Page:
    """A response of the console."""

    status: int
    headers: Mapping[str, str]
    html: str

    @property
    def text(self) -> str:
        """What is read on the page: words with single spaces between them."""
        without_tags = re.sub(r"<[^>]+>", " ", self.html)
        return " ".join(unescape(without_tags).split())

    @property
    def message(self) -> str:
        """The message about what was done or refused."""
        found = re.search(r'<p role="(?:status|alert)"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        return "" if found is None else unescape(found.group(1))

    def link(self, label: str) -> str:
        """The address of the link with this text."""
        links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', self.html, re.DOTALL)
        (found, *_) = [
            unescape(url)
            for url, content in links
            if re.sub(r"<[^>]+>", "", content).strip() == label
        ]
        return found


class Browser:
    """Asks for pages and sends forms as a browser does."""

    def __init__(self, url: str) -> None:
        self.netloc = urlsplit(url).netloc
        self.token = ""

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Page:
        connection = HTTPConnection(self.netloc, timeout=20)
        given = {"accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        try:
            connection.request(method, path, body.encode(), given)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Page(response.status, found, response.read().decode())
        finally:
            connection.close()

    def get(self, path: str = "/console") -> Page:
        page = self.ask("GET", path)
        if token := re.search(r'name="token" value="([^"]+)"', page.html):
            self.token = token.group(1)
        return page

    def post(self, path: str, /, **fields: str) -> Page:
        """Send a form, and follow where the response leads."""
        page = self.send(path, fields)
        return self.get(page.headers["location"]) if page.status == 303 else page

    def send(self, path: str, fields: Mapping[str, str], **headers: str) -> Page:
        body = urlencode({"token": self.token, **fields})
        kind = "application/x-www-form-urlencoded"
        origin = {"origin": f"http://{self.netloc}", **headers}
        return self.ask("POST", path, body, content_type=kind, **origin)


@pytest.fixture
def shop():
    """A mock with the table orders: key id and line, an index by customer, a stream."""
    with mock_dynamodb(isolate=True, region="eu-west-1", throughput=True) as ddb:
        boto3.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "line", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "line", "AttributeType": "N"},
                {"AttributeName": "customer", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "byCustomer",
                    "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        yield ddb


@pytest.fixture
def console(shop, capsys):
    """A browser at the console of the shop."""
    url = shop.console()
    assert capsys.readouterr().out == f"ddbmock: the console is at {url}\n"
    return Browser(url)
