"""Errors of the service by their codes, with the members that fit a call.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal import arns, limits
from ddbmock._internal.access.authorization import SERVICE, accesses
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.access.throttling import (
    Cause,
    ThrottledResource,
    is_write,
    on_demand_error,
    provisioned_error,
    reason_of,
)
from ddbmock._internal.access.writes import Write
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.errors import (
    AccessDeniedError,
    RequestLimitExceededError,
    ServiceError,
    ThrottlingError,
)
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.messages import policies as policy_messages
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import throttling as throttling_messages
from ddbmock._internal.policies.evaluation import not_allowed
from ddbmock._internal.service_model import SERVICE_NAMES, service_model

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Intent

#: A reason of a throttled call, or of a cancelled transaction: a code, or all members.
GivenReason = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Injected:
    """The error of a fault: its code, and the details that the test gives."""

    code: str
    #: Replaces the service's text.
    message: str | None = None
    #: Replaces the reasons that fit the call.
    reasons: Sequence[GivenReason] = ()

    def make(self, call: Call, affected: Sequence[Intent]) -> ServiceError:
        """Return the error of a call with these affected actions."""
        error = ERRORS[self.code](self, call, affected)
        if self.message is not None:
            error.message = self.message
        error.is_injected = True
        return error


Maker = Callable[[Injected, "Call", "Sequence[Intent]"], ServiceError]


@lru_cache
def operations_with(code: str) -> frozenset[str]:
    """Return the operations that have an error in botocore's model; empty for all of them.

    >>> sorted(operations_with("TransactionInProgressException"))
    ['ExecuteTransaction', 'TransactWriteItems']
    """
    if code in _OF_EVERY_OPERATION:
        return frozenset()
    found: set[str] = set()
    for service_name in SERVICE_NAMES:
        model = service_model(service_name)
        for name in model.operation_names:
            shapes = model.operation_model(name).error_shapes
            if any(shape.name == code for shape in shapes):
                found.add(name)
    return frozenset(found)


# --- throttling --------------------------------------------------------------------------------


def resource_of(call: Call, intent: Intent) -> ThrottledResource | None:
    """Return the table or index of an action; None for one without a table."""
    if intent.table_name is None:
        return None
    name = arns.table_name_of(intent.table_name)
    table = call.region.tables.get(name)
    index_name = intent.index_name
    if table is not None and index_name is not None:
        index = table.indexes.get(index_name)
        if index is not None and not index.is_global:
            index_name = None  # a local index draws on its table
    is_on_demand = table is not None and table.settings.billing_mode == ON_DEMAND
    return ThrottledResource(name, index_name, is_write=is_write(intent), is_on_demand=is_on_demand)


def _reasons(
    injected: Injected, call: Call, resource: ThrottledResource | None, cause: Cause
) -> list[dict[str, str]]:
    """Return the throttling reasons: those that are given, or the one that fits the call."""
    if resource is None:
        return [dict(reason) for reason in injected.reasons if isinstance(reason, Mapping)]
    fitting = reason_of(call.region, resource, cause)
    return [
        dict(reason) if isinstance(reason, Mapping) else {**fitting, "reason": reason}
        for reason in injected.reasons
    ] or [fitting]


def _first_place(call: Call, affected: Sequence[Intent]) -> ThrottledResource | None:
    return next(filter(None, (resource_of(call, intent) for intent in affected)), None)


def _provisioned(injected: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    resource = _first_place(call, affected)
    reasons = _reasons(injected, call, resource, Cause.PROVISIONED)
    return provisioned_error(
        reasons, of_index=resource is not None and resource.index_name is not None
    )


def _throttling(injected: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    if call.operation.plane is not Plane.DATA:
        changes = call.operation.plane is Plane.CONTROL and not call.operation.name.startswith(
            ("Describe", "List", "Get")
        )
        return ThrottlingError(
            throttling_messages.CONTROL_PLANE_RATE_EXCEEDED
            if changes
            else throttling_messages.RATE_EXCEEDED
        )
    resource = _first_place(call, affected)
    reasons = _reasons(injected, call, resource, Cause.KEY_RANGE)
    return on_demand_error(
        reasons, of_index=resource is not None and resource.index_name is not None
    )


def _account_limit(injected: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    reasons = _reasons(injected, call, _first_place(call, affected), Cause.ACCOUNT)
    return RequestLimitExceededError(
        throttling_messages.ACCOUNT_LIMIT_EXCEEDED, ThrottlingReasons=reasons
    )


# --- transactions and conditions ---------------------------------------------------------------

#: Code of a cancellation reason -> its text.
REASON_TEXTS = {
    "ConditionalCheckFailed": item_messages.CONDITIONAL_REQUEST_FAILED,
    "DuplicateItem": partiql_messages.DUPLICATE_ITEM,
    "ItemCollectionSizeLimitExceeded": throttling_messages.COLLECTION_SIZE_EXCEEDED,
    "ProvisionedThroughputExceeded": throttling_messages.TABLE_PROVISIONED_EXCEEDED,
    "ThrottlingError": throttling_messages.TABLE_ON_DEMAND_EXCEEDED,
    "TransactionConflict": throttling_messages.TRANSACTION_CONFLICT,
    "ValidationError": item_messages.UPDATED_ITEM_TOO_LARGE,
}


def _cancelled(injected: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    """Return a cancelled transaction whose affected actions conflict, unless reasons are given."""
    actions = call.intent.actions if call.intent is not None else ()
    if injected.reasons:
        given = [*injected.reasons][: len(actions)]
        reasons = [_cancellation_reason(reason) for reason in given]
        reasons += [{"Code": "None"}] * (len(actions) - len(reasons))
    else:
        first = affected[:1] if len(affected) == len(actions) else affected
        conflict = _cancellation_reason("TransactionConflict")
        reasons = [
            conflict if any(action is one for one in first) else {"Code": "None"}
            for action in actions
        ]
    codes = [reason["Code"] for reason in reasons]
    error = _class_of("TransactionCanceledException", message_member="Message")
    return error(item_messages.transaction_cancelled(codes), CancellationReasons=reasons)


def _cancellation_reason(given: GivenReason) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    if given == "None":
        return {"Code": "None"}
    return {"Code": given, "Message": REASON_TEXTS[given]}


def _condition_failed(_: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    """Return a failed condition, with the item if the request wants it."""
    error = _class_of("ConditionalCheckFailedException")
    members: dict[str, Any] = {}
    write = affected[0]
    if (
        isinstance(write, Write)
        and write.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    ):
        table = call.region.tables.get(arns.table_name_of(write.table_name))
        stored = None if table is None else table.items.get(write.locate(table))
        if stored is not None:
            members["Item"] = stored.load()
    return error(item_messages.CONDITIONAL_REQUEST_FAILED, **members)


# --- access ------------------------------------------------------------------------------------


def _access_denied(_: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    """Return a refusal of the first affected action by the caller's policies."""
    caller = call.caller_or_default()
    for part in affected:
        for access in accesses(call.operation, part, call.home, caller):
            return access.refusal(not_allowed(access.request.action))
    action = f"{SERVICE}:{call.operation.iam_action or call.operation.name}"
    reason = not_allowed(action).reason
    return AccessDeniedError(policy_messages.access_denied(caller.arn, action, "*", reason))


def _in_use(_: Injected, call: Call, affected: Sequence[Intent]) -> ServiceError:
    """Return a conflict with another client that has created the table, or is changing it."""
    names = [intent.table_name for intent in affected if intent.table_name is not None]
    text = table_messages.RESOURCE_IN_USE
    if names:
        table = arns.table_name_of(names[0])
        text = (
            table_messages.table_exists(table)
            if call.operation.name == "CreateTable"
            else table_messages.in_use(table_messages.TABLE_IS_UPDATED, table=table)
        )
    return _class_of("ResourceInUseException")(text)


# --- all codes ---------------------------------------------------------------------------------

_COMMON = "com.amazon.coral.service#"


@lru_cache
def _class_of(
    code: str,
    http_status: int = 400,
    type_prefix: str = ServiceError.type_prefix,
    message_member: str = "message",
) -> type[ServiceError]:
    """Return the class of errors with a code."""
    attributes = {
        "code": code,
        "http_status": http_status,
        "type_prefix": type_prefix,
        "message_member": message_member,
    }
    return type(code, (ServiceError,), attributes)


def _plain(code: str, text: str, **details: Any) -> Maker:
    """Return the factory of an error that has a text only."""

    def make(text: str, *_: object) -> ServiceError:
        return _class_of(code, **details)(text)

    return partial(make, text)


#: Code -> the factory of the error.
ERRORS: dict[str, Maker] = {
    "AccessDeniedException": _access_denied,
    "ConditionalCheckFailedException": _condition_failed,
    "DuplicateItemException": _plain("DuplicateItemException", partiql_messages.DUPLICATE_ITEM),
    "ExpiredIteratorException": _plain(
        "ExpiredIteratorException", stream_messages.SHARD_ITERATOR_EXPIRED
    ),
    "ExpiredTokenException": _plain(
        "ExpiredTokenException", throttling_messages.EXPIRED_SECURITY_TOKEN, type_prefix=_COMMON
    ),
    "IdempotentParameterMismatchException": _plain(
        "IdempotentParameterMismatchException",
        item_messages.IDEMPOTENT_MISMATCH,
        message_member="Message",
    ),
    "InvalidSignatureException": _plain(
        "InvalidSignatureException", throttling_messages.WRONG_SIGNATURE, type_prefix=_COMMON
    ),
    "InternalServerError": _plain(
        "InternalServerError", throttling_messages.INTERNAL_SERVER_ERROR, http_status=500
    ),
    "ItemCollectionSizeLimitExceededException": _plain(
        "ItemCollectionSizeLimitExceededException", throttling_messages.COLLECTION_SIZE_EXCEEDED
    ),
    "LimitExceededException": _plain(
        "LimitExceededException",
        throttling_messages.too_many_changes(limits.CONTROL_OPERATIONS_MAX),
    ),
    "ProvisionedThroughputExceededException": _provisioned,
    "ReplicatedWriteConflictException": _plain(
        "ReplicatedWriteConflictException", throttling_messages.REPLICATED_WRITE_CONFLICT
    ),
    "RequestLimitExceeded": _account_limit,
    "ResourceInUseException": _in_use,
    "ResourceNotFoundException": _plain(
        "ResourceNotFoundException", item_messages.RESOURCE_NOT_FOUND
    ),
    "ServiceUnavailable": _plain(
        "ServiceUnavailable", throttling_messages.SERVICE_UNAVAILABLE, http_status=503
    ),
    "ThrottlingException": _throttling,
    "TransactionCanceledException": _cancelled,
    "TransactionConflictException": _plain(
        "TransactionConflictException", throttling_messages.TRANSACTION_CONFLICT
    ),
    "TransactionInProgressException": _plain(
        "TransactionInProgressException",
        throttling_messages.TRANSACTION_IN_PROGRESS,
        message_member="Message",
    ),
    "UnrecognizedClientException": _plain(
        "UnrecognizedClientException",
        throttling_messages.INVALID_SECURITY_TOKEN,
        type_prefix=_COMMON,
    ),
}
#: Codes that the model lacks, or describes incompletely.
_OF_EVERY_OPERATION = frozenset({
    "AccessDeniedException",
    "ExpiredTokenException",
    "InternalServerError",
    "InvalidSignatureException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ServiceUnavailable",
    "ThrottlingException",
    "UnrecognizedClientException",
})  # fmt: skip
