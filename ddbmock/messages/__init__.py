"""The service's texts, by name.

A constant is a complete text; a function fills in what varies. Nothing here decides when a text is
used. Texts are facts of the service: spelling, double blanks and missing full stops are its own.

Modules are imported in their order below, as far as the texts that are used need it: most tests
need few.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ddbmock.messages.autoscaling import *
    from ddbmock.messages.backups import *
    from ddbmock.messages.cost import *
    from ddbmock.messages.dax import *
    from ddbmock.messages.endpoint import *
    from ddbmock.messages.expressions import *
    from ddbmock.messages.faults import *
    from ddbmock.messages.insights import *
    from ddbmock.messages.items import *
    from ddbmock.messages.kinesis import *
    from ddbmock.messages.legacy import *
    from ddbmock.messages.metrics import *
    from ddbmock.messages.misuse import *
    from ddbmock.messages.partiql import *
    from ddbmock.messages.policies import *
    from ddbmock.messages.replicas import *
    from ddbmock.messages.requests import *
    from ddbmock.messages.streams import *
    from ddbmock.messages.tables import *
    from ddbmock.messages.throttling import *
    from ddbmock.messages.transfer import *
    from ddbmock.messages.values import *
    from ddbmock.messages.vectors import *

#: What is used most comes first.
_MODULES = (
    *("requests", "tables", "expressions"),
    *("items", "values", "misuse", "legacy", "partiql", "streams", "backups", "replicas"),
    *("policies", "throttling", "faults", "transfer", "vectors", "kinesis", "insights"),
    *("endpoint", "metrics", "autoscaling", "dax", "cost"),
)


def __getattr__(name: str) -> Any:
    if not name.startswith("_"):
        for module_name in _MODULES:
            texts = vars(import_module(f"ddbmock.messages.{module_name}"))
            if name in texts:
                globals()[name] = texts[name]
                return texts[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
