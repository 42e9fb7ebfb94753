"""Features: parts of ddbmock that cost nothing until they are used.

Then they are imported, and attached to the service that uses them. Those that operations use are
listed here, all others in `ddbmock._internal.features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Attached = TypeVar("Attached")


@dataclass(frozen=True, slots=True, eq=False)
class Feature(Generic[Attached]):
    """A part of ddbmock that a service gets by `use`: `service.use(FAULTS)`.

    Its module has a function `attach(service)`, which attaches stages to the service's pipeline,
    observes commits or adds a companion, and returns what `use` returns. It is called once.

    Attributes:
        module: The module, by its name in `ddbmock._internal`.
        option: The option of `mock_dynamodb` that switches it on from the beginning; `attach` finds
            its value in `service.options`.
        is_of_each_mock: Whether the option of a mock inside another one counts too.
    """

    module: str
    option: str | None = None
    is_of_each_mock: bool = False


RESOURCE_POLICIES: Feature[None] = Feature("optional_stages.authorization")
CONTRIBUTOR_INSIGHTS: Feature[Any] = Feature("optional_stages.key_counts")
KINESIS_DESTINATIONS: Feature[None] = Feature("triggers.kinesis")
