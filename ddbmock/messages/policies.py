"""What is said of resource policies."""

from __future__ import annotations

from ddbmock.messages.requests import INVALID


def access_denied(caller_arn: str, action: str, resource: str, reason: str) -> str:
    return (
        f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource}"
        f" {reason}"
    )


def policy_not_found(arn: str) -> str:
    return f"Resource-based policy not found for the provided ResourceArn: {arn}"


def stream_of_table_not_found(label: str, table_name: str) -> str:
    return f"Requested resource not found: Stream: {label} not found for Table: {table_name}"


def resource_arn_invalid(arn: str) -> str:
    return f"{INVALID}Invalid resource Arn: {arn}"
