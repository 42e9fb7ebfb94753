"""The accesses of a call in the terms of IAM: actions, resources, and condition keys.

1. An action of a request that has its own IAM action (a statement, a part of a transaction) is
   decided separately; a batch is decided once for each table.
2. Reading an index requires permission for the index alone.
3. The values of condition keys are computed when a policy uses them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ddbmock._internal.access.intent import READ_ACTIONS
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import Arn, Namespace, index_arn, is_arn, parse, table_name_of
from ddbmock._internal.errors import AccessDeniedError
from ddbmock._internal.messages import policies as messages
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.documents import Policy
from ddbmock._internal.policies.evaluation import AccessRequest, PolicySet, decide
from ddbmock._internal.times import iso_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.access.intent import Intent, Request
    from ddbmock._internal.access.operation import Operation
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import AttributeValue
    from ddbmock._internal.policies.callers import Caller
    from ddbmock._internal.policies.context import Values
    from ddbmock._internal.policies.evaluation import Decision

SERVICE = "dynamodb"
#: The caller's own policies, where none are attached: they allow everything.
NO_POLICIES = PolicySet()
#: Condition key of partition key attributes by their number.
_PARTITION_KEYS = (
    ("dynamodb:leadingkeys", "dynamodb:firstpartitionkeyvalues"),
    ("dynamodb:secondpartitionkeyvalues",),
    ("dynamodb:thirdpartitionkeyvalues",),
    ("dynamodb:fourthpartitionkeyvalues",),
)
#: The parameters that name the resource of an operation of the control plane, in this order.
_RESOURCE_PARAMETERS = (
    *("TableName", "ResourceArn", "BackupArn", "TableArn", "SourceTableArn", "SourceTableName"),
    *("ExportArn", "ImportArn", "BulkOperationArn"),
)
#: The actions that a restore requires on the table that it creates.
_RESTORING = (
    "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
)  # fmt: skip
#: The actions that a change of replicas requires in the region of the replica.
_REPLICATING = {
    "Create": (
        *("CreateTable", "CreateTableReplica", "Query", "Scan", "GetItem", "PutItem"),
        *("UpdateItem", "DeleteItem", "BatchWriteItem"),
    ),
    "Delete": ("DeleteTable", "DeleteTableReplica"),
}
#: The condition keys of `_global_keys` that are equal for all calls of a region and account.
REGION_KEYS = frozenset({
    *("aws:requestedregion", "aws:securetransport", "aws:viaawsservice", "aws:resourceaccount"),
})  # fmt: skip
_RETURNING = frozenset({
    *("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    *("PartiQLUpdate", "PartiQLDelete"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """One action of a call on one resource."""

    request: AccessRequest
    #: The part of the call.
    intent: Intent
    resource_policy: Policy | None

    def decide(self, policies: PolicySet) -> Decision:
        """Return whether policies of the caller and of the resource allow it."""
        return decide(self.request, policies, self.resource_policy)

    def refusal(self, decision: Decision) -> AccessDeniedError:
        """Return the error for an action that is not allowed."""
        request = self.request
        return AccessDeniedError(
            messages.access_denied(
                request.caller.arn, request.action, request.resource, decision.reason
            )
        )


def accesses(operation: Operation, intent: Intent, region: Region, caller: Caller) -> list[Access]:
    """Return the accesses of a call, in the order of the request.

    Args:
        operation: The operation that is called.
        intent: The intent of its request.
        region: The region of the caller.
        caller: The caller.
    """
    return [
        access
        for part in intent.actions
        for access in _accesses_of_part(operation, part, intent.request, region, caller)
    ]


def check_other_accounts(
    operation: Operation, intent: Intent, region: Region, caller: Caller
) -> None:
    """Check that resource policies allow what a call does in other accounts than the caller's.

    Raises:
        AccessDeniedError: One of them does not.
    """
    for access in accesses(operation, intent, region, caller):
        if access.request.owner_id != caller.account_id:
            decision = access.decide(NO_POLICIES)
            if not decision.is_allowed:
                raise access.refusal(decision)


def _accesses_of_part(
    operation: Operation, part: Intent, call_request: Request, region: Region, caller: Caller
) -> Iterator[Access]:
    action = part.iam_action or operation.iam_action or operation.name
    resource = _resource(operation, part, region)
    required = [(action, resource), *((also, resource) for also in part.also_needed())]
    index_name = part.request.get("IndexName")
    if operation.plane is Plane.CONTROL and index_name is not None:
        required.append((action, index_arn(resource, index_name)))
    if operation.plane is Plane.CONTROL:
        required += _other_resources(part.request, region)
    for name, resource_arn in required:
        arn = _arn_of(resource_arn)
        owner = _owner(region, arn)
        is_table = arn is not None and arn.kind == "table"
        table = owner.tables.get(arn.name) if arn is not None and is_table else None
        context = _context(operation, part, call_request, name, caller, owner, table)
        request = AccessRequest(
            caller, f"{SERVICE}:{name}", resource_arn, owner.account_id, context
        )
        policy = None if table is None or arn is None else _resource_policy(table, arn)
        yield Access(request, part, policy)


# --- resources -----------------------------------------------------------------------------------


def _resource(operation: Operation, part: Intent, region: Region) -> str:
    """Return the ARN of the resource of a part of a call."""
    name = part.table_name
    if operation.plane is Plane.STREAMS and (name is None or not is_arn(name)):
        return f"{region.arns.table(name or '*')}/stream/*"
    if operation.plane is Plane.CONTROL:
        return _managed_resource(operation, part.request, region)
    if name is None:
        return "*"
    arn = name if is_arn(name) else table_arn(region.arns, name)
    return arn if part.index_name is None else index_arn(arn, part.index_name)


@lru_cache(maxsize=1024)
def table_arn(arns: Namespace, name: str) -> str:
    """Return the ARN of a table, which is formatted once."""
    return arns.table(name)


def _managed_resource(operation: Operation, request: Request, region: Region) -> str:
    """Return the ARN of the resource of an operation of the control plane."""
    if operation.name.startswith("List") and "ResourceArn" not in request:
        return region.arns.table("*")  # also where it lists what belongs to one table
    if request.get("GlobalTableName") is not None:
        return region.arns.global_table(request["GlobalTableName"])
    created = request.get("TableCreationParameters") or {}
    named = (*(request.get(name) for name in _RESOURCE_PARAMETERS), created.get("TableName"))
    found: str | None = next((name for name in named if name is not None), None)
    if found is None:
        return "*"
    return found if is_arn(found) else region.arns.table(found)


def _other_resources(request: Request, region: Region) -> Iterator[tuple[str, str]]:
    """Yield the actions that a request requires on other resources, with their ARNs."""
    target = request.get("TargetTableName")
    if target is not None:  # a table is restored
        for action in _RESTORING:
            yield action, region.arns.table(target)
    table_name = request.get("TableName")
    for update in request.get("ReplicaUpdates") or () if table_name is not None else ():
        for kind, actions in _REPLICATING.items():
            region_name = (update.get(kind) or {}).get("RegionName")
            if region_name is not None:
                arns = Namespace(region_name, region.account_id)
                arn = arns.table(table_name_of(str(table_name)))
                yield from ((action, arn) for action in actions)


_arn_of = lru_cache(maxsize=1024)(parse)


def _owner(region: Region, arn: Arn | None) -> Region:
    """Return the region and account that a resource belongs to."""
    if arn is None or arn.service != SERVICE or not arn.account_id or not arn.region_name:
        return region
    if arn.account_id == region.account_id and arn.region_name == region.name:
        return region
    return region.backend.region(arn.region_name, arn.account_id)


def _resource_policy(table: Table, arn: Arn) -> Policy | None:
    """Return the policy of the table or stream; that of the table covers its indexes too."""
    policies = table.settings.resource_policies
    if not policies:
        return None
    kind, _, label = arn.subresource.partition("/")
    if kind not in {"", "index", "stream"}:
        return None
    policy = policies.get(label if kind == "stream" else "")
    return None if policy is None or policy.document is None else _parsed(policy.document)


@lru_cache(maxsize=256)
def _parsed(document: str) -> Policy:
    return Policy.of(document, "resource policy")


# --- condition keys ------------------------------------------------------------------------------


def _context(  # noqa: PLR0913, PLR0917 (what condition keys are computed from)
    operation: Operation,
    part: Intent,
    call_request: Request,
    action: str,
    caller: Caller,
    owner: Region,
    table: Table | None,
) -> Context:
    values: Values = {}
    if operation.plane is Plane.DATA:
        _add_data_keys(values, operation, part, call_request, action, table)
    else:
        _add_request_tags(values, part.request)
    if table is not None and table.settings.tags:
        for key, value in table.settings.tags.items():
            values[f"aws:resourcetag/{key}".lower()] = value
    for name, given in caller.context.items():
        values[name.lower()] = given
    return Context.of(values, partial(_global_keys, caller, owner))


def _global_keys(caller: Caller, owner: Region) -> Values:
    """Return the condition keys of all services, which are about the caller and the region."""
    clock = owner.backend.clock
    return {
        **caller.keys,
        "aws:requestedregion": owner.name,
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:resourceaccount": owner.account_id,
        "aws:currenttime": lambda: iso_seconds(clock.seconds()),
        "aws:epochtime": lambda: str(int(clock.seconds())),
    }


def _add_request_tags(values: Values, request: Request) -> None:
    # An operation may refuse a tag without a key or a value only afterwards.
    given = [tag for tag in request.get("Tags") or () if "Key" in tag]
    for tag in given:
        values[f"aws:requesttag/{tag['Key']}".lower()] = tag.get("Value", "")
    keys = (*(tag["Key"] for tag in given), *(request.get("TagKeys") or ()))
    if keys:
        values["aws:tagkeys"] = keys


def _add_data_keys(  # noqa: PLR0913, PLR0917 (as above)
    values: Values,
    operation: Operation,
    part: Intent,
    call_request: Request,
    action: str,
    table: Table | None,
) -> None:
    schema = _schema(part, table)
    values["dynamodb:attributes"] = lambda: tuple(sorted(part.attributes())) or None
    values["dynamodb:returnconsumedcapacity"] = call_request.get("ReturnConsumedCapacity", "NONE")
    values["dynamodb:enclosingoperation"] = operation.name if operation.is_transaction else None
    if schema is not None:
        for number, names in enumerate(_PARTITION_KEYS[: len(schema.partition_names)]):
            for name in names:
                values[name] = partial(_key_values, part, schema, number)
    if action in READ_ACTIONS:
        values["dynamodb:select"] = part.selects
    if action in _RETURNING:
        values["dynamodb:returnvalues"] = part.returns
    if action == "PartiQLSelect":
        values["dynamodb:fulltablescan"] = lambda: _full_scan(part, schema)


def _schema(part: Intent, table: Table | None) -> KeySchema | None:
    source = None if table is None else table.sources.get(part.index_name)
    return None if source is None else source.key_schema


def _leading_keys(_: Request, part: Intent, table: Table) -> tuple[str, ...] | None:
    """Return the value of `dynamodb:LeadingKeys`, None if the part fixes no partition key."""
    source = table.sources.get(part.index_name)
    return None if source is None else _key_values(part, source.key_schema, 0)


#: Returns what the value of a condition key depends on besides the operation, without a context.
#: Gets the request, the part of the call, and its table.
QuickValue: TypeAlias = "Callable[[Request, Intent, Table], object]"
#: Condition key -> its quick value.
QUICK_VALUES: dict[str, QuickValue] = {
    "dynamodb:leadingkeys": _leading_keys,
    "dynamodb:firstpartitionkeyvalues": _leading_keys,
    "dynamodb:attributes": lambda _, part, __: frozenset(part.attributes()),
    "dynamodb:select": lambda _, part, __: part.selects(),
    "dynamodb:returnvalues": lambda _, part, __: part.returns(),
    "dynamodb:returnconsumedcapacity": lambda request, *_: request.get("ReturnConsumedCapacity"),
    "dynamodb:enclosingoperation": lambda *_: None,
}


def _key_values(part: Intent, schema: KeySchema, number: int) -> tuple[str, ...] | None:
    """Return the values of a partition key attribute as texts; None if the part fixes none."""
    name, keys = schema.partition_names[number], part.fixed_keys(schema)
    if len(keys) == 1:  # as of most parts
        value = keys[0].get(name)
        return None if value is None else (_text(value),)
    texts = [_text(key[name]) for key in keys if name in key]
    return tuple(dict.fromkeys(texts)) or None


def _text(value: AttributeValue) -> str:
    """Return a key as text: a number in decimal digits, binary as base64."""
    content: Any = next(iter(value.values()))
    return b64encode(content).decode() if isinstance(content, bytes) else str(content)


def _full_scan(part: Intent, schema: KeySchema | None) -> str | None:
    if schema is None:
        return None
    return "false" if _key_values(part, schema, 0) else "true"
