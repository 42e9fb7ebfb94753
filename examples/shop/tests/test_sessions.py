"""Sessions, as a unittest class under the decorator: each test gets a fresh backend."""

from __future__ import annotations

import unittest
from unittest import mock

import boto3

from ddbmock import mock_dynamodb
from examples.shop import table as shop_table
from examples.shop.store import SESSION_SECONDS, Store

NOW = 1_790_000_000.0


@mock_dynamodb
class SessionTest(unittest.TestCase):
    def setUp(self) -> None:
        self.store = Store(shop_table.create(boto3.resource("dynamodb")))

    def test_a_session_is_valid_for_an_hour(self) -> None:
        with mock.patch("time.time", return_value=NOW):
            session = self.store.log_in("u1", "token")
            assert session.expires_at == NOW + SESSION_SECONDS
            assert self.store.session("token") == session

    def test_an_expired_session_is_none_though_its_item_is_there(self) -> None:
        with mock.patch("time.time", return_value=NOW):
            self.store.log_in("u1", "token")
        with mock.patch("time.time", return_value=NOW + SESSION_SECONDS):
            assert self.store.session("token") is None
        assert self.store.table.scan(Select="COUNT")["Count"] == 1

    def test_a_token_is_given_once(self) -> None:
        self.store.log_in("u1", "token")
        with self.assertRaises(self.store.client.exceptions.TransactionCanceledException):
            self.store.log_in("u2", "token")

    def test_the_world_of_another_test_is_gone(self) -> None:
        assert self.store.session("token") is None
