"""Other people's libraries in one process."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import freezegun
import pytest
from botocore.auth import SigV4Auth

# Freezing looks at every name of every module, and this one's are pydantic models that are made
# when they are looked at, which cannot be done of frozen times.
freezegun.configure(extend_ignore_list=["aws_lambda_powertools.utilities.parser"])

#: In an environment of its own: `make test-aioboto3`.
collect_ignore = [] if find_spec("aioboto3") else ["test_aioboto3.py"]


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the requests that are signed, which are those that botocore sends."""
    urls: list[str] = []
    add_auth = SigV4Auth.add_auth

    def noting(self: Any, request: Any) -> None:
        urls.append(request.url)
        add_auth(self, request)

    monkeypatch.setattr(SigV4Auth, "add_auth", noting)
    return urls
