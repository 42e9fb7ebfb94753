"""Error texts for policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_FOUND = "Resource-based policy not found for the provided ResourceArn: "

POLICY_TOO_LARGE = f"{INVALID}Maximum policy size of 20480 bytes exceeded"
POLICY_PRINCIPAL_INVALID = f"{INVALID}Invalid principal in policy document."
POLICY_UNBOUNDED = (
    "Resource-based policy grants unbounded access in one or more elements. Please revise the"
    " policy to ensure least-privilege form of access"
)
POLICY_LOCKS_OUT = (
    "The new resource policy will not allow you to update the resource policy in the future."
)
POLICY_OF_OTHER_ACCOUNT = (
    "This action is only supported by accounts that match the resource owner’s account."  # noqa: RUF001
)


def access_denied(caller_arn: str, action: str, resource: str, reason: str) -> str:
    return (
        f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource}"
        f" {reason}"
    )


# --- finding ---


def policy_not_found(arn: str) -> str:
    return f"{_NOT_FOUND}{arn}"


def policy_has_other_revision(wanted: str, place: str, revision: int) -> str:
    return (
        f"{_NOT_FOUND}Requested update for policy with revision id {wanted}, but the policy"
        f" associated to target {place} has revision id {revision}."
    )


def policy_has_no_revision(wanted: str, place: str) -> str:
    return (
        f"{_NOT_FOUND}Requested update for policy with revision id {wanted}, but {place} has no"
        " associated policy."
    )


def policy_changed_recently(place: str, until: str) -> str:
    return (
        f"Resource-based policy for {place} modified within the previous 15000 milliseconds. Please"
        f" try again after {until}."
    )


def stream_of_table_not_found(label: str, table_name: str) -> str:
    return f"Requested resource not found: Stream: {label} not found for Table: {table_name}"


def resource_arn_invalid(arn: str) -> str:
    return f"{INVALID}Invalid resource Arn: {arn}"


# --- documents ---

POLICY_NO_JSON = "This policy contains invalid Json"
POLICY_IS_NONE = "This text appears not to be a policy"
POLICY_WITHOUT_STATEMENT = "Could not parse the policy: Statement is empty!"
POLICY_SIDS_NOT_UNIQUE = "The Statement Ids in the policy are not unique"
POLICY_VERSION = "The policy must contain a valid version string"


def policy_invalid(problem: str) -> str:
    return f"{INVALID}Invalid policy document: {problem}"


def policy_syntax_error(text_before: str) -> str:
    """Return the problem, which is where a text ends."""
    lines = text_before.split("\n")
    return f"Syntax error at position ({len(lines)},{len(lines[-1]) + 1})"


def policy_lacks(element: str) -> str:
    return f"Missing required field {element}"


def policy_actions_invalid(actions: Iterable[str]) -> str:
    listed = ", ".join(f'"{action}"' for action in actions)
    return f"The following action names are invalid: {listed}"


def policy_resource_no_arn(resource: str) -> str:
    return f'Resource {resource} must be in ARN format or "*".'


def policy_resource_of_wrong_kind(relative_id: str, arn: str) -> str:
    return f'The relative-id "{relative_id}" is invalid for ARN "{arn}"'


def policy_unreadable(problem: str) -> str:
    return f"Could not parse the policy: {problem}"
