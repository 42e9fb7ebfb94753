"""Members of a batch that are left unprocessed, as when a table throttles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.access.throttling import Cause, ThrottledResource, throttled
from ddbmock._internal.faults.errors import resource_of
from ddbmock._internal.faults.selector import Selector, keys_of, table_name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.keys import OrderKey


class Part(NamedTuple):
    """One item or key of a batch."""

    table_name: str
    key: OrderKey | None
    resource: ThrottledResource | None


def parts_of(call: Call, actions: Sequence[Intent], selector: Selector | None = None) -> list[Part]:
    """Return the items or keys of a batch that match a selector, in their order."""
    parts = []
    for action in actions:
        table = call.region.tables.get(table_name_of(action) or "")
        if table is not None:
            resource = resource_of(call, action)
            parts += [
                Part(table.name, table.key_schema.order_key(key), resource)
                for key in keys_of(call, action)
                if selector is None or selector.has_key(key)
            ]
    return parts


def leave_unprocessed(call: Call, parts: Sequence[Part], count: int) -> None:
    """Have a batch refuse the last `count` of these parts."""
    refused = {(part.table_name, part.key): part.resource for part in parts[-count:]}

    def admit(touches: Sequence[Touch]) -> None:
        for touch in touches:
            name = touch.source.table.name
            for key in touch.keys:
                resource = refused.get((name, key))
                if resource is not None:
                    cause = Cause.KEY_RANGE if resource.is_on_demand else Cause.PROVISIONED
                    error = throttled(call.region, resource, cause)
                    error.is_injected = True
                    raise error

    call.door.hooks.admit(admit)
