"""The operations of the service and their parameters, as the newest botocore had them.

A request may name a parameter that this release of ddbmock has never heard of, when the botocore of
the program is newer: it must be refused, not ignored. So the names are stored here, in
`model.json`, which `make model` writes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")


@lru_cache(maxsize=1)
def members_by_operation() -> dict[str, frozenset[str]]:
    """Return the names of the parameters of each operation, of tables and of streams."""
    services = json.loads(_FILE.read_text(encoding="utf-8"))["members"].values()
    return {name: frozenset(members) for service in services for name, members in service.items()}
