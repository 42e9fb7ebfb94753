"""The least-privilege policy for calls, and the unused parts of policies."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ddbmock._internal.policies.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ddbmock._internal.policies.documents import Policy, Statement

_STREAM_LABEL = re.compile("/stream/.+")
_NO_CONTEXT = Context({})
_SERVICE = "dynamodb:"


def least_privilege_policy(used: Mapping[tuple[str, str], set[int]]) -> dict[str, Any]:
    """Return the policy document that allows exactly these actions on these resources."""
    actions: dict[str, set[str]] = defaultdict(set)
    for action, resource in used:
        actions[_STREAM_LABEL.sub("/stream/*", resource)].add(action)
    resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource in sorted(actions):
        resources[tuple(sorted(actions[resource]))].append(resource)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": _one_or_list(names), "Resource": _one_or_list(arns)}
            for names, arns in resources.items()
        ],
    }


def _one_or_list(texts: Sequence[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def unused(policies: Iterable[Policy], used: Mapping[tuple[str, str], set[int]]) -> list[str]:
    """Return the unused actions and resources of statements."""
    return [
        f"{policy.name}, statement {number}: {line}"
        for policy in policies
        for number, statement in enumerate(policy.statements, start=1)
        if statement.is_allow and not statement.is_not_action
        for line in _unused(statement, used)
    ]


def _unused(statement: Statement, used: Mapping[tuple[str, str], set[int]]) -> Iterator[str]:
    by_it = [each for each, statements in used.items() if id(statement) in statements]
    for name, pattern in zip(statement.action_names, statement.actions, strict=True):
        if not _is_of_service(name):
            continue
        found = {action for action, _ in by_it if pattern.matches(action.lower(), _NO_CONTEXT)}
        if not found:
            yield name
        elif "*" in name or "?" in name:
            yield f"{name}, apart from {', '.join(sorted(found))}"
    if by_it and not statement.is_not_resource:
        for arn in statement.resources:
            if "${" not in arn.text and not any(
                arn.matches(resource, _NO_CONTEXT) for _, resource in by_it
            ):
                yield arn.text


def _is_of_service(action: str) -> bool:
    service = action.lower().partition(":")[0]
    return action == "*" or f"{service}:" == _SERVICE


def report(arn: str, least: str, unused_lines: Sequence[str], refused: Sequence[str]) -> str:
    """Return a report of a principal."""
    lines = [arn, "needed:", *(f"  {line}" for line in least.splitlines())]
    for title, found in (("allowed and not used:", unused_lines), ("refused:", refused)):
        if found:
            lines += [title, *(f"  {line}" for line in dict.fromkeys(found))]
    return "\n".join(lines)
