"""UpdateContributorInsights, DescribeContributorInsights, ListContributorInsights.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights.html
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.features import CONTRIBUTOR_INSIGHTS
from ddbmock._internal.engine.settings import ContributorInsights
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import insights as insight_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import find_described, status_of
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table

ACCESSED_AND_THROTTLED = "ACCESSED_AND_THROTTLED_KEYS"
THROTTLED = "THROTTLED_KEYS"


# --- enabling and disabling ----------------------------------------------------------------------


@operation("UpdateContributorInsights", plane=Plane.CONTROL)
def update_contributor_insights(intent: Intent, door: Door) -> Response:
    """Enable or disable the insights of a table or global index, unless they are so already.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html
    """
    request, region = intent.request, door.region
    table, index_name = _find(region, request)
    _check_active(region, table, index_name)
    current = table.settings.contributor_insights.get(index_name)
    enable = request["ContributorInsightsAction"] == "ENABLE"
    mode = request.get("ContributorInsightsMode") or (
        ACCESSED_AND_THROTTLED if enable or current is None else current.mode
    )
    response = _named(table, index_name)
    is_enabled = current is not None and current.enabled and not current.has_failed
    if enable is is_enabled and (not enable or current is None or current.mode == mode):
        now = region.backend.clock.seconds()
        response["ContributorInsightsStatus"] = _status(current, now)
        if current is not None:
            response["ContributorInsightsMode"] = current.mode
        return response
    _change(door, table, index_name, mode, enable=enable)
    response["ContributorInsightsStatus"] = "ENABLING" if enable else "DISABLING"
    response["ContributorInsightsMode"] = mode
    return response


def _find(region: Region, request: Request) -> tuple[Table, str]:
    """Return a table, and the name of the global index that is named, empty for none."""
    table = find_described(region, request["TableName"])
    index_name = request.get("IndexName") or ""
    index = table.indexes.get(index_name)
    if index_name and (index is None or not index.is_global):
        text = insight_messages.insights_index_not_found(index_name, table.name)
        raise ResourceNotFoundError(text)
    return table, index_name


def _check_active(region: Region, table: Table, index_name: str) -> None:
    now = region.backend.clock.seconds()
    if status_of(region, table) == lifecycle.CREATING:
        raise ValidationError(insight_messages.insights_need_active("TableStatus"))
    kinds = (lifecycle.INDEX_CREATE,)
    if index_name and lifecycle.of_index(table.settings, index_name, now, *kinds) is not None:
        raise ValidationError(insight_messages.insights_need_active("IndexStatus"))


def _change(door: Door, table: Table, index_name: str, mode: str, *, enable: bool) -> None:
    region = door.region
    now = region.backend.clock.seconds()
    current = table.settings.contributor_insights.get(index_name)
    kept = {} if current is None or not current.enabled else current.rules
    rules = {kind: kept.get(kind, int(now * 1000)) for kind in _rule_kinds(table, index_name, mode)}
    has_failed = enable and _rules_in_use(region, table, index_name) + len(rules) > (
        limits.CONTRIBUTOR_INSIGHTS_RULES_QUOTA
    )
    insights = ContributorInsights(
        mode,
        enabled=enable,
        changed_at=now,
        settled_at=now + door.delay_seconds,
        rules=rules if enable and not has_failed else {},
        has_failed=has_failed,
    )
    _set(table, index_name, insights)
    if insights.rules:
        region.backend.use(CONTRIBUTOR_INSIGHTS)
    if door.delay_seconds:
        region.backend.agenda.schedule(
            (table, f"insights of {index_name}"),
            insights.settled_at,
            partial(_settle, table, index_name),
            is_pending=True,
        )


def _settle(table: Table, index_name: str, _: float) -> None:
    insights = table.settings.contributor_insights.get(index_name)
    if insights is not None:
        _set(table, index_name, replace(insights, settled_at=insights.changed_at))


def _set(table: Table, index_name: str, insights: ContributorInsights) -> None:
    changed = {**table.settings.contributor_insights, index_name: insights}
    table.configure(replace(table.settings, contributor_insights=changed))


def _rule_kinds(table: Table, index_name: str, mode: str) -> list[str]:
    """Return the kinds of rules: of partition and sort keys, consumed and throttled."""
    source = table.sources[index_name or None]
    has_sort_key = bool(source.key_schema.sort_names)
    return [
        kind
        for kind in ("PKC", "SKC", "PKT", "SKT")
        if (has_sort_key or kind[0] == "P") and (mode == ACCESSED_AND_THROTTLED or kind[2] == "T")
    ]


def _rules_in_use(region: Region, but_of: Table, but_index: str) -> int:
    return sum(
        len(insights.rules)
        for table in region.tables.values()
        for index_name, insights in table.settings.contributor_insights.items()
        if (table, index_name) != (but_of, but_index)
    )


# --- describing ----------------------------------------------------------------------------------


@operation("DescribeContributorInsights", plane=Plane.CONTROL)
def describe_contributor_insights(intent: Intent, door: Door) -> Response:
    """Return the status of the insights of a table or global index, and their rules.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html
    """
    table, index_name = _find(door.region, intent.request)
    insights = table.settings.contributor_insights.get(index_name)
    response = _named(table, index_name)
    status = _status(insights, door.region.backend.clock.seconds())
    response["ContributorInsightsStatus"] = status
    if insights is None:
        return response
    response["LastUpdateDateTime"] = timestamp(insights.changed_at)
    response["ContributorInsightsMode"] = insights.mode
    if status == "ENABLED":
        response["ContributorInsightsRuleList"] = rule_names(table, index_name)
    if status == "FAILED":
        response["FailureException"] = {
            "ExceptionName": "LimitExceededException",
            "ExceptionDescription": insight_messages.INSIGHTS_RULES_EXCEEDED,
        }
    return response


def rule_names(table: Table, index_name: str) -> list[str]:
    """Return the names of the rules of a table or index."""
    names = "-".join(filter(None, (table.name, index_name)))
    rules = table.settings.contributor_insights[index_name].rules
    return [f"DynamoDBContributorInsights-{kind}-{names}-{at}" for kind, at in rules.items()]


def _named(table: Table, index_name: str) -> dict[str, Any]:
    return {"TableName": table.name, **({"IndexName": index_name} if index_name else {})}


def _status(insights: ContributorInsights | None, now: float) -> str:
    if insights is None:
        return "DISABLED"
    is_settled = now >= insights.settled_at
    if not insights.enabled:
        return "DISABLED" if is_settled else "DISABLING"
    if not is_settled:
        return "ENABLING"
    return "FAILED" if insights.has_failed else "ENABLED"


# --- listing -------------------------------------------------------------------------------------


@operation("ListContributorInsights", plane=Plane.CONTROL)
def list_contributor_insights(intent: Intent, door: Door) -> Response:
    """Return the tables and indexes that have insights.

    A page is a part of all tables and indexes, from which those without insights are omitted: so
    there are empty pages with a NextToken.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html
    """
    request, region = intent.request, door.region
    only = request.get("TableName")
    tables = region.tables.values() if only is None else [find_described(region, only)]
    start = _decode_token(request.get("NextToken"))
    places = [place for table in tables for place in _places(table) if place > start]
    size = request.get("MaxResults") or limits.CONTRIBUTOR_INSIGHTS_PAGE_MAX
    response: Response = {
        "ContributorInsightsSummaries": [
            summary
            for table_name, index_name in places[:size]
            for summary in _summaries(region, table_name, index_name)
        ]
    }
    if len(places) > size:
        response["NextToken"] = b64encode(json.dumps(places[size - 1]).encode()).decode()
    return response


def _places(table: Table) -> Iterator[tuple[str, str]]:
    """Yield a table and its global indexes, in order, as names."""
    yield table.name, ""
    for index_name in sorted(table.settings.indexes):
        yield table.name, index_name


def _summaries(region: Region, table_name: str, index_name: str) -> Iterator[dict[str, Any]]:
    table = region.tables[table_name]
    insights = table.settings.contributor_insights.get(index_name)
    status = _status(insights, region.backend.clock.seconds())
    if insights is not None and status != "DISABLED":
        yield {
            **_named(table, index_name),
            "ContributorInsightsStatus": status,
            "ContributorInsightsMode": insights.mode,
        }


def _decode_token(token: str | None) -> tuple[str, str]:
    """Return the names of the table and index after which a page begins."""
    if token is None:
        return "", ""
    try:
        table_name, index_name = json.loads(b64decode(token, validate=True))
        return str(table_name), str(index_name)
    except (ValueError, TypeError, RecursionError):
        raise ValidationError(partiql_messages.NEXT_TOKEN_INVALID) from None
