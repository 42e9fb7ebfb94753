"""A mock of moto that starts on the first use of another service than DynamoDB.

Starting moto's mock is expensive: it drops boto3's default session, and a new session reads and
parses botocore's files again. Most tests of programs that use DynamoDB use no other service.

Another service is used when a client of it is created, signs or sends, or when the program sends an
HTTP request with requests, which moto answers too.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ddbmock._internal.hook import active
from ddbmock._internal.hook.registration import replacements
from ddbmock._internal.hook.replacements import Replacement
from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from ddbmock._internal.activations import Activation

#: The environment variables that moto sets, so that no real credentials are found.
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "FOOBARKEY", "AWS_SECRET_ACCESS_KEY": "FOOBARSECRET"}

_lock = new_lock()
#: The mocks that have begun and not ended, outermost first.
_begun: list[LazyMoto] = []


class LazyMoto:
    """One mock of moto, from its beginning to its end, whether it was started or not.

    Args:
        config: moto's configuration.
        activation: The mock of DynamoDB that begins and ends with it.
    """

    def __init__(self, config: Any, activation: Activation) -> None:
        # Imported early, because moto's handlers are on clients that are created after its import.
        from moto import mock_aws  # noqa: PLC0415 (optional)

        self._config = config
        self._mock_aws = mock_aws
        self._activation = activation
        self._started: Any = None
        self._replaced: dict[str, str | None] = {}

    def begin(self) -> None:
        """Begin: the next use of another service starts moto."""
        core = (self._config or {}).get("core", {})
        if core.get("mock_credentials", True):
            self._replaced = {name: os.environ.get(name) for name in _CREDENTIALS}
            os.environ.update(_CREDENTIALS)
        with _lock:
            _begun.append(self)
            _watch()

    def start(self) -> bool:
        """Start moto unless it is running; return whether it was started."""
        if self._started is not None:
            return False
        self._started = self._mock_aws(config=self._config)
        self._started.start()
        return True

    def end(self) -> None:
        """Stop moto if it was started."""
        with _lock:
            _begun.remove(self)
            _watch()
            if self._started is not None:
                self._started.stop()
        for name, value in self._replaced.items():
            if value is not None:
                os.environ[name] = value
            else:
                os.environ.pop(name, None)

    @property
    def is_of_test(self) -> bool:
        """Whether it belongs to one test, within that of the test's class."""
        return self._activation.is_of_test


def _start_moto() -> bool:
    """Start moto for the outermost mock of the running test; return whether it was started.

    Resources of a test are removed after it; those of a decorated helper of the test are not.
    """
    with _lock:
        if not _begun:
            return False
        of_tests = [number for number, mock in enumerate(_begun) if mock.is_of_test]
        return _begun[of_tests[-1] if of_tests else 0].start()


class _OtherServices:
    """Called by the hook when a program uses another service than DynamoDB."""

    def prepare(self, given: dict[str, Any]) -> None:
        """Complete the arguments of a new client."""
        _start_moto()
        if not (given.get("aws_access_key_id") or given.get("aws_secret_access_key")):
            # The session may be older than the mock, and have found real credentials.
            given["aws_access_key_id"] = _CREDENTIALS["AWS_ACCESS_KEY_ID"]
            given["aws_secret_access_key"] = _CREDENTIALS["AWS_SECRET_ACCESS_KEY"]

    def created(self, client: Any) -> None:
        """Have moto answer a client, whose session may be older than moto."""
        from moto.core.models import patch_client  # noqa: PLC0415 (optional)

        patch_client(client)

    def signs(self) -> None:
        """Start moto when a request of another service is signed."""
        _start_moto()

    def answer(self, event_name: str, request: Any) -> Any:
        """Answer an HTTP request."""
        if not _start_moto():
            return None  # its own handler has answered
        from moto.core.models import botocore_stubber  # noqa: PLC0415 (optional)

        return botocore_stubber(event_name, request)


_other_services = _OtherServices()


def _watch() -> None:
    active.other_services = _other_services if _begun else None


def _send_by_requests(wrapped: Any, adapter: Any, args: Any, kwargs: Any) -> Any:
    if _start_moto():
        # moto has just replaced this method.
        return type(adapter).send(adapter, *args, **kwargs)
    return wrapped(*args, **kwargs)


replacements.add(Replacement("requests.adapters", "HTTPAdapter", "send", _send_by_requests))
