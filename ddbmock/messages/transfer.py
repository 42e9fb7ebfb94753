"""What is said of exports to Amazon S3, imports from it, and bulk operations."""

from __future__ import annotations

ACCESS_IS_DENIED = "Access is denied"


def transfer_arn_invalid(subresource: str) -> str:
    """Return the text for an ARN that is not one of an export, an import or a bulk operation."""
    return f"Invalid {subresource.replace('-', ' ').title()} ARN"


def transfer_token_invalid(token: str) -> str:
    return f"Invalid Request: Provided nextToken is invalid: {token}"


def export_not_found(arn: str) -> str:
    """Return a text that says it twice, as the service was seen to do."""
    return f"Export not found: Export not found: {arn}"


EXPORT_ARN_ELSEWHERE = "Export not found: Invalid export arn"


def import_not_found(arn: str) -> str:
    """Return a text that is a guess: only the code was seen."""
    return f"Import not found: {arn}"


def bulk_operation_not_found(arn: str) -> str:
    """Return a text that is a guess."""
    return f"Bulk operation not found: {arn}"
