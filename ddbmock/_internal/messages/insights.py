"""Error texts for contributor insights."""

from __future__ import annotations

INSIGHTS_RULES_EXCEEDED = (
    "Amazon CloudWatch Contributor Insights rule limit reached. Please disable Contributor Insights"
    " for other tables/indexes OR disable other CloudWatch Contributor Insights rules before"
    " retrying."
)


def insights_index_not_found(index_name: str, table_name: str) -> str:
    return f"Requested resource not found: Index: {index_name} not found for table: {table_name}"


def insights_need_active(what: str) -> str:
    return (
        "Table or Index is not in a valid state to update Key Access Insights:"
        f" {what} must be ACTIVE to enable ContributorInsights."
    )
